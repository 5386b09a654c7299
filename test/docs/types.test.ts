import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { blocksOf, documents, isDerived } from './blocks.ts'
import { consumer } from './consumer.ts'

const examples = fileURLToPath(new URL('../../examples/', import.meta.url))
const tsc = fileURLToPath(new URL('../../node_modules/.bin/tsc', import.meta.url))
const compilerOptions = {
  module: 'nodenext',
  target: 'es2024',
  lib: ['es2024', 'dom', 'dom.iterable'],
  types: ['node'],
  jsx: 'react-jsx',
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
}

const isTypeScript = ({ language }: { readonly language: string }) => language === 'ts' || language === 'tsx'
const programs = documents()
  .filter((file) => !isDerived(file))
  .flatMap(blocksOf)
  .filter(isTypeScript)

/** What the compiler says of these files, against the types that the package exports. */
async function complaints(files: Readonly<Record<string, string>>): Promise<string> {
  await using somebody = await consumer()
  for (const [name, code] of Object.entries(files)) await somebody.write(name, code)
  await writeFile(join(somebody.path, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts', '*.tsx'] }))
  return await promisify(execFile)(tsc, ['-p', '.'], { cwd: somebody.path }).then(
    () => '',
    (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
  )
}

it('every block of TypeScript compiles against the built package', { timeout: 120_000 }, async () => {
  expect(programs.length).toBeGreaterThan(15)
  const files = programs.map(({ file, name, language, code }) => [`${file.replace(/\W+/g, '-')}-${name}.${language}`, code] as const)
  expect(await complaints(Object.fromEntries(files))).toBe('')
})

it('every example compiles against the built package', { timeout: 120_000 }, async () => {
  const names = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((name) => /(?<!import[/\\].*)\.tsx?$/.test(name))
  expect(names.length).toBeGreaterThan(10)
  const files = names.map((name) => [name.replace(/[/\\]/g, '-'), readFileSync(join(examples, name), 'utf8')] as const)
  expect(await complaints(Object.fromEntries(files))).toBe('')
})

it('would notice one that does not', async () => {
  expect(await complaints({ 'wrong.ts': `import { embed } from 'windi-chat'\nembed(17)` })).toContain('wrong.ts(2,7): error TS')
})
