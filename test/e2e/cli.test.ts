import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Secret, TOTP } from 'otpauth'
import { describe, expect, it } from 'vitest'
import { digest } from '../../src/adapters/system/random.ts'
import { windiChat } from '../support/command.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { httpClient } from '../support/http-client.ts'
import { tempFolder } from '../support/places.ts'
import { startService } from '../support/service.ts'
import { sql } from '../support/sql.ts'

describe('the command line', { timeout: 60_000 }, () => {
  it('tells its version, its help and the documents', async () => {
    await using folder = await tempFolder()
    expect(await windiChat(folder.path, ['--version'])).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: '',
    })
    const help = await windiChat(folder.path, ['--help'])
    expect(help.status).toBe(0)
    for (const command of ['serve', 'migrate', 'seed', 'user', 'openapi', 'asyncapi']) expect(help.stdout).toContain(command)
    expect(JSON.parse((await windiChat(folder.path, ['openapi'])).stdout).openapi).toMatch(/^3\.1/)
    expect(JSON.parse((await windiChat(folder.path, ['asyncapi'])).stdout).asyncapi).toMatch(/^3\./)
  })

  it('refuses what it does not know with status 2', async () => {
    await using folder = await tempFolder()
    for (const args of [['frobnicate'], ['serve', '--loud'], ['user', 'add'], []]) {
      const { status, stdout, stderr } = await windiChat(folder.path, args)
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
      expect(stderr).toContain('Usage')
    }
  })

  it('reports all wrong settings at once with status 78, to people and to programs, and makes nothing', async () => {
    await using folder = await tempFolder()
    const env = { PORT: '99999', DATABASE_URL: 'mysql://root:hunter2@db', JWT_SECRET: 'hunter2', DEMO: 'maybe' }
    const { status, stdout, stderr } = await windiChat(folder.path, ['serve'], { env })
    expect({ status, stdout }).toEqual({ status: 78, stdout: '' })
    for (const name of Object.keys(env)) expect(stderr).toMatch(new RegExp(`${name} \\(environment\\).*\\n.*for example: ${name}=`))
    expect(stderr).not.toContain('hunter2')
    const told = await windiChat(folder.path, ['seed', '--json'], { env })
    expect(told.status).toBe(78)
    expect(JSON.parse(told.stderr).mistakes.map(({ setting }: { setting: string }) => setting)).toEqual(Object.keys(env))
    await expect(stat(join(folder.path, 'data'))).rejects.toThrow('ENOENT')
  })

  it('makes the tables once', async () => {
    await using folder = await tempFolder()
    const first = await windiChat(folder.path, ['migrate', '--json'])
    expect(JSON.parse(first.stdout).migrations).not.toEqual([])
    const second = await windiChat(folder.path, ['migrate', '--json'])
    expect(JSON.parse(second.stdout)).toEqual({ migrations: [] })
  })

  it('makes demo data, twice without harm, and more when asked for', async () => {
    await using folder = await tempFolder()
    const seeded = async (...args: string[]) => JSON.parse((await windiChat(folder.path, ['seed', '--json', ...args])).stdout)
    const first = await seeded()
    expect(first).toMatchObject({ users: 5, chats: 5, password: 'password123' })
    expect(await seeded()).toEqual(first)
    expect(await seeded('--users', '8', '--chats', '9', '--messages', '300')).toMatchObject({ users: 8, chats: 9, messages: 300 })
    expect(await windiChat(folder.path, ['seed', '--users', 'many'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('--users'),
    })
  })

  it('adds people, by a password from standard input or one that it makes, and says why not', async () => {
    await using folder = await tempFolder()
    const add = (args: readonly string[], input = '') => windiChat(folder.path, ['user', 'add', '--json', ...args], { input })
    const anna = await add(['--name', 'Анна', '--email', 'Anna@example.com', '--username', 'anna', '--password-stdin'], 'длинный пароль\n')
    expect(JSON.parse(anna.stdout)).toEqual({ id: expect.any(String), username: 'anna', name: 'Анна', email: 'anna@example.com' })
    const boris = JSON.parse((await add(['--name', 'Boris', '--email', 'boris@example.com'])).stdout)
    expect(boris.password.length).toBeGreaterThan(15)
    const again = await add(['--name', 'Anna', '--email', 'anna@example.com', '--password', 'another long one'])
    expect(again).toMatchObject({ status: 1, stdout: '' })
    expect(JSON.parse(again.stderr.trim())).toEqual({ error: { code: 'email-taken' } })
    const weak = await windiChat(folder.path, ['user', 'add', '--name', 'X', '--email', 'x@example.com', '--password', 'password'])
    expect(weak).toMatchObject({ status: 1, stderr: 'Refused: password is among the commonest passwords\n' })
  })

  it('examines what serving needs, and changes nothing', async () => {
    await using folder = await tempFolder()
    const examined = async (...words: string[]) => {
      const before = await contentOf(folder.path)
      const well = await windiChat(folder.path, ['doctor', ...words])
      expect(await contentOf(folder.path)).toEqual(before)
      expect(well).toMatchObject({ status: 0, stdout: expect.stringContaining('✓ database') })
      return well.stdout
    }
    expect(await examined()).toMatch(/chat\.db is made when serving begins\n✓ folder {5}.* can be written to\n$/)
    await windiChat(folder.path, ['migrate'])
    expect(await examined()).toContain('tables up to date')
    await windiChat(folder.path, ['backup', 'copy.db'])
    expect(await examined('--database', 'sqlite:copy.db')).toContain('tables up to date')
    await writeFile(join(folder.path, 'empty.db'), '')
    expect(await examined('--database', 'sqlite:empty.db')).toMatch(/[1-9]\d* migrations to run/)
    expect(await examined('--database', 'memory:')).toContain('until this process ends')
    await using service = await startService({ folder: folder.path })
    expect(await examined()).toContain('tables up to date')
    await service.kill()
    expect(await examined()).toContain('tables up to date')
    const env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nowhere', REDIS_URL: 'redis://127.0.0.1:1' }
    await writeFile(join(folder.path, 'notes.txt'), 'not a database')
    expect(await windiChat(folder.path, ['doctor', '--database', 'sqlite:notes.txt'])).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('✗ database   file is not a database'),
    })
    const ill = await windiChat(folder.path, ['doctor', '--json'], { env })
    expect(ill.status).toBe(1)
    expect(JSON.parse(ill.stdout)).toMatchObject({ is_well: false })
    for (const name of ['database', 'Redis'])
      expect(JSON.parse(ill.stdout).findings).toContainEqual({ name, is_well: false, detail: expect.stringContaining('ECONNREFUSED') })
  })

  it.runIf(databases.includes('postgres'))('examines a Postgres, and changes nothing', async () => {
    await using folder = await tempFolder()
    await using postgres = await freshDatabase()
    const examined = async () => (await windiChat(folder.path, ['doctor', '--database', postgres.url])).stdout
    expect(await examined()).toMatch(/[1-9]\d* migrations to run/)
    expect(await sql(postgres.url, `select tablename from pg_tables where schemaname = 'public'`)).toEqual([])
    await windiChat(folder.path, ['migrate', '--database', postgres.url])
    expect(await examined()).toContain('tables up to date')
  })
})

