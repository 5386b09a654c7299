import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('../../', import.meta.url)

/** One fenced block of code: where it stands, its language, the word behind it, and the code. */
export interface Block {
  readonly file: string
  readonly language: string
  readonly name: string
  readonly code: string
}

/** Every document that people read here. */
export const documents = (): readonly string[] => [
  'README.md',
  'bench/RESULTS.md',
  ...readdirSync(new URL('docs/', root), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path.replaceAll('\\', '/')}`),
]

/** Written from the code, whose own tests run it. */
export const isDerived = (file: string): boolean => /^docs\/(reference\/.*|extend\/transcript|about\/mutants)\.md$/.test(file)

export function blocksOf(file: string): readonly Block[] {
  const text = readFileSync(fileURLToPath(new URL(file, root)), 'utf8')
  return [...text.matchAll(/^```(\w*) ?(\S*)[^\n]*\n(.*?)^```$/gms)].map(([, language = '', name = '', code = '']) => ({
    file,
    language,
    name,
    code,
  }))
}

export function block(file: string, name: string): string {
  const found = blocksOf(file).filter((each) => each.name === name)
  if (found.length !== 1) throw new Error(`${file} has ${found.length} blocks named ${name}`)
  return found[0]!.code
}
