import { randomUUIDv7 } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type Columns, columnsOf, type Table, tableNames } from '../../src/adapters/mikro-orm/database/columns.ts'
import { connect, type Database } from '../../src/adapters/mikro-orm/database/connect.ts'
import { migrate } from '../../src/adapters/mikro-orm/database/migrate.ts'
import { queryOn } from '../../src/adapters/mikro-orm/database/query.ts'
import { deletedWithUser, retention } from '../../src/adapters/mikro-orm/database/retention.ts'
import { sceneOf } from '../../src/contracts/scene.ts'
import type { SessionId, UserId } from '../../src/domain/ids.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { impersonal } from '../support/impersonal.ts'
import { openUrl } from '../support/mikro-orm.ts'
import { tempFolder } from '../support/places.ts'
import { eventually } from '../support/waiting.ts'

/** Texts that say nothing about a user, those included that are rewritten with what goes. */
const IMPERSONAL: Readonly<Partial<Record<string, readonly string[]>>> = {
  ...impersonal,
  events: ['type', 'payload'],
  users: ['kind'],
  // Rewritten with every reaction that goes.
  reaction_sums: ['sums'],
  files: ['sha256', 'sent_sha256', 'name', 'type', 'kind', 'thumbhash', 'client_file_id'],
  blobs: ['sha256'],
}

/** What the rules of retention do not say of tables with these columns. */
const forgotten = (tables: Readonly<Record<string, Columns>>): string[] =>
  Object.entries(tables).flatMap(([table, columns]) => {
    const { ofChat, ofUser } = retention[table as Table] ?? {}
    const texts = Object.keys(columns).filter((name) => columns[name] === 'text' && !IMPERSONAL[table]?.includes(name))
    const cleared = ofUser && 'cleared' in ofUser ? Object.keys(ofUser.cleared) : []
    const kept = ofUser && 'goes' in ofUser ? [] : texts.filter((name) => !cleared.includes(name))
    return [
      ...('chat_id' in columns && table !== 'gone_chats' && !ofChat ? [`${table}: when its chat is deleted`] : []),
      ...kept.map((name) => `${table}.${name}: when its user is erased`),
    ]
  })

describe('the rules of retention', () => {
  it('say of every table what becomes of it with its chat, and of every text what becomes of it with its user', () => {
    expect(forgotten(columnsOf)).toEqual([])
  })
  it('would miss a table that they forget', () => {
    const planted: Columns = { chat_id: 'uuid', user_id: 'uuid', note: 'text' }
    expect(forgotten({ ...columnsOf, planted })).toEqual(['planted: when its chat is deleted', 'planted.note: when its user is erased'])
  })
})

async function placesOf(database: Database): Promise<(readonly [table: string, column: string])[]> {
  const query = queryOn(database)
  const text = query.isPostgres
    ? `select table_name as t, column_name as c from information_schema.columns where table_schema = 'public'`
    : `select m.name as t, c.name as c from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and m.name not like 'search_grams%'`
  return (await query(text, [])).map(({ t, c }) => [t as string, c as string] as const)
}
/** Where any row of any table holds a text. */
async function traces(database: Database, word: string): Promise<string[]> {
  const found: string[] = []
  for (const [table, column] of await placesOf(database)) {
    const rows = await queryOn(database)(`select 1 as found from ${table} where cast(${column} as text) like $1 limit 1`, [`%${word}%`])
    if (rows.length > 0) found.push(`${table}.${column}`)
  }
  return found
}

const kinds = databases.filter((kind) => kind !== 'memory')

