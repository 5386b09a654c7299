import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect, type Database } from '../../src/adapters/mikro-orm/database/connect.ts'
import { queryOn } from '../../src/adapters/mikro-orm/database/query.ts'
import { type Scene, sceneOf } from '../../src/contracts/scene.ts'
import type { ChatId, UserId } from '../../src/domain/ids.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { type OrmStore, openUrl } from '../support/mikro-orm.ts'
import { tempFolder } from '../support/places.ts'
import { eventually } from '../support/waiting.ts'

const CHATS = 80

describe.each(databases.filter((kind) => kind !== 'memory'))('what reading has noted on %s', (kind) => {
  let store: OrmStore
  let other: OrmStore
  let behind: Database
  let remove: () => Promise<void>
  beforeEach(async () => {
    const folder = await tempFolder()
    const { url, drop } =
      kind === 'postgres' ? await freshDatabase() : { url: `sqlite:${join(folder.path, 'chat.db')}`, drop: folder.remove }
    remove = async () => {
      await drop()
      await folder.remove()
    }
    store = await openUrl(url)
    other = await openUrl(url)
    behind = await connect(url)
  })
  afterEach(async () => {
    await Promise.all([store.close(), other.close(), behind.close()])
    await remove()
  })

  const ask = async (text: string, ...parameters: string[]) => (await queryOn(behind)(text, parameters))[0]!
  const loose = async (viewer: UserId) =>
    (await ask('select count(*) as n from search_places where user_id = $1 and (settled_at is null or pack is null)', viewer)).n

  /** Somebody with many chats, all of which stand still. */
  async function many(stage: Scene) {
    const [busy, ann] = (await stage.persons(2)) as [UserId, UserId]
    const chats: ChatId[] = []
    for (let i = 0; i < CHATS; i++) chats.push(await stage.group(busy, ann))
    for (const [i, chat] of chats.entries()) await stage.send(chat, ann, `Letter ${i} of many`)
    await stage.chats.list(busy, {}, { limit: 10 })
    await eventually(async () => expect(await loose(busy)).toBe(0))
    return { busy, ann, chats }
  }
  const listed = async ({ chats }: Pick<Scene, 'chats'>, viewer: UserId) => {
    const ids: ChatId[] = []
    let from: Parameters<typeof chats.list>[2]['from']
    do {
      const page = await chats.list(viewer, {}, { limit: 7, from })
      ids.push(...page.items.map(({ chat }) => chat.id))
      from = page.next
    } while (from)
    return ids
  }
  const found = async ({ chats }: Pick<Scene, 'chats'>, viewer: UserId, query: string) =>
    (await chats.search(viewer, { query }, { limit: 100 })).items.map(({ message }) => message.text)

  it('leaves lists in the order of the last messages, whoever sends, in whichever process', async () => {
    const stage = sceneOf(store)
    const { busy, ann, chats } = await many(stage)
    expect(await listed(stage, busy)).toEqual(chats.toReversed())
    const elsewhere = sceneOf(other)
    await elsewhere.send(chats[3]!, ann, 'again', { at: Date.UTC(2040, 0, 1) })
    await Promise.all([5, 6, 7].map((i) => stage.send(chats[i]!, busy, `more ${i}`, { at: Date.UTC(2040, 0, 1) + i })))
    const moved = [7, 6, 5, 3].map((i) => chats[i]!)
    const expected = [...moved, ...chats.toReversed().filter((id) => !moved.includes(id))]
    expect(await listed(stage, busy)).toEqual(expected)
    expect(await listed({ chats: other.chats }, busy)).toEqual(expected)
    expect(await listed(stage, ann)).toEqual(expected)
    expect(await loose(busy)).toBe(4)
    await stage.dismiss(chats[7]!, busy, ann)
    await stage.disband(chats[6]!, busy)
    expect(await listed(stage, ann)).toEqual(expected.slice(2))
    expect(await ask('select (select count(*) from members) - (select count(*) from search_places) as n')).toEqual({ n: 0 })
  })

  it('hides nothing from a search: what was sent, edited and deleted since', async () => {
    const stage = sceneOf(store)
    const { busy, ann, chats } = await many(stage)
    expect(await found(stage, busy, 'zebra')).toEqual([])
    expect(await found(stage, busy, 'letter 42')).toEqual(['Letter 42 of many'])
    const sent = await sceneOf(other).send(chats[40]!, ann, 'A zebra', { at: Date.UTC(2040, 0, 1) })
    const [run] = (await stage.chats.messages(ann, chats[10]!, { kind: 'newest' }, {}, 1, false))!.items
    await stage.edit(chats[10]!, ann, run!.message.id, 'Another zebra')
    expect(new Set(await found(stage, busy, 'zebra'))).toEqual(new Set(['A zebra', 'Another zebra']))
    expect(await found(stage, busy, 'letter 10 ')).toEqual([])
    await stage.remove(chats[40]!, ann, sent.id)
    expect(await found(stage, busy, 'zebra')).toEqual(['Another zebra'])
  })

  it('keeps packs only of those who have them', async () => {
    const stage = sceneOf(store)
    const { busy } = await many(stage)
    expect((await ask('select count(*) as n from search_packs where user_id = $1', busy)).n).toBeGreaterThan(0)
    await stage.people.erase(busy, stage.tick())
    expect((await ask('select count(*) as n from search_packs where user_id = $1', busy)).n).toBe(0)
  })

  it('counts as unread exactly what is, also for somebody who has sent thousands and read nothing', { timeout: 60_000 }, async () => {
    const stage = sceneOf(store)
    const [ann, bob] = (await stage.persons(2)) as [UserId, UserId]
    const chat = await stage.group(ann, bob)
    const send = (from: number) =>
      Promise.all(Array.from({ length: 2_550 }, (_, i) => stage.send(chat, (from + i) % 3 === 0 ? bob : ann, `${from + i}`)))
    const sent = [...(await send(0)), ...(await send(2_550))]
    const unread = async () => (await stage.chats.standing(ann, chat))!.unread
    const counted = async () => (await ask('select own_between from members where user_id = $1', ann)).own_between
    expect(await unread()).toBe(1_700)
    await eventually(async () => expect(await counted()).toBe(3_400))
    const check = async (expected: number) => {
      expect([await unread(), (await stage.chats.get(ann, chat))!.unread]).toEqual([expected, expected])
      expect((await stage.receipts.advance({ chatId: chat, userId: ann, to: 0, at: stage.tick() }))!.unread).toBe(expected)
    }
    await check(1_700)
    await stage.send(chat, ann, 'mine')
    const last = await stage.send(chat, bob, 'theirs')
    await check(1_701)
    for (const i of [1, 2, 3, 6]) await stage.remove(chat, ann, sent[i]!.id)
    await check(1_699)
    await stage.remove(chat, bob, last.id)
    await check(1_698)
    await stage.read(chat, ann, sent[5]!.seq)
    await check(1_697)
  })
})
