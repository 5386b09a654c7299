import { afterEach, describe, expect, it } from 'vitest'
import { connect } from '../../src/adapters/mikro-orm/database/connect.ts'
import { mikroOrmLog } from '../../src/adapters/mikro-orm/log/log.ts'
import { type Scene, sceneOf } from '../../src/contracts/scene.ts'
import type { ChatId, UserId } from '../../src/domain/ids.ts'
import { isRefusal, Refusal } from '../../src/domain/refusal.ts'
import { freshDatabase } from '../support/databases.ts'
import { type OrmStore, openPostgres, openUrl } from '../support/mikro-orm.ts'
import { pgProxy } from '../support/pg-proxy.ts'
import { startPostgres } from '../support/postgres.ts'
import { sql } from '../support/sql.ts'
import { eventually } from '../support/waiting.ts'

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})
const keeping = <T extends OrmStore>(store: T): T => {
  opened.push(() => store.close())
  return store
}

/** A chat, its members, and a proxy between it and Postgres. */
async function setting(members = 3) {
  const database = await freshDatabase()
  opened.push(database.drop)
  const proxy = await pgProxy(database.url)
  opened.push(async () => proxy[Symbol.asyncDispose]())
  const store = keeping(await openUrl(proxy.url))
  const scene = sceneOf(store)
  const people = await scene.persons(members)
  const chat = await scene.group(people[0]!, ...people.slice(1))
  return { scene, proxy, people, chat, url: database.url }
}

/** Everything was told once and is there once. */
async function expectExact({ events, announcedOf }: Scene, chat: ChatId, ids: readonly string[]) {
  const log = await events(chat)
  expect(log.map((event) => event.seq)).toEqual(upTo(log.length))
  const stored = log.flatMap((event) => (event.type === 'message.sent' ? [event.message.id] : []))
  expect(new Set(stored).size).toBe(stored.length)
  for (const id of ids) expect(stored).toContain(id)
  expect(announcedOf(chat).map((event) => event.seq)).toEqual(upTo(log.length))
}

