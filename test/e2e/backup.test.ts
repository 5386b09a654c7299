import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { windiChat } from '../support/command.ts'
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
})
