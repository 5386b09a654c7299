import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { head, next } from './markdown.ts'

export interface Page {
  readonly title: string
  readonly question: string
  /** Entries of the package: the name to import, and the file behind it. */
  readonly entries: Readonly<Record<string, string>>
  readonly after: string
}

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What the entries of the package export: each name with its doc comment and its declaration. */
export function apiReferences(pages: Readonly<Record<string, Page>>): Readonly<Record<string, string>> {
  const files = Object.values(pages).flatMap(({ entries }) => Object.values(entries).map((file) => root + file))
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile).config, ts.sys, root)
  const program = ts.createProgram(files, options)
  const checker = program.getTypeChecker()
  const sectionOf = (name: string, file: string): string => {
    const source = program.getSourceFile(root + file)!
    const about = commentAt(source)
    const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(source)!)
    const parts = symbols.map((symbol) => exported(symbol, checker)).toSorted((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1))
    return [`## ${name}\n`, ...(about ? [`${about}\n`] : []), ...parts.map(({ text }) => text)].join('\n')
  }
  return Object.fromEntries(
    Object.entries(pages).map(([path, { title, question, entries, after }]) => [
      path,
      [
        head(title, question),
        Object.entries(entries)
          .map(([name, file]) => sectionOf(name, file))
          .join('\n'),
        next(after),
      ].join('\n'),
    ]),
  )
}

function exported(symbol: ts.Symbol, checker: ts.TypeChecker): { readonly name: string; readonly rank: number; readonly text: string } {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  // A schema and the type of its values may have one name: the type is the shape to show.
  const declaration = target.declarations!.find(isShape) ?? target.declarations![0]!
  const { name } = symbol
  const docs = ts.displayPartsToString(target.getDocumentationComment(checker))
  const example = target.getJsDocTags(checker).find((tag) => tag.name === 'example')
  const isValue = !isShape(declaration)
  const text = [
    `### ${name}\n`,
    ...(docs ? [`${docs.replaceAll('\n', ' ')}\n`] : []),
    `\`\`\`ts\n${declared(name, declaration, checker)}\n\`\`\`\n`,
    ...(example ? [`Example:\n\n\`\`\`ts\n${ts.displayPartsToString(example.text).trim()}\n\`\`\`\n`] : []),
  ].join('\n')
  return { name, rank: isValue ? 0 : 1, text }
}

const isShape = (node: ts.Node) => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)

/** A declaration without its body. */
function declared(name: string, node: ts.Declaration, checker: ts.TypeChecker): string {
  const flags =
    ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.WriteArrowStyleSignature | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope
  if (ts.isTypeAliasDeclaration(node) && /\bz\.(infer|output|input)</.test(node.type.getText()))
    return `type ${name} = ${checker.typeToString(checker.getTypeAtLocation(node), undefined, flags | ts.TypeFormatFlags.InTypeAlias)}`
  if (isShape(node)) return node.getText().replace(/^export /, '')
  if (ts.isFunctionDeclaration(node)) return signatureText(node)
  if (ts.isClassDeclaration(node))
    return node
      .getText()
      .replace(/^export /, '')
      .replace(/\{\n {4}[\s\S]*?\n {2}\}/g, '')
  if (ts.isVariableDeclaration(node) && node.initializer && ts.isArrowFunction(node.initializer))
    return `const ${name} = ${signatureText(node.initializer)}`
  const type = checker.typeToString(checker.getTypeAtLocation(node), undefined, flags)
  return type.length > 400 ? `const ${name}: { … }` : `const ${name}: ${type}`
}

/** From the name, or the parameters of an arrow function, to where the body begins. */
function signatureText(node: ts.FunctionDeclaration | ts.ArrowFunction): string {
  const end = ts.isArrowFunction(node) ? node.equalsGreaterThanToken.getStart() : node.body!.getStart()
  return node
    .getSourceFile()
    .text.slice(node.getStart(), end)
    .trim()
    .replace(/^export /, '')
}

/** The comment at the head of a file, which says what its entry contains. */
function commentAt(source: ts.SourceFile): string | undefined {
  const [, text] = /^\s*\/\*\*([\s\S]*?)\*\//.exec(source.text) ?? []
  return text?.replace(/^\s*\* ?/gm, '').trim()
}
