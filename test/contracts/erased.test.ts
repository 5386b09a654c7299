import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { diskBlobs } from '../../src/adapters/files/disk.ts'
import { memoryBlobs } from '../../src/adapters/files/memory.ts'
import { s3Blobs } from '../../src/adapters/files/s3.ts'
import { columnsOf, tableNames } from '../../src/adapters/mikro-orm/database/columns.ts'
import { connect, type Database, type SqliteHandle } from '../../src/adapters/mikro-orm/database/connect.ts'
import { migrate } from '../../src/adapters/mikro-orm/database/migrate.ts'
import { queryOn } from '../../src/adapters/mikro-orm/database/query.ts'
import type { Blobs } from '../../src/application/ports/blobs.ts'
import { backUp } from '../../src/main/commands/backup.ts'
import { exportStore } from '../../src/main/commands/export.ts'
import type { OutboundPorts } from '../../src/main/compose.ts'
import { type DatabaseKind, databases, freshDatabase } from '../support/databases.ts'
import { differences, type Flat, flatMemory, flatTables } from '../support/erased/flat.ts'
import { formsIn } from '../support/erased/forms.ts'
import { tellEverything } from '../support/erased/story.ts'
import { type ErasedWorld, erasedWorld } from '../support/erased/world.ts'
import { impersonal } from '../support/impersonal.ts'
import { tempFolder } from '../support/places.ts'
import { startS3 } from '../support/s3.ts'
import { eventually } from '../support/waiting.ts'

const HOURS = 3_600_000
const WORDS = { zebra: '🦓', camel: '🐪' }

/** Columns for texts that no user writes about themselves, or that belong to others: kinds, states, keys, and what a group is called. */
const IMPERSONAL: Readonly<Partial<Record<string, readonly string[]>>> = {
  ...impersonal,
  events: ['type'],
  reactions: [],
  files: ['type', 'kind', 'client_file_id'],
  uploads: ['client_file_id', 'pieces'],
  users: ['kind', 'password_hash', 'external_id', 'email_pending', 'privacy', 'notices', 'avatar_url'],
  codes: ['subject', 'kind', 'mac', 'target'],
  mails: ['kind', 'address', 'facts'],
  known_networks: ['network'],
  factors: ['kind', 'secret', 'credential_id'],
  invitations: ['code_hash'],
}
const personal = tableNames.flatMap((table) =>
  Object.entries(columnsOf[table])
    .filter(([name, kind]) => kind === 'text' && !IMPERSONAL[table]?.includes(name))
    .map(([name]) => `${table}.${name}`),
)

/** Reads, until what they note aside is noted: packs of short chats, and parts of a long one. */
async function noteAside({ api }: ErasedWorld, other: Parameters<ErasedWorld['api']['listChats']>[0], database: Database): Promise<void> {
  const count = async (text: string, ...parameters: string[]) => (await queryOn(database)(text, parameters))[0]!.n
  await eventually(
    async () => {
      await api.searchMessages(other, { query: 'letter' }, { limit: 5 })
      expect(await count('select count(*) as n from search_packs where user_id = $1', other.userId)).toBeGreaterThan(0)
      expect(await count('select count(*) as n from search_places where user_id = $1 and settled_at is null', other.userId)).toBe(0)
      expect(await count('select count(*) as n from search_blocks')).toBe(1)
    },
    { timeoutMs: 30_000, everyMs: 100 },
  )
}

/** All bytes in a folder, by path. */
async function filesIn(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const all = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  return new Map(
    await Promise.all(
      all.map(async (entry) => {
        const path = join(entry.parentPath, entry.name)
        return [path.slice(folder.length), await readFile(path)] as const
      }),
    ),
  )
}
const given = (files: ReadonlyMap<string, Buffer>, word: string): string[] =>
  [...files].flatMap(([path, bytes]) => [...(path.includes(word) ? [path] : []), ...formsIn(bytes, word).map((form) => `${path}: ${form}`)])

async function open(kind: DatabaseKind, folder: string) {
  const fresh = kind === 'postgres' ? await freshDatabase() : undefined
  const url = fresh?.url ?? `sqlite:${folder}/data/chat.db`
  const database = kind === 'memory' ? undefined : await connect(url)
  if (database) await migrate(database)
  const s3 = kind === 'postgres' ? await startS3() : undefined
  const blobs: Blobs = s3
    ? s3Blobs(s3)
    : kind === 'memory'
      ? memoryBlobs()
      : diskBlobs({ folder: join(folder, 'files'), newId: () => 'draft' })
  return {
    url,
    database,
    blobs,
    objects: () => new Map([...(s3?.objects ?? [])].map(([name, bytes]) => [`s3:${name}`, bytes])),
    async close() {
      await fresh?.drop()
      await s3?.stop()
    },
  }
}

/** What a world does wrong. */
interface Sabotage {
  readonly change?: (ports: OutboundPorts) => Partial<OutboundPorts>
  readonly database?: (handle: SqliteHandle) => unknown
}

