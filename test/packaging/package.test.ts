import { execFile, spawn } from 'node:child_process'
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { block } from '../docs/blocks.ts'
import { freePort, type TempFolder, tempFolder } from '../support/places.ts'
import { startService } from '../support/service.ts'
import { eventually } from '../support/waiting.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../', import.meta.url))

/** The project as somebody gets it: packed, and installed into an empty folder, as the README says. */
describe('the package', () => {
  let parent: TempFolder
  let program: string

  beforeAll(async () => {
    parent = await tempFolder('windi-chat-package')
    program = join(parent.path, 'somebody')
    await mkdir(program)
    await writeFile(join(program, 'package.json'), JSON.stringify({ name: 'somebody', private: true, type: 'module' }))
    await symlink(root, join(parent.path, 'windi-chat'), 'junction')
    const settings = { ignore_scripts: 'true', prefer_offline: 'true', audit: 'false', fund: 'false' }
    const env = Object.fromEntries(Object.entries(settings).map(([name, value]) => [`npm_config_${name}`, value]))
    await run('bash', ['-euo', 'pipefail', '-c', block('README.md', 'install')], { cwd: program, env: { ...process.env, ...env } })
  }, 240_000)
  afterAll(() => parent?.remove())

  const node = (...args: string[]) => run(process.execPath, args, { cwd: program })
  const write = async (name: string, code: string) => {
    await writeFile(join(program, name), code)
    return name
  }

  it.each([[], ['--memory']])('is embedded in ten lines %s', async (...flags) => {
    const { stdout } = await node(await write('embed.js', block('README.md', 'embed')), ...flags)
    expect(stdout).toContain('2 message.sent')
  })

  it.each([
    ['a Koa app', 'koa', block('docs/guides/koa.md', 'koa'), 'my own page'],
    ['a bare server', 'bare', block('docs/guides/node-http.md', 'bare'), '<!doctype html>'],
  ])('is mounted into %s', async (_, name, code, atRoot) => {
    const port = await freePort()
    const child = spawn(process.execPath, [await write(`${name}.js`, code)], {
      cwd: program,
      env: { ...process.env, PORT: String(port) },
      stdio: 'inherit',
    })
    try {
      const url = `http://127.0.0.1:${port}`
      await eventually(async () => expect((await fetch(`${url}/api/v1`)).status).toBe(200), { timeoutMs: 15_000 })
      expect((await (await fetch(url)).text()).toLowerCase()).toContain(atRoot)
      const registered = await fetch(`${url}/api/v1/auth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'Анна', email: 'anna@example.com', password: 'four words in line' }),
      })
      expect(registered.status).toBe(201)
      const { access_token: token } = (await registered.json()) as { access_token: string }
      expect(await said(`ws://127.0.0.1:${port}/api/v1/ws`, { type: 'authorize', token, ref: 'who' })).toMatchObject(['hello', 'ok'])
    } finally {
      child.kill('SIGKILL')
    }
  })

  /** The types of the first two frames that a socket is told, when it says this. */
  const said = (url: string, frame: object) =>
    new Promise<string[]>((resolve, reject) => {
      const socket = new WebSocket(url)
      const types: string[] = []
      socket.onopen = () => socket.send(JSON.stringify(frame))
      socket.onerror = () => reject(new Error('the socket failed'))
      socket.onmessage = ({ data }) => {
        if (types.push(JSON.parse(String(data)).type) < 2) return
        socket.close()
        resolve(types)
      }
    })

  it('brings a client that sends and hears', async () => {
    const service = await startService()
    try {
      const script = await write('client.ts', block('docs/guides/client.md', 'client'))
      const { stdout } = await run(process.execPath, [script], { cwd: program, env: { ...process.env, CHAT_URL: service.url } })
      expect(stdout).toContain('the message is sent')
      expect(stdout).toContain('Анна: Привет!')
      expect(stdout).toContain('Привет! (sent)')
    } finally {
      await service.stop()
    }
  })

  it('brings uploads, for which messages wait', async () => {
    const service = await startService()
    try {
      const script = await write('files.ts', block('docs/guides/files.md', 'client-files'))
      const { stdout } = await run(process.execPath, [script], { cwd: program, env: { ...process.env, CHAT_URL: service.url } })
      expect(stdout).toBe('sent note.txt 15\nSee you at nine\n')
    } finally {
      await service.stop()
    }
  })

  it('brings a service to test against', async () => {
    const { stdout } = await node(await write('testing.js', block('docs/guides/testing.md', 'testing')))
    expect(stdout).toBe('Hello Hello!\n')
  })

  /** What runs `npm install` may be older than what this project brings along; what it cannot do is to be said, not to end it. */
  it('serves the Node of the machine, whichever that is', async () => {
    const code = `import { database } from '@windi-chat/server/database'
      import { createServer } from '@windi-chat/server'
      import { createAuth, createChat } from 'windi-chat/client'
      for (const entry of ['auth', 'http', 'wire', 'ws', 'testing']) await import('@windi-chat/server/' + entry)

      const server = await createServer({ databaseUrl: 'memory:', port: 0 })
      const { url } = server
      const auth = createAuth({ url })
      await auth.register({ name: 'Анна', email: 'anna@example.com', password: 'four words in line' })
      const anna = createChat({ url, auth })
      anna.start()
      while (anna.connection.get().status !== 'online') await new Promise((resolve) => setTimeout(resolve, 20))
      const { id } = await anna.chats.createGroup({ name: 'Все' })
      console.log((await anna.chat(id).send('Привет!').settled()).status)
      anna.close()
      await server.close()

      console.log(await database('sqlite::memory:').then((open) => open(() => {}).close()).then(() => 'opened', ({ message }) => message))`
    const PATH = process.env.PATH!.split(delimiter).filter((place) => !place.includes('node_modules'))
    const machine = (...args: string[]) => run('node', args, { cwd: program, env: { ...process.env, PATH: PATH.join(delimiter) } })
    expect((await machine(await write('embed.js', block('README.md', 'embed')), '--memory')).stdout).toContain('2 message.sent')
    const { stdout } = await machine(await write('machine.js', code))
    expect(stdout).toMatch(/^sent\n(opened|databases need Node 22\.17 or later, and this is 2[012]\..*\n.*)\n$/)
  })

  it('has a client whose types need no DOM, in strict programs', async () => {
    const code = `import { createAuth, createChat, isProblem, type ProblemCode } from 'windi-chat/client'
      export const chat = createChat({ url: '', auth: createAuth({ url: '' }) })
      export const code: ProblemCode = 'text-too-long'
      export const isFull = (error: unknown) => isProblem(error) && error.code === 'outbox-full'`
    const compilerOptions = { module: 'nodenext', target: 'es2023', lib: ['es2023'], types: [], strict: true, noEmit: true }
    await write('plain.ts', code)
    await write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['plain.ts'] }))
    const tsc = join(root, 'node_modules/.bin/tsc')
    const { stdout } = await run(tsc, ['-p', program], { cwd: program }).catch((error: { stdout: string }) => error)
    // The validation library's own types name the global URL.
    expect(stdout.split('\n').filter((line) => line !== '' && !/^ |zod/.test(line))).toEqual([])
  })

  it('loads no package for its core', async () => {
    const code = `import { registerHooks } from 'node:module'
      const seen = []
      registerHooks({ resolve(name, context, next) { seen.push(name); return next(name, context) } })
      await import('windi-chat')
      await import('windi-chat/memory')
      console.log(JSON.stringify(seen.filter((name) => !/^(\\.|node:|file:|windi-chat)/.test(name))))`
    const { stdout } = await node(await write('core.js', code))
    expect(JSON.parse(stdout)).toEqual([])
  })

  it.each(['windi-chat', '@windi-chat/server'])('has types for every entry of %s', async (name) => {
    const folder = join(program, 'node_modules', name)
    const { exports } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { exports: Record<string, { types?: string }> }
    const types = Object.values(exports).flatMap((target) => target.types ?? [])
    expect(types.length).toBeGreaterThan(3)
    for (const file of types.filter((one) => !one.includes('*')))
      expect(await readFile(join(folder, file), 'utf8')).toMatch(/export|import/)
  })

  it('is small, and runs nothing when it is installed', async () => {
    expect(await weight(join(program, 'node_modules/windi-chat'))).toBeLessThan(2_000_000)
    const all = await weight(join(program, 'node_modules'))
    const drivers = await Promise.all(DRIVERS.map((name) => weight(join(program, 'node_modules', name)).catch(() => 0)))
    expect(all - drivers.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(60_000_000)
    const { dependencies, scripts } = JSON.parse(await readFile(join(program, 'node_modules/windi-chat/package.json'), 'utf8'))
    expect([dependencies, scripts]).toEqual([undefined, undefined])
  })
})

const DRIVERS = ['@mikro-orm', 'better-sqlite3', 'kysely', 'pg']

/** Bytes of all files in a folder. */
async function weight(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const sizes = await Promise.all(files.map((entry) => stat(join(entry.parentPath, entry.name)).then(({ size }) => size)))
  return sizes.reduce((sum, bytes) => sum + bytes, 0)
}