describe('the log on Postgres', () => {
  it('loses nothing and repeats nothing when backends are terminated under load', async () => {
    const store = keeping(await openPostgres())
    const scene = sceneOf(store)
    const people = await scene.persons(8)
    const chats = await Promise.all(upTo(4).map(() => scene.group(people[0]!, ...people.slice(1))))
    let isDone = false
    const terminate = async () => {
      const before = scene.announced.length
      await eventually(() => expect(scene.announced.length).toBeGreaterThan(before + 2))
      const others = 'datname = current_database() and pid <> pg_backend_pid()'
      return (await sql(store.url, `select pg_terminate_backend(pid) from pg_stat_activity where ${others}`)).length
    }
    const killing = (async () => {
      let killed = 0
      for (const _ of upTo(12)) killed += await terminate()
      return killed
    })().finally(() => {
      isDone = true
    })
    const acknowledged = new Map<ChatId, string[]>(chats.map((chat) => [chat, []]))
    await Promise.all(
      people.flatMap((sender, k) =>
        chats.map(async (chat) => {
          for (let i = 0; !isDone; i++) {
            const draft = scene.draftOf(sender, `text ${i}`, { key: `${k} ${i}` })
            acknowledged.get(chat)!.push((await untilSent(scene, chat, draft)).id)
          }
        }),
      ),
    )
    expect(await killing).toBeGreaterThanOrEqual(12)
    for (const chat of chats) {
      await expectExact(scene, chat, acknowledged.get(chat)!)
    }
  })

  it('keeps what it acknowledged through crashes of Postgres under load', async () => {
    const postgres = await startPostgres()
    opened.push(postgres.remove)
    const scene = sceneOf(keeping(await openUrl(postgres.url)))
    const people = await scene.persons(6)
    const chat = await scene.group(people[0]!, ...people.slice(1))
    let isDone = false
    const crashing = (async () => {
      for (const mode of ['immediate', 'fast', 'immediate'] as const) {
        const before = scene.announcedOf(chat).length
        await eventually(() => expect(scene.announcedOf(chat).length).toBeGreaterThan(before + 20))
        await postgres.restart(mode)
      }
    })().finally(() => {
      isDone = true
    })
    const acknowledged: string[] = []
    await Promise.all(
      people.map(async (sender, k) => {
        for (let i = 0; !isDone; i++)
          acknowledged.push((await untilSent(scene, chat, scene.draftOf(sender, `${i}`, { key: `${k} ${i}` }))).id)
      }),
    )
    await crashing
    await expectExact(scene, chat, acknowledged)
  })

  it.each([
    ['after', 'commit'],
    ['before', 'commit'],
  ] as const)('settles a batch from its log that was cut %s the %s', async (when, statement) => {
    const { scene, proxy, people, chat } = await setting()
    const { submit, draftOf, rename } = scene
    proxy.cut(when, statement)
    const sent = await Promise.all([...people.map((sender) => submit(chat, draftOf(sender, 'hi'))), rename(chat, people[0]!, 'Renamed')])
    expect(proxy.cuts()).toBe(1)
    const answers = sent.flatMap((answer) => (answer ? [answer] : []))
    expect(answers.map((answer) => answer.replayed)).toEqual(people.map(() => false))
    await expectExact(
      scene,
      chat,
      answers.map((answer) => answer.message.id),
    )
  })

  it.each(['after', 'before'] as const)('settles a lone message from the log that was cut %s it was written', async (when) => {
    const { scene, proxy, people, chat } = await setting()
    proxy.cut(when, 'send_write')
    const { message, replayed } = await scene.submit(chat, scene.draftOf(people[0]!, 'hi'))
    expect(proxy.cuts()).toBe(1)
    expect(replayed).toBe(false)
    await expectExact(scene, chat, [message.id])
  })

  it.each([
    ['after', 'commit', 'opens'],
    ['before', 'commit', 'opens'],
    ['after', 'commit', 'deletes'],
    ['before', 'commit', 'deletes'],
    ['after', 'commit', 'renames'],
    ['before', 'commit', 'renames'],
  ] as const)('cut %s the %s, %s a chat once', async (when, statement, what) => {
    const { scene, proxy, people, chat, url } = await setting()
    const [ann, bob] = people as [UserId, UserId]
    proxy.cut(when, statement)
    await { opens: () => scene.openPair(ann, bob), deletes: () => scene.disband(chat, ann), renames: () => scene.rename(chat, ann, 'New') }[
      what
    ]()
    expect(proxy.cuts()).toBe(1)
    const told = { opens: 'chat.created', deletes: 'chat.deleted', renames: 'chat.renamed' }
    expect(scene.announced.flat().map((event) => event.type)).toEqual(['chat.created', told[what]])
    const stored = {
      opens: { chats: 2, name: 'Group', events: 2 },
      deletes: { chats: 0, name: null, events: 0 },
      renames: { chats: 1, name: 'New', events: 2 },
    }[what]
    const select = 'select count(*)::int as chats, max(name) as name, (select count(*)::int from events) as events from chats'
    await eventually(async () => expect(await sql(url, select)).toEqual([stored]))
  })

  it.each(['lock', 'write', 'send_read', 'members'])('carries on where the connection is cut before %s', async (statement) => {
    const { scene, proxy, people, chat } = await setting()
    proxy.cut('before', statement)
    const sent = await Promise.all([...people, ...people].map((sender) => scene.submit(chat, scene.draftOf(sender, 'hi'))))
    const alone = await scene.submit(chat, scene.draftOf(people[0]!, 'alone'))
    expect(proxy.cuts()).toBe(1)
    await expectExact(
      scene,
      chat,
      [...sent, alone].map((answer) => answer.message.id),
    )
  })

  it('fails a poisonous call alone, with what the database says', async () => {
    const scene = sceneOf(keeping(await openPostgres()))
    const people = await scene.persons(3)
    const chat = await scene.group(people[0]!, ...people.slice(1))
    const texts = upTo(60).map((i) => (i === 17 || i === 44 ? 'nul \0' : `text ${i}`))
    const outcomes = await Promise.allSettled(texts.map((text, i) => scene.send(chat, people[i % 3]!, text)))
    const failed = outcomes.flatMap((outcome, i) => (outcome.status === 'rejected' ? [[i + 1, isRefusal(outcome.reason)]] : []))
    expect(failed).toEqual([
      [17, false],
      [44, false],
    ])
    await expectExact(
      scene,
      chat,
      outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.id] : [])),
    )
  })

  it('serves after 10,000 refused calls', async () => {
    const store = keeping(await openPostgres({ limit: 4_000 }))
    const scene = sceneOf(store)
    const [ann, stranger] = (await scene.persons(2)) as [UserId, UserId]
    const chat = await scene.group(ann)
    const codes = new Map<string, number>()
    for (const _ of upTo(2)) {
      const outcomes = await Promise.allSettled(upTo(5_000).map(() => scene.send(chat, stranger)))
      for (const outcome of outcomes) {
        const code = outcome.status === 'rejected' && outcome.reason instanceof Refusal ? outcome.reason.code : 'sent'
        codes.set(code, (codes.get(code) ?? 0) + 1)
      }
    }
    expect(Object.fromEntries(codes)).toEqual({ 'chat-not-found': 8_000, overloaded: 2_000 })
    const sent = await Promise.all(upTo(100).map(() => scene.send(chat, ann)))
    await expectExact(
      scene,
      chat,
      sent.map((message) => message.id),
    )
  })

  it('stores once what several processes retry at once, without deadlocks', async () => {
    const { url, drop } = await freshDatabase()
    opened.push(drop)
    const scenes: Scene[] = []
    for (const _ of upTo(3)) scenes.push(sceneOf(keeping(await openUrl(url, { lanes: 2 }))))
    const people = await scenes[0]!.persons(6)
    const chats = await Promise.all(upTo(12).map(() => scenes[0]!.group(people[0]!, ...people.slice(1))))
    const deadlocks = async () =>
      Number((await sql(url, 'select deadlocks from pg_stat_database where datname = current_database()'))[0]!.deadlocks)
    const answers = await Promise.all(
      upTo(600).flatMap((i) => {
        const chat = chats[i % chats.length]!
        const sender = people[i % people.length]!
        return scenes.map(async ({ submit, draftOf }) => (await submit(chat, draftOf(sender, `${i}`, { key: `k${i}` }))).message)
      }),
    )
    upTo(600).forEach((_, i) => expect(new Set(answers.slice(i * 3, i * 3 + 3).map((message) => message.id)).size).toBe(1))
    const pairs = people.flatMap((one, i) => people.slice(i + 1).map((other) => [one, other] as const))
    const opening = await Promise.all(
      pairs.flatMap(([one, other]) => scenes.map(({ openPair }, k) => (k % 2 ? openPair(one, other) : openPair(other, one)))),
    )
    expect(new Set(opening.map((each) => each.chatId)).size).toBe(pairs.length)
    expect(opening.filter((each) => each.isNew)).toHaveLength(pairs.length)
    for (const chat of chats) {
      const log = await scenes[0]!.events(chat)
      expect(log.map((event) => event.seq)).toEqual(upTo(51))
      const told = scenes.flatMap(({ announcedOf }) => announcedOf(chat).map((event) => event.seq))
      expect(told.sort((a, b) => a - b)).toEqual(upTo(51))
    }
    expect(await deadlocks()).toBe(0)
  })

  it('moves marks of the same people from several processes, without deadlocks, and somebody sees the last one catch up', async () => {
    const { url, drop } = await freshDatabase()
    opened.push(drop)
    const scenes: Scene[] = []
    for (const _ of upTo(3)) scenes.push(sceneOf(keeping(await openUrl(url))))
    const people = await scenes[0]!.persons(5)
    const chats = await Promise.all(upTo(8).map(() => scenes[0]!.group(people[0]!, ...people.slice(1))))
    await Promise.all(chats.flatMap((chat) => upTo(20).map(() => scenes[0]!.send(chat, people[0]!))))
    const marks = await Promise.all(
      upTo(21).flatMap((to) =>
        chats.flatMap((chatId) =>
          people.flatMap((userId) => scenes.map(({ receipts, tick }) => receipts.advance({ chatId, userId, to, at: tick() }))),
        ),
      ),
    )
    for (const chatId of chats) {
      const of = marks.flatMap((marked) => (marked?.receipt.chatId === chatId ? [marked] : []))
      expect(Math.max(...of.map((marked) => marked.receipt.readSeq))).toBe(21)
      expect(of.some((marked) => marked.moved && marked.lowest[0]!.readSeq === 21)).toBe(true)
    }
    const [row] = await sql(url, 'select deadlocks from pg_stat_database where datname = current_database()')
    expect(Number(row!.deadlocks)).toBe(0)
  })

  it('refuses after its patience what a database that is away does not answer, and never acknowledges it', async () => {
    const { proxy, people, chat, scene } = await setting()
    const url = new URL(proxy.url)
    const connection = await connect(url.href)
    const log = mikroOrmLog(connection, undefined, { patience: 1 })
    const drafts = upTo(5).map(() => scene.draftOf(people[0]!, 'hi'))
    await proxy[Symbol.asyncDispose]()
    const outcomes = await Promise.allSettled(
      drafts.map((draft) => log.change(scene.scopeOf(chat, draft), () => ({ events: [], result: 'never' }))),
    )
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code)).toEqual(drafts.map(() => 'overloaded'))
    await log.close()
    await connection.close()
  })
})

/** As a client does it: the same key again, as long as there is no answer. */
async function untilSent({ submit }: Scene, chat: ChatId, draft: Parameters<Scene['submit']>[1]) {
  for (;;)
    try {
      return (await submit(chat, draft)).message
    } catch (error) {
      if (!isRefusal(error, 'overloaded')) throw error
    }
}
