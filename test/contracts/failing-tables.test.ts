import { describe, expect, it } from 'vitest'
import { tableNames } from '../../src/adapters/mikro-orm/database/columns.ts'
import { connect, type Database } from '../../src/adapters/mikro-orm/database/connect.ts'
import { migrate } from '../../src/adapters/mikro-orm/database/migrate.ts'
import { queryOn } from '../../src/adapters/mikro-orm/database/query.ts'
import { purged } from '../../src/adapters/mikro-orm/database/retention.ts'
import { fileFor } from '../../src/contracts/files.ts'
import { type Scene, sceneOf } from '../../src/contracts/scene.ts'
import type { Deed, DeedName } from '../../src/domain/deed.ts'
import type { ChatId, KeyId, MessageId, SessionId, UserId } from '../../src/domain/ids.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { openUrl } from '../support/mikro-orm.ts'
import { tempFolder } from '../support/places.ts'
import { eventually } from '../support/waiting.ts'

type Prepared = () => Promise<unknown>

const deed = ({ newId, tick }: Scene, name: DeedName): Deed => ({ id: newId(), at: tick(), name, actorId: undefined })

const session = ({ newId, tick }: Scene, userId: UserId) => ({
  id: newId() as SessionId,
  userId,
  deviceName: 'phone',
  createdAt: tick(),
  lastUsedAt: tick(),
  expiresAt: tick() + 1_000_000_000,
  endedAt: undefined,
  generation: 0,
  spentAt: [],
})

const LAST = 'log: the end of a chat'
const purgedTables: readonly string[] = [...purged.map(({ table }) => table), 'settings']

/** A consumer of a chat, and a range that it gives up. */
async function failing({ consumers, newId, person, group }: Scene) {
  const [consumerId, chatId] = [newId(), await group(await person())]
  await consumers.add({ id: consumerId, kind: 'hook', name: `hook ${consumerId}`, settings: { batch: 1 }, lag: 0, from: 0 })
  const at = { consumerId, generation: 0, chatId, was: undefined }
  return { at, range: { chatId, from: 1, to: 1, types: undefined, error: undefined } }
}

/** A file whose bytes are there. */
async function claimed(scene: Scene) {
  const file = fileFor(scene, await scene.person())
  await scene.files.claim(file, scene.tick())
  return file
}

