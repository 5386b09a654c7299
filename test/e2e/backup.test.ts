import { readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { windiChat } from '../support/command.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { httpClient } from '../support/http-client.ts'
import { tempFolder } from '../support/places.ts'
import { startService } from '../support/service.ts'

const epochOf = async (url: string) => ((await (await fetch(`${url}/api/v1`)).json()) as { epoch: string }).epoch

describe('a copy of an SQLite database', { timeout: 60_000 }, () => {
  it('is made while it is served, holds what was there then, and makes another store of the one it is restored to', async () => {
    await using folder = await tempFolder()
    const run = async (...args: string[]) => {
      const { status, stdout, stderr } = await windiChat(folder.path, args)
      expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' })
      return JSON.parse(stdout)
    }
    const service = await startService({ folder: folder.path, env: { DEMO: 'on' } })
    const before = await epochOf(service.url)
    const { bytes } = await run('backup', 'copy.db', '--json')
    expect(bytes).toBeGreaterThan(10_000)
    await run('user', 'add', '--name', 'Later', '--email', 'later@example.com', '--json')
    await service.stop()
    await run('restore', 'copy.db', '--json')
    expect((await windiChat(folder.path, ['token', '--login', 'later'])).status).toBe(1)
    expect((await windiChat(folder.path, ['token', '--login', 'user1'])).status).toBe(0)
    await using again = await startService({ folder: folder.path })
    expect(await epochOf(again.url)).not.toBe(before)
  })

  it('is never made over something else, and never restored from anything else', async () => {
    await using folder = await tempFolder()
    await writeFile(join(folder.path, 'notes.txt'), 'not a database')
    expect((await windiChat(folder.path, ['seed'])).status).toBe(0)
    const there = await readdir(join(folder.path, 'data'))
    expect(await windiChat(folder.path, ['backup', 'notes.txt'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('exists already'),
    })
    expect(await windiChat(folder.path, ['backup', 'nowhere/copy.db'])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^nowhere\/copy\.db cannot be written: ENOENT.*\n$/),
    })
    expect(await windiChat(folder.path, ['restore', 'notes.txt'])).toMatchObject({ status: 1, stderr: 'notes.txt is no database.\n' })
    expect(await windiChat(folder.path, ['restore', 'nowhere.db'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('cannot be read'),
    })
    for (const words of [['backup', 'copy.db'], ['restore', 'copy.db'], ['restore'], ['export', 'copy'], ['import', 'copy']])
      for (const database of ['memory:', 'sqlite::memory:'])
        expect(await windiChat(folder.path, [...words, '--database', database])).toMatchObject({
          status: 1,
          stderr: expect.stringMatching(/^What is in memory .*\n$/),
        })
    expect(await readdir(join(folder.path, 'data'))).toEqual(there)
    expect((await windiChat(folder.path, ['token', '--login', 'user1'])).status).toBe(0)
  })

  it('is not put in place while the database is in use, so that nothing acknowledged is lost', async () => {
    await using folder = await tempFolder()
    await windiChat(folder.path, ['seed'])
    await windiChat(folder.path, ['backup', 'copy.db'])
    const service = await startService({ folder: folder.path })
    for (const args of [['restore', 'copy.db'], ['restore']])
      expect(await windiChat(folder.path, args)).toEqual({
        status: 1,
        stdout: '',
        stderr: `${join(folder.path, 'data', 'windi-chat.db')} is in use by another process: stop everything that serves from there first. Nothing was restored.\n`,
      })
    await httpClient(service.url).register('Later', { username: 'later' })
    await service.kill('SIGKILL')
    expect(await windiChat(folder.path, ['token', '--login', 'later'])).toMatchObject({ status: 0 })
    expect(await windiChat(folder.path, ['restore', 'copy.db'])).toMatchObject({ status: 0 })
    expect(await windiChat(folder.path, ['token', '--login', 'later'])).toMatchObject({ status: 1 })
  })

  it('is put where nothing was before, whatever a deleted database has left', async () => {
    await using folder = await tempFolder()
    await windiChat(folder.path, ['seed'])
    await windiChat(folder.path, ['backup', 'copy.db'])
    const service = await startService({ folder: folder.path })
    await service.kill('SIGKILL')
    await rm(join(folder.path, 'data', 'windi-chat.db'))
    expect(await windiChat(folder.path, ['restore', 'copy.db'])).toEqual({
      status: 0,
      stdout: `copy.db is in place of ${join(folder.path, 'data', 'windi-chat.db')}.\n`,
      stderr: '',
    })
    expect(await windiChat(folder.path, ['token', '--login', 'user1'])).toMatchObject({ status: 0 })
    const elsewhere = await windiChat(folder.path, ['restore', 'copy.db', '--database', 'sqlite:new/chat.db', '--json'])
    expect(JSON.parse(elsewhere.stdout)).toEqual({ file: join(folder.path, 'new', 'chat.db'), before: null })
  })

  it.runIf(databases.includes('postgres'))('is told of on Postgres while nothing serves from it', async () => {
    await using postgres = await freshDatabase()
    await using folder = await tempFolder()
    const service = await startService({ folder: folder.path, env: { DATABASE_URL: postgres.url } })
    const args = ['restore', '--database', postgres.url]
    expect(await windiChat(folder.path, args)).toMatchObject({ status: 1, stderr: expect.stringContaining('in use by windi-chat') })
    await service.stop()
    expect(await windiChat(folder.path, args)).toMatchObject({ status: 0 })
  })
})

describe('a database that is not there', { timeout: 60_000 }, () => {
  it('is not made by who would only look at it', async () => {
    await using folder = await tempFolder()
    const file = join(folder.path, 'data', 'windi-chat.db')
    for (const args of [['backup', 'copy.db'], ['export', 'copy.jsonl'], ['token', '--login', 'user1'], ['restore']])
      expect([args, await windiChat(folder.path, args)]).toEqual([
        args,
        { status: 1, stdout: '', stderr: `There is no database at ${file} (DATABASE_URL).\n` },
      ])
    expect(await readdir(folder.path)).toEqual([])
    await writeFile(join(folder.path, 'other.db'), '')
    for (const args of [
      ['export', 'copy.jsonl'],
      ['token', '--login', 'user1'],
    ])
      expect(await windiChat(folder.path, [...args, '--database', 'sqlite:other.db'])).toMatchObject({
        status: 1,
        stderr: 'The tables are not up to date: run windi-chat migrate first.\n',
      })
    const onePage = 4_096
    expect((await stat(join(folder.path, 'other.db'))).size).toBeLessThanOrEqual(onePage)
  })
})

describe('hashes of passwords', { timeout: 60_000 }, () => {
  it('are in files that nobody but their owner reads', async () => {
    await using folder = await tempFolder()
    const service = await startService({ folder: folder.path, env: { DEMO: 'on' } })
    await windiChat(folder.path, ['backup', 'copy.db'])
    const modes = async (path: string) =>
      Promise.all((await readdir(path)).map(async (name) => [name, (await stat(join(path, name))).mode & 0o077] as const))
    const whileServed = await modes(join(folder.path, 'data'))
    await service.stop()
    expect(await windiChat(folder.path, ['restore', 'copy.db'])).toMatchObject({ status: 0 })
    await windiChat(folder.path, ['token', '--login', 'user1'])
    const all = [...whileServed, ...(await modes(join(folder.path, 'data'))), ...(await modes(folder.path))]
    expect(all.map(([name]) => name.replace(/\d+$/, 'N'))).toEqual(
      expect.arrayContaining(['copy.db', 'data', 'windi-chat.db-wal', 'windi-chat.db.before-N']),
    )
    expect(all.filter(([name, mode]) => mode !== 0 && !name.endsWith('.lock'))).toEqual([])
  })
})