describe.each(kinds)('what is left in the tables, on %s', (kind) => {
  async function onDatabase(use: (url: string, behind: Database) => Promise<void>): Promise<void> {
    await using folder = await tempFolder()
    const own = kind === 'postgres' ? await freshDatabase() : undefined
    const url = own?.url ?? `sqlite:${folder.path}/chat.db`
    const behind = await connect(url)
    try {
      await migrate(behind)
      await use(url, behind)
    } finally {
      await behind.close()
      await own?.drop()
    }
  }

  it('of a deleted chat: nothing but its deletion, until consumers know of it', () =>
    onDatabase(async (url, behind) => {
      const store = await openUrl(url)
      const stage = sceneOf(store)
      const [ann, bob] = (await stage.persons(2)) as [UserId, UserId]
      const chat = await stage.group(ann, bob)
      const { id } = await stage.send(chat, bob, 'Needle')
      await stage.edit(chat, bob, id, 'Needle again')
      await stage.read(chat, ann, 2)
      expect(await traces(behind, chat)).toEqual(
        expect.arrayContaining(['chats.id', 'messages.chat_id', 'events.chat_id', 'marks.chat_id']),
      )
      await stage.disband(chat, ann)
      const last = ['deleted_chats.chat_id']
      await eventually(async () => expect(await traces(behind, chat)).toEqual(last))
      await store.consumers.forget(-1_000_000_000_000)
      expect(await traces(behind, chat)).toEqual([])
      expect(await traces(behind, 'eedle')).toEqual([])
      await queryOn(behind).change('create table planted (of_chat text)', [])
      await queryOn(behind).change('insert into planted (of_chat) values ($1)', [chat])
      expect(await traces(behind, chat)).toEqual(['planted.of_chat'])
      await store.close()
    }))

  it('of an erased user: their id, and nothing that they wrote or said of themselves', () =>
    onDatabase(async (url, behind) => {
      const store = await openUrl(url)
      const stage = sceneOf(store)
      const ann = await stage.person()
      const bob = await stage.person({ name: 'Zebra B.', username: 'zebra', email: 'zebra@example.com', passwordHash: 'zebra' })
      const at = stage.tick()
      await store.sessions.add({
        id: store.newId() as SessionId,
        userId: bob,
        deviceName: "Zebra's phone",
        createdAt: at,
        lastUsedAt: at,
        expiresAt: at + 1_000_000,
        endedAt: undefined,
        generation: 0,
        spentAt: [],
      })
      const chat = await stage.group(ann, bob)
      const { id } = await stage.send(chat, bob, 'A zebra')
      await stage.edit(chat, bob, id, 'Two Zebras')
      const texts = ['messages.folded', 'messages.text', 'sessions.device_name']
      const names = ['users.email', 'users.folded_name', 'users.name', 'users.password_hash', 'users.username']
      const said = async () => [...new Set([...(await traces(behind, 'zebra')), ...(await traces(behind, 'Zebra'))])].sort()
      const found = kind === 'postgres' ? ['search_people.names'] : []
      expect(await said()).toEqual([...texts, ...names, ...found].sort())
      await store.people.erase(bob, stage.tick())
      await stage.eraseFrom(chat, bob)
      expect(await said()).toEqual([])
      expect(await traces(behind, bob)).toEqual(expect.arrayContaining(['users.id', 'messages.sender_id']))
      await store.close()
    }))

  it('of an erased user: no row and no text of any table that names users', () =>
    onDatabase(async (url, behind) => {
      const store = await openUrl(url)
      const stage = sceneOf(store)
      const [ann, bob] = (await stage.persons(2)) as [UserId, UserId]
      const chat = await stage.group(ann, bob)
      const named = tableNames.filter((table) => rowsOf(table) !== undefined)
      expect(named).toEqual(
        expect.arrayContaining(['bans', 'mutes', 'join_requests', 'invitations', 'blocks', 'reports', 'push_devices', 'mails']),
      )
      const written = async () => (await traces(behind, 'zebra')).map((place) => place.split('.')[0])
      for (const table of named) await plant(behind, table, { user: bob, chat })
      const texts = named.filter((table) =>
        Object.entries(columnsOf[table]).some(([name, kind]) => kind === 'text' && isPersonal(table, name)),
      )
      expect(await written()).toEqual(expect.arrayContaining(texts))
      await store.people.erase(bob, stage.tick())
      await stage.eraseFrom(chat, bob)
      expect(await written()).toEqual([])
      const gone = deletedWithUser.map(({ table, by }) => `${table}.${by}`)
      expect((await traces(behind, bob)).filter((place) => gone.includes(place))).toEqual([])
      expect(gone.length).toBeGreaterThan(10)
      await store.close()
    }))
})

/** Rows that are there from the beginning, or that the log writes with others. */
const OWN: readonly Table[] = ['users', 'messages', 'sessions', 'mentions', 'reactions', 'uploads']
const isPersonal = (table: Table, column: string) => !IMPERSONAL[table]?.includes(column)
const rowsOf = (table: Table) => (OWN.includes(table) ? undefined : retention[table].ofUser)

/** Writes a row that names a user, as full of texts as it can be, in the form that both databases take. */
async function plant(database: Database, table: Table, { user, chat }: { readonly user: UserId; readonly chat: string }): Promise<void> {
  const by = [rowsOf(table)!.by].flat()[0]
  const valueOf = ([column, kind]: [string, string]): string | number => {
    if (column === by) return user
    if (column === 'chat_id') return chat
    if (kind === 'uuid') return randomUUIDv7()
    return kind === 'text' ? (isPersonal(table, column) ? '"zebra"' : '"else"') : 1
  }
  const columns = Object.entries(columnsOf[table])
  const places = columns.map((_, i) => `$${i + 1}`).join(', ')
  const text = `insert into {${table}} (${columns.map(([name]) => name).join(', ')}) values (${places})`
  await queryOn(database).change(text, columns.map(valueOf))
}