/** Calls of the ports that write. Each is prepared anew, and then made. */
const calls: Readonly<Record<string, (scene: Scene) => Promise<Prepared>>> = {
  'people.add': async ({ person }) => person,
  'people.save': async (scene) => {
    const { people, newId, freshName, tick, person } = scene
    const known = await person()
    const added = {
      id: newId() as UserId,
      name: 'New',
      username: freshName(),
      email: undefined,
      passwordHash: undefined,
      createdAt: tick(),
    }
    return () => people.save([added], [{ id: known, name: 'Changed' }])
  },
  'people.setPasswordHash': async (scene) => {
    const id = await scene.person()
    return () => scene.people.setPasswordHash(id, 'hash', deed(scene, 'user.password-set'))
  },
  'people.erase': async (scene) => {
    const { people, sessions, consents, newId, tick, persons } = scene
    const [id, other] = (await persons(2)) as [UserId, UserId]
    await sessions.add(session(scene, id))
    await consents.block(id, other, tick())
    void newId
    return () => people.erase(id, tick(), deed(scene, 'user.deleted'))
  },
  'sessions.end': async (scene) => {
    const id = await scene.person()
    const one = session(scene, id)
    await scene.sessions.add(one)
    return () => scene.sessions.end(id, [one.id], scene.tick(), deed(scene, 'user.signed-out'))
  },
  'keys.add': async (scene) => {
    const id = scene.newId() as KeyId
    const key = {
      id,
      hash: 'hash',
      name: 'key',
      scopes: [],
      botId: undefined,
      createdAt: scene.tick(),
      expiresAt: undefined,
      revokedAt: undefined,
    }
    return () => scene.keys.add(key, deed(scene, 'key.made'))
  },
  'consents.block': async ({ consents, persons, tick, pair }) => {
    const [one, other] = (await persons(2)) as [UserId, UserId]
    await pair(one, other)
    return () => consents.block(one, other, tick())
  },
  'reports.resolve': async (scene) => {
    const { reports, newId, tick, person } = scene
    const ids = { id: newId(), chatId: newId() as ChatId, messageId: newId() as MessageId, authorId: newId() as UserId }
    const reporterId = await person()
    await reports.add({ ...ids, reporterId, reason: 'abuse', comment: 'c', text: 't', sentAt: tick(), at: tick(), resolved: undefined })
    const verdict = { at: tick(), by: undefined, action: 'dismiss' } as never
    return () => reports.resolve(ids.id, verdict, deed(scene, 'report.resolved'))
  },
  'own.change': async ({ own, person, group, tick }) => {
    const userId = await person()
    const chatId = await group(userId)
    return () => own.change({ chatId, userId, at: tick() }, { pinned: true, archived: true })
  },
  'receipts.advance': async ({ persons, group, send, receipts, tick }) => {
    const [one, other] = (await persons(2)) as [UserId, UserId]
    const chatId = await group(one, other)
    await send(chatId, one)
    return () => receipts.advance({ chatId, userId: other, to: 2, at: tick() })
  },
  'log: a group': async ({ persons, group }) => {
    const [one, other] = (await persons(2)) as [UserId, UserId]
    return () => group(one, other)
  },
  'log: a message that mentions': async ({ persons, group, send }) => {
    const [one, other] = (await persons(2)) as [UserId, UserId]
    const chatId = await group(one, other)
    const mentions = [{ kind: 'user', userId: other, start: 0, length: 3 }] as const
    return () => send(chatId, one, '@you hello', { content: { mentions } })
  },
  'log: an edit': async ({ person, group, send, edit }) => {
    const userId = await person()
    const chatId = await group(userId)
    const { id } = await send(chatId, userId)
    return () => edit(chatId, userId, id, 'edited')
  },
  'log: a deletion': async ({ person, group, send, remove }) => {
    const userId = await person()
    const chatId = await group(userId)
    const { id } = await send(chatId, userId)
    return () => remove(chatId, userId, id)
  },
  'log: members who come': async ({ persons, group, add }) => {
    const [one, other] = (await persons(2)) as [UserId, UserId]
    const chatId = await group(one)
    return () => add(chatId, one, other)
  },
  'log: members who go': async ({ persons, group, dismiss, read, send }) => {
    const [one, other] = (await persons(2)) as [UserId, UserId]
    const chatId = await group(one, other)
    await send(chatId, one)
    await read(chatId, other, 2)
    return () => dismiss(chatId, one, other)
  },
  'consumers.bury': async (scene) => {
    const { at, range } = await failing(scene)
    return () => scene.consumers.bury(at, { seq: 1 }, range)
  },
  'consumers.remove': async (scene) => {
    const { at, range } = await failing(scene)
    await scene.consumers.bury(at, { seq: 1 }, range)
    return () => scene.consumers.remove(at.consumerId)
  },
  'files.add': async (scene) => {
    const file = await claimed(scene)
    return () => scene.files.add(file, 1_000_000)
  },
  'files.remove': async (scene) => {
    const file = await claimed(scene)
    await scene.files.add(file, 1_000_000)
    return () => scene.files.remove(file.ownerId, file.id, scene.tick())
  },
  'files.eraseOwner': async (scene) => {
    const file = await claimed(scene)
    await scene.files.add(file, 1_000_000)
    return () => scene.files.eraseOwner(file.ownerId, scene.tick())
  },
  'inlets.add': async ({ inlets, person, group, newId, tick }) => {
    const botId = await person()
    const inlet = { id: newId(), chatId: await group(botId), botId, name: 'Build', hash: newId(), createdBy: botId, createdAt: tick() }
    return () => inlets.add(inlet, 10)
  },
  // Last: what a deleted chat held goes in the background.
  [LAST]: async ({ persons, group, disband, send }) => {
    const [one, other] = (await persons(2)) as [UserId, UserId]
    const chatId = await group(one, other)
    await send(chatId, one)
    return () => disband(chatId, one)
  },
}

