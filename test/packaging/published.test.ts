import { execFile } from 'node:child_process'
import { readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { npmInstall } from '../support/npm-install.ts'
import type { TempFolder } from '../support/places.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../', import.meta.url))
const packages = join(root, 'dist-packages')
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }

/** Modules only: `require` of Node below 22 and resolution as of Node 10 are not promised. */
const NOT_PROMISED = new Set(['NoResolution node10', 'CJSResolvesToESM node16-cjs'])

describe.each([
  ['windi-chat', 'windi-chat'],
  ['@windi-chat/server', 'windi-chat-server'],
])('the package %s', (name, file) => {
  it('is as registries, bundlers and Node expect it', async () => {
    const { messages } = await publint({ pkgDir: join(packages, 'node_modules', name), strict: true })
    expect(messages).toEqual([])
  })

  it('has types that agree with what is loaded', { timeout: 60_000 }, async () => {
    const tarball = await readFile(join(packages, `${file}-${version}.tgz`))
    const result = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)))
    const problems = result.types
      ? result.problems.map((one) => `${one.kind} ${'resolutionKind' in one ? one.resolutionKind : ''}`)
      : ['no types']
    expect(problems.filter((problem) => !NOT_PROMISED.has(problem))).toEqual([])
  })
})

const program = `import { asId, type ChatEvent, embed, type HostTx, isRefusal, type Within } from 'windi-chat'
  import { memory } from 'windi-chat/memory'
  import { createAuth, createChat, isProblem } from 'windi-chat/client'
  const chat = embed(memory())
  export const anna = await chat.addPerson({ name: 'Anna' })
  export const sent = await chat.as(anna.userId).sendMessage({ chatId: asId('x'), clientMessageId: '1', text: 'x' })
  export const limit = (error: unknown) => isRefusal(error, 'text-too-long') && error.facts.limit
  export const inside = (tx: HostTx): Within => chat.within(tx)
  export const client = createChat({ url: '', auth: createAuth({ url: '' }) })
  export const code = (error: unknown) => isProblem(error) && error.code
  export type Event = ChatEvent`
const compilerOptions = {
  module: 'nodenext',
  target: 'es2022',
  lib: ['es2022', 'esnext.disposable'],
  types: [],
  strict: true,
  noEmit: true,
  skipLibCheck: false,
  preserveSymlinks: true,
}

describe('core and client, with every declaration checked', { timeout: 60_000 }, () => {
  let folder: TempFolder
  beforeAll(async () => {
    folder = await npmInstall('windi-chat-compilers', ['typescript-5-6@npm:typescript@5.6.3', 'typescript-5-9@npm:typescript@5.9.3'])
    await symlink(join(packages, 'node_modules/windi-chat'), join(folder.path, 'node_modules/windi-chat'), 'junction')
    await writeFile(join(folder.path, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.ts'] }))
  }, 120_000)
  afterAll(() => folder.remove())

  const compilers = [
    ['5.6', () => join(folder.path, 'node_modules/typescript-5-6/lib/tsc.js')],
    ['5.9', () => join(folder.path, 'node_modules/typescript-5-9/lib/tsc.js')],
    ['7', () => join(root, 'node_modules/@typescript/native/bin/tsc')],
  ] as const
  const complaints = async (tsc: string, code: string): Promise<string> => {
    await writeFile(join(folder.path, 'main.ts'), code)
    return run(process.execPath, [tsc, '-p', folder.path]).then(
      () => '',
      (error: { readonly stdout: string; readonly stderr: string }) => error.stdout + error.stderr,
    )
  }

  it.each(compilers)('compile under TypeScript %s', async (_, tsc) => {
    expect(await complaints(tsc(), program)).toBe('')
    expect(await complaints(tsc(), program.replace("clientMessageId: '1'", 'clientMessageId: 1'))).toContain('TS2322')
  })
})
