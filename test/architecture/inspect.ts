import { readdir, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import { bans, importRules, rooms, testRooms } from './rules.ts'

export interface Violation {
  readonly rule: string
  readonly where: string
}

export interface Inspection {
  /** The source files that were found, and those of them whose imports were read. */
  readonly files: readonly string[]
  readonly cruised: readonly string[]
  readonly violations: readonly Violation[]
  /** Every import of one source file by another. */
  readonly imports: readonly { readonly from: string; readonly to: string }[]
}

/** Holds the tree below `root` against all rules. */
export async function inspect(root: string): Promise<Inspection> {
  const files = await sourceFiles(root)
  const top = ['src', 'web'].filter((folder) => files.some((file) => file.startsWith(`${folder}/`)))
  const { modules, summary } = await readImports(root, top)
  const violations = [
    ...summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, where: `${from} → ${to}` })),
    ...files.filter(isHomeless).map((where) => ({ rule: 'room', where })),
    ...(await Promise.all(files.map((file) => breaches(root, file)))).flat(),
  ]
  const own = modules.filter(({ source }) => files.includes(source))
  return {
    files,
    cruised: own.map(({ source }) => source),
    violations,
    imports: own.flatMap(({ source, dependencies }) => dependencies.map(({ resolved }) => ({ from: source, to: resolved }))),
  }
}

async function sourceFiles(root: string): Promise<string[]> {
  const names = await Promise.all(['src', 'web', 'test'].map(async (top) => (await list(join(root, top))).map((name) => `${top}/${name}`)))
  return names.flat().filter((name) => /\.tsx?$/.test(name) && !/^test\/architecture\/planted\/|\/node_modules\//.test(name))
}

async function list(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true }).catch(() => [])
  return entries.map((name) => name.replaceAll(sep, '/'))
}

async function readImports(root: string, top: string[]): Promise<ICruiseResult> {
  const { output } = await cruise(top, {
    baseDir: root,
    validate: true,
    ruleSet: { forbidden: importRules },
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.js'],
    },
  })
  return output as ICruiseResult
}

const isHomeless = (file: string) =>
  ![...Object.values(rooms).map((room) => room.files), testRooms].some((room) => new RegExp(room).test(file))

async function breaches(root: string, file: string): Promise<Violation[]> {
  const text = await readFile(join(root, file), 'utf8')
  const code = bare(text)
  return Object.entries(bans)
    .filter(([, { files }]) => files.test(file))
    .flatMap(([rule, { pattern, except, inQuotes }]) =>
      [...(inQuotes ? uncommented(text) : code).matchAll(pattern)]
        .map(([found]) => `${file}: ${found.trim()}`)
        .filter((where) => !except?.test(where))
        .map((where) => ({ rule, where })),
    )
}

/** The code without comments and without what stands in quotes; templates stay, since they hold code. */
const bare = (text: string) =>
  text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*|`(?:\\.|[^`\\])*`|'(?!node:)(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, (part) =>
    part.startsWith('`') ? part : /^['"]/.test(part) ? "''" : '',
  )

const uncommented = (text: string) => text.replace(/^\s*(\/\*[\s\S]*?\*\/|\/\/.*)$|(?<!\S)\/\/.*$/gm, '')