/** Those that are done in steps on purpose, each safe by itself: the same call again completes them. */
const IN_STEPS: readonly string[] = ['consents.block']

/** All rows of all tables but those of the test, and what is done in the background. */
async function dump(database: Database): Promise<string> {
  const query = queryOn(database)
  const rows: unknown[] = []
  for (const table of tableNames) {
    const all = await query(`select * from {${table}}`, [])
    rows.push([
      table,
      all
        .filter(({ key }) => key !== 'scrub')
        .map((row) => JSON.stringify(row))
        .sort(),
    ])
  }
  return JSON.stringify(rows)
}

/** Notes the tables that statements write to, and makes those to one of them fail. */
async function planted(database: Database) {
  const query = queryOn(database)
  const run = (text: string) => query.change(text, [])
  const events = ['insert', 'update', 'delete'] as const
  await run('create table planted_touched (name text)')
  await run('create table planted_failing (name text)')
  if (query.isPostgres)
    await run(`create function planted() returns trigger language plpgsql as $$ begin
      insert into planted_touched values (tg_argv[0]);
      if exists (select 1 from planted_failing where name = tg_argv[0]) then raise exception 'planted'; end if;
      return null; end $$`)
  for (const table of tableNames)
    if (query.isPostgres)
      await run(`create trigger planted after insert or update or delete on {${table}} for each row execute function planted('${table}')`)
    else
      for (const event of events)
        await run(`create trigger planted_${event}_${table} after ${event} on {${table}} begin
          insert into planted_touched values ('${table}');
          select raise(abort, 'planted') where exists (select 1 from planted_failing where name = '${table}'); end`)
  return {
    async touched(): Promise<string[]> {
      const names = await query('select distinct name from planted_touched order by name', [])
      await run('delete from planted_touched')
      return names.map(({ name }) => name as string)
    },
    fail: (table: string) => run(`insert into planted_failing values ('${table}')`),
    heal: () => run('delete from planted_failing'),
  }
}

const kinds = databases.filter((kind) => kind !== 'memory')

describe.each(kinds)('a call in which a statement fails, on %s', (kind) => {
  it('leaves nothing of itself, whichever table it is, and the next one works', { timeout: 60_000 }, async () => {
    await using folder = await tempFolder()
    const own = kind === 'postgres' ? await freshDatabase() : undefined
    const url = own?.url ?? `sqlite:${folder.path}/chat.db`
    const behind = await connect(url)
    await migrate(behind)
    const plant = await planted(behind)
    const store = await openUrl(url)
    const scene = sceneOf(store)
    const wrong: string[] = []
    let tried = 0
    try {
      for (const [name, prepare] of Object.entries(calls)) {
        const first = await prepare(scene)
        await plant.touched()
        await first()
        // What the purge writes is not the call's.
        const touched = (await plant.touched()).filter((table) => name !== LAST || !purgedTables.includes(table))
        for (const table of touched) {
          const call = await prepare(scene)
          await eventually(async () => expect(await queryOn(behind)('select chat_id from {gone_chats}', [])).toEqual([]))
          const before = await dump(behind)
          await plant.fail(table)
          const failed = await call().then(
            () => false,
            () => true,
          )
          await plant.heal()
          const after = await dump(behind)
          tried++
          if (!failed) wrong.push(`${name} is answered as if it had written ${table}`)
          else if (IN_STEPS.includes(name)) await call()
          else if (after !== before) wrong.push(`${name} has left something though ${table} could not be written`)
          await (await prepare(scene))()
        }
        if (touched.length === 0) wrong.push(`${name} has written nothing`)
      }
      expect(wrong).toEqual([])
      expect(tried).toBeGreaterThan(Object.keys(calls).length)
    } finally {
      await store.close()
      await behind.close()
      await own?.drop()
    }
  })
})
