import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { block } from '../docs/blocks.ts'
import { windiChat } from '../support/command.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { httpClient } from '../support/http-client.ts'
import { tempFolder } from '../support/places.ts'
import { startService } from '../support/service.ts'

const database = (name: string) => ['--database', `sqlite:${name}.db`]

/** All that somebody sees of their chats, by the wire. */
async function seenBy(url: string, login: string): Promise<unknown> {
  const { call } = await httpClient(url).login(login, 'password123')
  const { body: chats } = await call<{ items: { id: string }[] }>('get', '/chats')
  const logs = await Promise.all(chats.items.map(async ({ id }) => (await call('get', `/chats/${id}/events?after=0`)).body))
  const members = await Promise.all(chats.items.map(async ({ id }) => (await call('get', `/chats/${id}/members`)).body))
  return { chats, logs, members }
}

describe('what one database holds, in a file', { timeout: 60_000 }, () => {
  it.runIf(databases.includes('postgres'))('moves from SQLite to Postgres and back, and is the same to everybody who looks', async () => {
    await using folder = await tempFolder()
    await using postgres = await freshDatabase()
    const run = async (...args: string[]) => {
      const { status, stdout, stderr } = await windiChat(folder.path, [...args, '--json'])
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      return JSON.parse(stdout)
    }
    const service = await startService({ folder: folder.path, env: { DEMO: 'on' } })
    const before = await seenBy(service.url, 'user2')
    const counts = { users: 5, chats: 5 }
    expect(await run('export', 'first.jsonl')).toMatchObject(counts)
    await service.stop()
    expect((await stat(join(folder.path, 'first.jsonl'))).mode & 0o077).toBe(0)

    expect(await run('import', 'first.jsonl', '--database', postgres.url)).toMatchObject(counts)
    await using moved = await startService({ folder: folder.path, env: { DATABASE_URL: postgres.url } })
    expect(await seenBy(moved.url, 'user2')).toEqual(before)

    expect(await run('export', 'second.jsonl.gz', '--database', postgres.url)).toMatchObject(counts)
    const [first, second] = [
      await readFile(join(folder.path, 'first.jsonl'), 'utf8'),
      gunzipSync(await readFile(join(folder.path, 'second.jsonl.gz'))).toString(),
    ]
    const rowsOf = (text: string) => text.split('\n').map((line) => (line ? JSON.parse(line) : line))
    // Seeing is written down: whoever was connected was last seen then.
    const still = (rows: { table?: string; row?: object }[]) => rows.filter(({ table }) => table !== 'users' && table !== 'known_networks')
    expect(still(rowsOf(second))).toEqual(still(rowsOf(first)))
    expect(await run('import', 'second.jsonl.gz', ...database('back'))).toMatchObject(counts)
    await using back = await startService({ folder: folder.path, env: { DATABASE_URL: 'sqlite:back.db' } })
    expect(await seenBy(back.url, 'user2')).toEqual(before)
  })

  it.runIf(databases.includes('postgres'))('moves as the guide says', async () => {
    await using folder = await tempFolder()
    await using postgres = await freshDatabase()
    await windiChat(folder.path, ['seed'])
    const lines = block('docs/operate/backup.md', 'move').trim().split('\n')
    for (const line of lines) {
      const [, setting, args] = /^(?:(\w+)=\S+ )?npx windi-chat (.*)$/.exec(line)!
      expect(await windiChat(folder.path, args!.split(' '), { env: setting ? { [setting]: postgres.url } : {} })).toMatchObject({
        status: 0,
      })
    }
    const moved = { env: { DATABASE_URL: postgres.url } }
    expect(await windiChat(folder.path, ['token', '--login', 'user1'], moved)).toMatchObject({ status: 0 })
  })

  it('holds no secret and no session', async () => {
    await using folder = await tempFolder()
    await using service = await startService({ folder: folder.path, env: { DEMO: 'on' } })
    await seenBy(service.url, 'user1')
    expect((await windiChat(folder.path, ['export', 'all.jsonl'])).status).toBe(0)
    const [head] = (await readFile(join(folder.path, 'all.jsonl'), 'utf8')).split('\n')
    expect(Object.keys((JSON.parse(head!) as { rows: object }).rows)).toEqual([
      'audit',
      'bans',
      'blobs',
      'blocks',
      'chats',
      'consumers',
      'cursors',
      'dead',
      'deleted_chats',
      'events',
      'factors',
      'file_links',
      'files',
      'gone_chats',
      'inlets',
      'invitations',
      'join_requests',
      'keys',
      'known_networks',
      'marks',
      'members',
      'mentions',
      'messages',
      'mutes',
      'notices',
      'pins',
      'reaction_sums',
      'reactions',
      'reports',
      'stay_outs',
      'users',
    ])
  })

  it('is never written over something else', async () => {
    await using folder = await tempFolder()
    await windiChat(folder.path, ['migrate'])
    await writeFile(join(folder.path, 'notes.txt'), 'mine')
    expect(await windiChat(folder.path, ['export', 'notes.txt'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('exists already'),
    })
    expect(await readFile(join(folder.path, 'notes.txt'), 'utf8')).toBe('mine')
  })

  const spoilt: readonly [string, (lines: string[]) => string[], RegExp][] = [
    ['is cut off', (lines) => lines.slice(0, -2), /of \d+ rows of users there are \d+/],
    ['lacks an event', (lines) => lessOne(lines, 'events'), /the log of chat \S+ is not whole/],
    ['is no export', () => ['{"hello":1}'], /not made by windi-chat export/],
    ['has a line that is no JSON', (lines) => lines.with(4, '{"table'), /line 5 is no row/],
    ['has a row twice', (lines) => moreOf(lines, 'users'), /a row of users cannot be kept/],
    [
      'has another column',
      (lines) => changed(lines, 'chats', (line) => line.replace('"row":{', '"row":{"extra":1,')),
      /a row of chats is not as it should be/,
    ],
    [
      'has an id that is none',
      (lines) => changed(lines, 'chats', (line) => line.replace(/"id":"[^"]*"/, '"id":"me"')),
      /a row of chats is not as it should be/,
    ],
    ['knows another table', (lines) => lines.with(1, '{"table":"sqlite_master","row":{}}'), /no table is called "sqlite_master"/],
  ]
  const headWith = (line: string, table: string, more: number) => {
    const head = JSON.parse(line) as { rows: Record<string, number> }
    return JSON.stringify({ ...head, rows: { ...head.rows, [table]: head.rows[table]! + more } })
  }
  const isOf = (table: string) => (line: string) => line.startsWith(`{"table":"${table}"`)
  const changed = (lines: string[], table: string, change: (line: string) => string) => {
    const first = lines.findIndex(isOf(table))
    return lines.with(first, change(lines[first]!))
  }
  const lessOne = (lines: string[], table: string) => [
    headWith(lines[0]!, table, -1),
    ...lines.slice(1).toSpliced(lines.slice(1).findIndex(isOf(table)), 1),
  ]
  const moreOf = (lines: string[], table: string) => [headWith(lines[0]!, table, 1), ...lines.slice(1), lines.find(isOf(table))!]

  const stores = ['sqlite', ...databases.filter((kind) => kind === 'postgres')] as const
  it.each(stores)('is taken as a whole or not at all, by %s', async (kind) => {
    await using folder = await tempFolder()
    await using postgres = kind === 'postgres' ? await freshDatabase() : undefined
    const target = postgres ? ['--database', postgres.url] : database('target')
    await windiChat(folder.path, ['seed', ...database('source')])
    await windiChat(folder.path, ['export', 'whole.jsonl', ...database('source')])
    const lines = (await readFile(join(folder.path, 'whole.jsonl'), 'utf8')).trimEnd().split('\n')
    for (const [what, spoil, reason] of spoilt) {
      await writeFile(join(folder.path, 'spoilt.jsonl'), `${spoil(lines).join('\n')}\n`)
      const { status, stderr } = await windiChat(folder.path, ['import', 'spoilt.jsonl', ...target])
      expect({ what, status, stderr }).toEqual({ what, status: 1, stderr: expect.stringMatching(reason) })
    }
    expect(await windiChat(folder.path, ['import', 'nowhere.jsonl', ...target])).toMatchObject({ status: 1 })
    expect((await readdir(folder.path)).filter((name) => name.startsWith('target'))).toEqual([])
    expect(await windiChat(folder.path, ['import', 'whole.jsonl', ...target])).toMatchObject({ status: 0 })
    expect(await windiChat(folder.path, ['import', 'whole.jsonl', ...target])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('in the database already'),
    })
  })
})
