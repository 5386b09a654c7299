import { execFileSync } from 'node:child_process'
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { cut, reached } from './packages/cut.ts'
import { plainTypes } from './packages/plain-types.ts'

/**
 * Cuts the two packages from `dist`: `windi-chat` (core, memory, client, React), which needs no other package, and `@windi-chat/server`, which
 * has the rest and imports the core from the first, so that every module exists once. `--pack` makes their tarballs and prints the paths.
 */
const root = fileURLToPath(new URL('../', import.meta.url))
const dist = join(root, 'dist')
/** A folder in which each finds the other. */
const packages = join(root, 'dist-packages')
const CORE = 'windi-chat'
const SERVER = '@windi-chat/server'

const entries = {
  [CORE]: {
    '.': 'index',
    './memory': 'memory',
    './client': 'client/index',
    './client/admin': 'client/admin',
    './client/files': 'client/files',
    './client/mentions': 'client/mentions',
    './client/notices': 'client/notices',
    './client/order': 'client/order',
    './client/react': 'client/react',
    './client/react/content': 'client/react/content',
    './client/react/files': 'client/react/files',
  },
  [SERVER]: {
    '.': 'server',
    './auth': 'auth',
    './contracts': 'contracts/store',
    './database': 'mikro-orm',
    './files': 'files',
    './http': 'http',
    './testing': 'testing',
    './wire': 'wire',
    './ws': 'ws',
  },
} as const

/** Installed by whoever uses them. */
const optional = [
  '@nats-io/transport-node',
  '@mikro-orm/core',
  '@mikro-orm/postgresql',
  '@mikro-orm/sqlite',
  'nodemailer',
  'redis',
  'sharp',
  'vitest',
]

const project = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
const declared = (module: string) => readFile(join(dist, `${module}.d.ts`), 'utf8')
const whole = async (module: string) => `${await readFile(join(dist, `${module}.js`), 'utf8')}\n${await declared(module)}`
const folderOf = (name: string) => join(packages, 'node_modules', name, 'dist')

await rm(packages, { recursive: true, force: true })
const inCore = await cutCore()
await cutServer(inCore)
if (process.argv.includes('--pack')) for (const name of [CORE, SERVER]) process.stdout.write(`${pack(name)}\n`)

/** Answers the modules that `windi-chat` holds whole. */
async function cutCore(): Promise<ReadonlySet<string>> {
  const own = Object.values(entries[CORE])
  const instead = await withoutZod((await reached(own, whole)).modules)
  const isTyped = (module: string) => instead.has(`${module}.d.ts`)
  const { modules, packages: needed } = await reached(own, async (module) => instead.get(`${module}.d.ts`) ?? whole(module))
  const foreign = [...needed].filter((name) => name !== 'react')
  if (foreign.length > 0) throw new Error(`${CORE} needs no package, and imports ${foreign.join(', ')}`)
  const files = [...modules].flatMap((module) => (isTyped(module) ? [`${module}.d.ts`] : [`${module}.js`, `${module}.d.ts`]))
  await cut({ from: dist, to: folderOf(CORE), files, instead })
  await describe(CORE, {
    description: project.description,
    exports: { ...exportsOf(entries[CORE]), './internal/*': { types: './dist/*.d.ts', default: './dist/*.js' } },
    peerDependencies: { react: '>=18', ws: '>=8' },
    peerDependenciesMeta: { react: { optional: true }, ws: { optional: true } },
  })
  return new Set([...modules].filter((module) => !isTyped(module)))
}

/** The declarations of these modules that are made of zod's types, written out. */
async function withoutZod(modules: Iterable<string>): Promise<ReadonlyMap<string, string>> {
  const made: string[] = []
  for (const module of modules) if (/from ["']zod["']/.test(await declared(module))) made.push(join(root, 'src', `${module}.ts`))
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config, ts.sys, root)
  return new Map(
    [...plainTypes(made, options)].map(([file, written]) => [relative(join(root, 'src'), file).replace(/ts$/, 'd.ts'), written]),
  )
}

async function cutServer(core: ReadonlySet<string>): Promise<void> {
  const all = (await readdir(dist, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  const files = all
    .map((entry) => relative(dist, join(entry.parentPath, entry.name)))
    .filter((file) => !core.has(file.replace(/\.(js|d\.ts)$/, '')))
  await cut({ from: dist, to: folderOf(SERVER), files, placeOf: (module) => (core.has(module) ? `${CORE}/internal/${module}` : undefined) })
  const { '@mikro-orm/migrations': migrations, ...needed } = project.dependencies
  const dependencies = Object.fromEntries(Object.entries(needed).filter(([name]) => !optional.includes(name)))
  await describe(SERVER, {
    description: 'The chat service of windi-chat: HTTP, WebSocket, databases, the page, the command line.',
    bin: { 'windi-chat': './dist/main/cli.js' },
    exports: exportsOf(entries[SERVER]),
    dependencies: { [CORE]: project.version, ...dependencies },
    // Wants a newer Node than the rest: where that is missing, everything but the databases works.
    optionalDependencies: { '@mikro-orm/migrations': migrations },
    peerDependencies: Object.fromEntries(
      optional.map((name) => [name, name === 'vitest' ? '>=3' : `^${project.dependencies[name] ?? project.devDependencies[name]}`]),
    ),
    peerDependenciesMeta: Object.fromEntries(optional.map((name) => [name, { optional: true }])),
  })
}

function exportsOf(own: Readonly<Record<string, string>>) {
  const targets = Object.entries(own).map(([name, module]) => [name, { types: `./dist/${module}.d.ts`, default: `./dist/${module}.js` }])
  return { ...Object.fromEntries(targets), './package.json': './package.json' }
}

async function describe(name: string, own: object): Promise<void> {
  const { version, license, type, engines, keywords } = project
  const folder = join(packages, 'node_modules', name)
  const description = {
    name,
    version,
    license,
    type,
    engines,
    ...(keywords && { keywords }),
    sideEffects: false,
    files: ['dist', 'CHANGELOG.md'],
    ...own,
  }
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(description, null, 2)}\n`)
  for (const file of ['LICENSE', 'CHANGELOG.md']) await copyFile(join(root, file), join(folder, file))
  await copyFile(join(root, 'tools/packages', `${name.replace('@windi-chat/', '')}.md`), join(folder, 'README.md'))
}

function pack(name: string): string {
  const answer = execFileSync('npm', ['pack', '--json', '--pack-destination', packages], {
    cwd: join(packages, 'node_modules', name),
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const [{ filename }] = JSON.parse(answer) as [{ filename: string }]
  return join(packages, filename)
}