/** What there is before and after somebody who wrote this word everywhere is deleted. */
async function story(kind: DatabaseKind, word: keyof typeof WORDS, { change, database: spoil }: Sabotage = {}) {
  await using folder = await tempFolder()
  const { url, database, blobs, objects, close } = await open(kind, folder.path)
  const world = await erasedWorld({ database, blobs, folder: join(folder.path, 'temporary'), ...(change && { change }) })
  if (database?.dialect === 'sqlite') spoil?.(database.handle)
  const flat = (): Promise<Flat> | Flat => (database ? flatTables(database) : flatMemory(world.store))
  const bytes = async () => given(new Map([...(await filesIn(folder.path)), ...objects()]), word)
  const command = {
    config: { databaseUrl: url } as never,
    terminal: { answer() {}, progress() {} } as never,
  }
  try {
    const { who, other } = await tellEverything(world, word, WORDS[word])
    if (database) await noteAside(world, other, database)
    const before = { flat: await flat(), bytes: await bytes(), stored: [...(await blobs.list()), ...(await blobs.listPieces())] }
    await world.api.deleteMe(who, { password: '' })
    await world.settle()
    const isScrubbed = async () => expect(await queryOn(database!)(`select * from settings where key = 'scrub'`, [])).toEqual([])
    if (database) await eventually(isScrubbed)
    const at = await flat()
    for (let day = 0; day < 3; day++) {
      world.clock.advance(25 * HOURS)
      await world.app.collectFiles()
    }
    if (database) {
      await exportStore(command, {}, join(folder.path, 'export'))
      if (kind === 'sqlite') await backUp(command, {}, join(folder.path, 'backup'))
    }
    const after = { flat: await flat(), bytes: await bytes(), stored: [...(await blobs.list()), ...(await blobs.listPieces())] }
    return { before, at, after }
  } finally {
    await world.close()
    await close()
  }
}

describe.each(databases)('somebody who is deleted, on %s', { timeout: 120_000 }, (kind) => {
  it('has left nothing that tells what they wrote: neither in the store nor in a file, a copy or an export', async () => {
    const isTable = kind !== 'memory'
    const [one, two] = [await story(kind, 'zebra'), await story(kind, 'camel')]
    // What they wrote was everywhere.
    const told = differences(one.before.flat, two.before.flat)
    expect(told).toEqual(expect.arrayContaining(isTable ? personal : []))
    expect(told.length).toBeGreaterThan(25)
    expect(one.before.stored).not.toEqual(two.before.stored)
    expect(one.before.bytes.length > 0).toBe(isTable)
    // Two stores differ in nothing for which they would have to know what was written.
    expect(differences(one.after.flat, two.after.flat)).toEqual([])
    expect([...one.after.bytes, ...two.after.bytes]).toEqual([])
    expect([...one.after.stored, ...two.after.stored]).toEqual([])
    // Bytes of files stay for some hours; until then their digests and names do, too.
    const soon = differences(one.at, two.at).map((place) => place.split('.')[0])
    expect(soon.filter((table) => isTable && table !== 'blobs')).toEqual([])
  })
})

const onSqlite = (sabotage: Sabotage) => ({ sabotage, kinds: databases.filter((kind) => kind === 'sqlite') })
const saboteurs: Readonly<Record<string, { readonly sabotage: Sabotage; readonly kinds: readonly DatabaseKind[] }>> = {
  'forgets the groups that the user has left': {
    kinds: ['memory'],
    sabotage: {
      change: ({ chats }) => ({
        chats: {
          ...chats,
          async toErase(userId) {
            const own = (await chats.standings(userId)).map(({ chatId }) => chatId)
            return (await chats.toErase(userId)).filter(({ chatId }) => own.includes(chatId))
          },
        },
      }),
    },
  },
  'leaves files with nobody': {
    kinds: ['memory'],
    sabotage: { change: ({ files }) => ({ files: { ...files, eraseOwner: async () => [], collect: async () => 0 } }) },
  },
  'leaves packs as they are': onSqlite({ database: (handle) => handle.exec('drop trigger {texts_gone_from_packs}') }),
  'leaves indexes of parts of a chat as they are': onSqlite({ database: (handle) => handle.exec('drop trigger {messages_changed}') }),
  'overwrites nothing': onSqlite({ database: (handle) => handle.pragma('secure_delete = off') }),
  'never merges what is deleted': onSqlite({
    database: (handle) =>
      handle.exec(`create trigger planted before insert on {settings} when new.key = 'scrub' begin select raise(ignore); end`),
  }),
}
const planted = Object.entries(saboteurs).flatMap(([that, { sabotage, kinds }]) => kinds.map((kind) => [that, kind, sabotage] as const))

describe('what is left of a deleted user', { timeout: 60_000 }, () => {
  it.each(planted.filter(([, kind]) => databases.includes(kind)))('would be noticed in a world that %s (%s)', async (_, kind, sabotage) => {
    const [one, two] = [await story(kind, 'zebra', sabotage), await story(kind, 'camel', sabotage)]
    expect([...differences(one.after.flat, two.after.flat), ...one.after.bytes, ...one.after.stored]).not.toEqual([])
  })
})
