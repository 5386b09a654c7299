import { execFile, spawn } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { atExit, freePort, tempFolder } from '../support/places.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const modules = join(root, 'node_modules')

/** What programs in the documents import besides the package itself. */
const packages = [
  '@hono/node-server',
  '@nestjs/common',
  '@nestjs/core',
  '@types/better-sqlite3',
  '@types/express',
  '@types/koa',
  '@types/node',
  '@types/pg',
  '@types/react',
  '@types/react-dom',
  'better-sqlite3',
  'express',
  'fastify',
  'hono',
  'koa',
  'pg',
  'react',
  'react-dom',
  'reflect-metadata',
  'vitest',
]

/** The types of Next, which is too large for every clone. What runs with it is in `test/packaging/next.test.ts`. */
const next = {
  'package.json': JSON.stringify({ name: 'next', type: 'module', exports: { types: './index.d.ts' } }),
  'index.d.ts': `import type { RequestListener } from 'node:http'
    export default function next(options: { dev?: boolean }): { prepare(): Promise<void>; getRequestHandler(): RequestListener }`,
}

export interface Consumer extends AsyncDisposable {
  readonly path: string
  write(file: string, code: string): Promise<string>
  /** Runs a program of this folder to its end. */
  run(file: string, env?: Readonly<Record<string, string>>): Promise<{ readonly stdout: string; readonly stderr: string }>
  /** Runs commands in this folder; `npx windi-chat` is the built program. */
  shell(code: string, env?: Readonly<Record<string, string>>): Promise<{ readonly stdout: string; readonly stderr: string }>
  /** Starts a program that serves at `PORT`. */
  serve(file: string): Promise<{ readonly url: string; stop(): void }>
}

/** A folder with a program that uses the package as it was built, and the packages that the documents name. */
export async function consumer(): Promise<Consumer> {
  const folder = await tempFolder('windi-chat-docs')
  await writeFile(join(folder.path, 'package.json'), JSON.stringify({ name: 'somebody', private: true, type: 'module' }))
  const link = async (name: string, target: string) => {
    const place = join(folder.path, 'node_modules', name)
    await mkdir(dirname(place), { recursive: true })
    await symlink(target, place, 'junction')
  }
  for (const name of ['windi-chat', '@windi-chat/server']) await link(name, join(root, 'dist-packages/node_modules', name))
  for (const name of packages) await link(name, join(modules, name))
  for (const [file, text] of Object.entries(next)) await written(join(folder.path, 'node_modules/next', file), text)
  const env = (own: Readonly<Record<string, string>> = {}) => ({ PATH: process.env.PATH, HOME: folder.path, RATE_LIMITS: 'off', ...own })
  const run = promisify(execFile)

  return {
    path: folder.path,
    async write(file, code) {
      await written(join(folder.path, file), code)
      return file
    },
    run: (file, own) => run(process.execPath, [file], { cwd: folder.path, env: env(own) }),
    shell: (code, own) =>
      run(
        'bash',
        ['-euo', 'pipefail', '-c', code.replaceAll('npx windi-chat', `"${process.execPath}" "${join(root, 'dist/main/cli.js')}"`)],
        {
          cwd: folder.path,
          env: env(own),
        },
      ),
    async serve(file) {
      const port = await freePort()
      const child = spawn(process.execPath, [file], { cwd: folder.path, env: env({ PORT: String(port) }), stdio: 'inherit' })
      const forget = atExit(() => child.kill('SIGKILL'))
      const stop = () => {
        forget()
        child.kill('SIGKILL')
      }
      return { url: `http://127.0.0.1:${port}`, stop }
    },
    [Symbol.asyncDispose]: () => folder.remove(),
  }
}

async function written(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}
