import ts from 'typescript'

const flags = ts.TypeFlags
const WRITTEN_OUT =
  flags.StringLike |
  flags.NumberLike |
  flags.BooleanLike |
  flags.BigIntLike |
  flags.Null |
  flags.Undefined |
  flags.Unknown |
  flags.Any |
  flags.Never |
  flags.Void

/**
 * The types that a module exports, written without the library that made them: `{ readonly id: string }` where the source says
 * `z.infer<typeof User>`. A type with one parameter, a key, becomes a table. What has no plain form is left out.
 */
export function plainTypes(files: readonly string[], options: ts.CompilerOptions): ReadonlyMap<string, string> {
  const aliases = files.flatMap((file) => exportedAliases(file, options))
  const probe = `${process.cwd()}/plain-types-probe.ts`
  const keysOf = keysOfParameters(aliases, probe, options)
  const asked = aliases.flatMap((alias): Asked[] =>
    alias.parameter === undefined ? [{ alias, key: undefined }] : keysOf(alias).map((key) => ({ alias, key })),
  )
  const { checker, types } = probed(
    probe,
    asked.map(({ alias: { file, name }, key }) => `import('${file}').${name}${key === undefined ? '' : `<'${key}'>`}`),
    options,
  )
  const written = new Map<string, string[]>(files.map((file) => [file, []]))
  for (const alias of aliases) {
    const own = asked.flatMap((one, at) => (one.alias === alias ? [{ key: one.key, text: plain(types[at]!, checker) }] : []))
    if (own.some(({ text }) => text === undefined)) continue
    const lines = written.get(alias.file)!
    if (alias.parameter === undefined) lines.push(`export type ${alias.name} = ${own[0]!.text}`)
    else {
      const table = own.map(({ key, text }) => `  '${key}': ${text}`).join('\n')
      lines.push(
        `interface ${alias.name}Table {\n${table}\n}\nexport type ${alias.name}<T extends keyof ${alias.name}Table> = ${alias.name}Table[T]`,
      )
    }
  }
  return new Map([...written].map(([file, lines]) => [file, `${lines.join('\n')}\nexport {}\n`]))
}

interface Asked {
  readonly alias: Alias
  readonly key: string | undefined
}
interface Alias {
  readonly file: string
  readonly name: string
  /** What its one parameter extends. */
  readonly parameter: string | undefined
}

function exportedAliases(file: string, options: ts.CompilerOptions): Alias[] {
  const source = ts.createSourceFile(file, ts.sys.readFile(file)!, options.target ?? ts.ScriptTarget.ES2024)
  return source.statements.flatMap((statement) => {
    if (!ts.isTypeAliasDeclaration(statement) || !statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return []
    const [parameter, ...more] = statement.typeParameters ?? []
    if (more.length > 0 || (parameter && !parameter.constraint)) return []
    return [{ file, name: statement.name.text, parameter: parameter?.constraint?.getText(source) }]
  })
}

/** The literal keys that each parameter may be. */
function keysOfParameters(aliases: readonly Alias[], probe: string, options: ts.CompilerOptions): (alias: Alias) => readonly string[] {
  const generic = aliases.filter(({ parameter }) => parameter !== undefined)
  const { types } = probed(
    probe,
    generic.map(({ file, parameter }) => `import('${file}').${parameter}`),
    options,
  )
  const keys = new Map(
    generic.map((alias, at) => [alias, partsOf(types[at]!).flatMap((part) => (part.isStringLiteral() ? [part.value] : []))] as const),
  )
  return (alias) => keys.get(alias)!
}

/** What the compiler makes of these types, in a file that exists for this alone. */
function probed(file: string, texts: readonly string[], options: ts.CompilerOptions) {
  const code = texts.map((text, at) => `export type P${at} = ${text}`).join('\n')
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists, readFile } = host
  host.fileExists = (name) => name === file || fileExists(name)
  host.readFile = (name) => (name === file ? code : readFile(name))
  host.getSourceFile = (name, target, ...rest) =>
    name === file ? ts.createSourceFile(name, code, target) : getSourceFile(name, target, ...rest)
  const program = ts.createProgram([file], options, host)
  const checker = program.getTypeChecker()
  const types = program.getSourceFile(file)!.statements.map((statement) => checker.getTypeAtLocation(statement))
  return { checker, types }
}

const partsOf = (type: ts.Type): readonly ts.Type[] => (type.isUnion() ? type.types : [type])

/** Undefined where a part is neither a value of JSON nor made of such. */
function plain(type: ts.Type, checker: ts.TypeChecker, depth = 0): string | undefined {
  const inner = (part: ts.Type) => plain(part, checker, depth + 1)
  if (depth > 24) return undefined
  if (type.flags & WRITTEN_OUT)
    return checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias)
  // A branded value: what it is without its brand.
  const [first] = type.isIntersection() ? type.types.filter((part) => part.flags & WRITTEN_OUT) : []
  if (first) return inner(first)
  if (type.isUnion()) return all(type.types.map(inner), (texts) => [...new Set(texts.map(bracketed))].join(' | '))
  if (checker.isTupleType(type))
    return all(checker.getTypeArguments(type as ts.TypeReference).map(inner), (texts) => `readonly [${texts.join(', ')}]`)
  if (checker.isArrayType(type))
    return all(checker.getTypeArguments(type as ts.TypeReference).map(inner), ([item]) => `${bracketed(item!)}[]`)
  if (
    !(type.flags & (flags.Object | flags.Intersection)) ||
    type.getCallSignatures().length > 0 ||
    type.getConstructSignatures().length > 0
  )
    return undefined
  if (type.getProperties().some((property) => checker.getTypeOfSymbol(property).getCallSignatures().length > 0)) return undefined
  const members = [
    ...checker
      .getIndexInfosOfType(type)
      .map(({ keyType, type: value }) => all([inner(keyType), inner(value)], ([key, text]) => `[key: ${key}]: ${text}`)),
    ...type.getProperties().map((property) => {
      const text = inner(checker.getTypeOfSymbol(property))
      const mark = property.flags & ts.SymbolFlags.Optional ? '?' : ''
      return text === undefined ? undefined : `'${property.name}'${mark}: ${text}`
    }),
  ]
  return all(members, (texts) => `{ ${texts.join('; ')} }`)
}

const bracketed = (text: string): string => (/[|&]/.test(text) && !/^[{[].*[}\]]$/.test(text) ? `(${text})` : text)

const all = (texts: readonly (string | undefined)[], make: (texts: readonly string[]) => string): string | undefined =>
  texts.every((text) => text !== undefined) ? make(texts) : undefined
