import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import ts from 'typescript'

export const FUNCTION_LINES = 70
export const FILE_LINES = 250

/** Lines of what is too long: of a file by its path, of a function by `path name`. */
export type Lengths = Readonly<Record<string, number>>

/** Everything among these files that is longer than it may be. */
export async function longIn(root: string, files: readonly string[]): Promise<Lengths> {
  const found = await Promise.all(files.map(async (file) => longOf(file, await readFile(join(root, file), 'utf8'))))
  return Object.fromEntries(found.flat())
}

function longOf(file: string, text: string): (readonly [string, number])[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS)
  const found: (readonly [string, number])[] = []
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line
  const lines = lineOf(source.end)
  if (lines > FILE_LINES) found.push([file, lines])
  function visit(node: ts.Node, name: string): void {
    const named = nameOf(node) ?? name
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const length = lineOf(node.end) - lineOf(node.getStart()) + 1
      if (length > FUNCTION_LINES) found.push([`${file} ${named}`, length])
    }
    node.forEachChild((child) => visit(child, named))
  }
  visit(source, 'default')
  return found
}

function nameOf(node: ts.Node): string | undefined {
  const isNaming = ts.isFunctionLike(node) || ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node)
  return isNaming && node.name && (ts.isIdentifier(node.name) || ts.isStringLiteral(node.name)) ? node.name.text : undefined
}

/** What is wrong when these lengths are held against the list of those that are allowed. */
export const grown = (lengths: Lengths, allowed: Lengths): string[] => [
  ...Object.entries(lengths).flatMap(([what, lines]) => {
    const most = allowed[what]
    if (most === undefined) return [`${what} has ${lines} lines: make it shorter`]
    return lines > most ? [`${what} has grown from ${most} to ${lines} lines: make it shorter`] : []
  }),
  ...Object.keys(allowed)
    .filter((what) => lengths[what] === undefined)
    .map((what) => `${what} is short enough by now: take it off the list`),
]