/** Every file below a folder, and what is in it: all but SQLite's notes of who is reading. */
async function contentOf(folder: string): Promise<object> {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => !entry.isDirectory())
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name)).toSorted()
  return Promise.all(paths.map(async (path) => [path, path.endsWith('-shm') || digest(await readFile(path, 'base64'))]))
}

it('authenticator apps go on after two changes of the secret, though nobody used them meanwhile', { timeout: 120_000 }, async () => {
  await using folder = await tempFolder()
  const codeOf = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) }).generate()
  const first = await startService({ folder: folder.path })
  const ann = await httpClient(first.url).register('Ann', { username: 'ann' })
  const { secret, id } = (
    await ann.call<{ id: string; secret: string }>('post', '/auth/factors/totp', { current_password: ann.password, name: 'Phone' })
  ).body
  expect((await ann.call('post', `/auth/factors/${id}/confirm`, { code: codeOf(secret) })).status).toBe(200)
  await first.stop()
  for (const word of ['add', 'use', 'add', 'use']) expect((await windiChat(folder.path, ['secret', word])).status).toBe(0)
  await using service = await startService({ folder: folder.path })
  const body = { login: 'ann', password: ann.password, second_factor: nextCode(secret) }
  expect((await httpClient(service.url).call('post', '/auth/login', { body })).status).toBe(200)
})

/** Of the period after this one: that of this one is used up. */
const nextCode = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + 30_000 })

it('secret add and use replace the secret, and those who are signed in stay so', { timeout: 120_000 }, async () => {
  await using folder = await tempFolder()
  const refreshed = async (token: string) => {
    await using service = await startService({ folder: folder.path })
    const { status, body } = await httpClient(service.url).call<{ refresh_token: string }>('post', '/auth/refresh', {
      body: { refresh_token: token },
    })
    return [status, body.refresh_token] as const
  }
  const first = await startService({ folder: folder.path })
  const { session } = await httpClient(first.url).register('Anna')
  await first.stop()
  expect((await windiChat(folder.path, ['secret', 'use'])).status).toBe(1)
  expect(JSON.parse((await windiChat(folder.path, ['secret', 'add', '--json'])).stdout)).toEqual({ secrets: 2 })
  const [, second] = await refreshed(session.refresh_token)
  expect((await windiChat(folder.path, ['secret', 'use'])).stdout).toContain('Restart')
  const [status, third] = await refreshed(second)
  expect(status).toBe(200)
  await windiChat(folder.path, ['secret', 'add'])
  expect((await refreshed(third))[0]).toBe(200)
  expect((await windiChat(folder.path, ['secret', 'add'], { env: { JWT_SECRET: 'x'.repeat(32) } })).stderr).toContain('JWT_SECRET is set')
})
