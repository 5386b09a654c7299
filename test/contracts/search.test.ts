import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect, type Database } from '../../src/adapters/mikro-orm/database/connect.ts'
import { queryOn } from '../../src/adapters/mikro-orm/database/query.ts'
import { BLOCK } from '../../src/adapters/mikro-orm/search/blocks.ts'
import { type Scene, sceneOf } from '../../src/contracts/scene.ts'
import type { ChatId, MessageId, UserId } from '../../src/domain/ids.ts'
import { fold } from '../../src/domain/words.ts'
import { type DatabaseKind, databases, freshDatabase } from '../support/databases.ts'
import { type OrmStore, openUrl } from '../support/mikro-orm.ts'
import { tempFolder } from '../support/places.ts'
import { eventually } from '../support/waiting.ts'

async function database(kind: DatabaseKind): Promise<{ url: string; remove: () => Promise<void> }> {
  if (kind === 'postgres') {
    const { url, drop } = await freshDatabase()
    return { url, remove: drop }
  }
  const folder = await tempFolder()
  return { url: `sqlite:${join(folder.path, 'chat.db')}`, remove: folder.remove }
}

describe.each(databases.filter((kind) => kind !== 'memory'))('searching many messages on %s', (kind) => {
  let store: OrmStore
  let behind: Database
  let remove: () => Promise<void>
  beforeAll(async () => {
    const made = await database(kind)
    remove = made.remove
    store = await openUrl(made.url)
    behind = await connect(made.url)
  })
  afterAll(async () => {
    await behind.close()
    await store.close()
    await remove()
  })

  async function indexedBlocks(chat: ChatId): Promise<readonly number[]> {
    const rows = await queryOn(behind)('select block from search_blocks where chat_id = $1 order by block', [chat])
    return rows.map((row) => row.block as number)
  }

  /** A chat of some full blocks, where only every hundredth message holds a word. */
  async function largeChat(scene: Scene, ann: UserId, bob: UserId): Promise<{ chat: ChatId; rare: MessageId[] }> {
    const chat = await scene.group(ann, bob)
    const sent = await Promise.all(
      Array.from({ length: 3 * BLOCK + 20 }, (_, i) =>
        scene.send(chat, i % 2 ? ann : bob, i % 100 === 7 ? `Редкое слово ${i}` : `обычное ${i}`),
      ),
    )
    return { chat, rare: sent.filter((message) => message.text!.startsWith('Редкое')).map((message) => message.id) }
  }
  const found = async (scene: Scene, viewer: UserId, query: string) =>
    (await scene.chats.search(viewer, { query: fold(query) }, { limit: 100 })).items.map(({ message }) => message.id)

  it('indexes the full blocks of the chats that somebody searches, and finds the same with and without', async () => {
    const scene = sceneOf(store)
    const [ann, bob, eve] = (await scene.persons(3)) as [UserId, UserId, UserId]
    const { chat, rare } = await largeChat(scene, ann, bob)
    const before = await found(scene, ann, 'редкое')
    expect(before.toSorted()).toEqual(rare.toSorted())
    await eventually(async () => expect(await indexedBlocks(chat)).toEqual([0, 1, 2]))
    expect(await found(scene, ann, 'редкое')).toEqual(before)
    expect(await found(scene, ann, 'слово 307')).toHaveLength(1)
    expect(await found(scene, ann, 'ре')).toEqual(before)
    expect(await found(scene, ann, 'нигде')).toEqual([])
    expect(await found(scene, eve, 'редкое')).toEqual([])
    expect((await scene.chats.search(bob, { query: 'е' }, { limit: 1, count: true })).total).toBe(3 * BLOCK + 20)
  })

  it('finds what an edit brought and no longer what it took, and nothing of what is deleted', async () => {
    const scene = sceneOf(store)
    const [ann, bob] = (await scene.persons(2)) as [UserId, UserId]
    const { chat, rare } = await largeChat(scene, ann, bob)
    await found(scene, ann, 'редкое')
    await eventually(async () => expect(await indexedBlocks(chat)).toEqual([0, 1, 2]))
    await scene.edit(chat, ann, rare[0]!, 'Совсем другое')
    expect(await found(scene, ann, 'совсем другое')).toEqual([rare[0]])
    expect(await found(scene, ann, 'редкое')).not.toContain(rare[0])
    await scene.remove(chat, ann, rare[1]!)
    expect(await found(scene, ann, 'редкое')).not.toContain(rare[1])
    await eventually(async () => {
      await found(scene, ann, 'редкое')
      expect(await indexedBlocks(chat)).toEqual([0, 1, 2])
    })
    expect(await found(scene, ann, 'совсем другое')).toEqual([rare[0]])
    await scene.disband(chat, ann)
    await eventually(async () => expect(await indexedBlocks(chat)).toEqual([]))
  })

  it('pages through matches of several chats, newest first, each once, also where many were sent at one moment', async () => {
    const scene = sceneOf(store)
    const [ann, bob] = (await scene.persons(2)) as [UserId, UserId]
    const chats = [await scene.group(ann, bob), await scene.pair(ann, bob), await scene.group(ann)]
    const start = Date.UTC(2031, 0, 1)
    const moments = fc.array(fc.record({ chat: fc.nat(2), at: fc.nat(30), match: fc.boolean() }), { minLength: 400, maxLength: 400 })
    const [plan] = fc.sample(moments, { numRuns: 1, seed: 7 })
    for (const { chat, at, match } of plan!.toSorted((a, b) => a.at - b.at))
      await scene.send(chats[chat]!, ann, match ? 'иголка' : 'сено', { at: start + at })
    const paged: { at: number; id: MessageId }[] = []
    let from: { at: number; id: MessageId } | undefined
    do {
      const page = await scene.chats.search(ann, { query: 'иголка' }, { limit: 7, from })
      paged.push(...page.items.map(({ message: { at, id } }) => ({ at, id })))
      from = page.next
    } while (from)
    expect(paged).toHaveLength(plan!.filter(({ match }) => match).length)
    expect(paged).toEqual(paged.toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)))
    expect(new Set(paged.map(({ id }) => id)).size).toBe(paged.length)
  })

  it('shows what one chat has of a text piece by piece, and lets others have a turn in between', async () => {
    const scene = sceneOf(store)
    const [ann, bob] = (await scene.persons(2)) as [UserId, UserId]
    const chat = await scene.group(ann, bob)
    const count = 20 * BLOCK
    await Promise.all(Array.from({ length: count }, (_, i) => scene.send(chat, ann, `слово ${i}`)))
    let turns = 0
    const looking = async (query: string) => {
      let isOver = false
      const turn = () => {
        turns++
        if (!isOver) setImmediate(turn)
      }
      turns = 0
      turn()
      const run = await scene.chats.messages(bob, chat, { kind: 'newest' }, { query: fold(query) }, 10, true)
      isOver = true
      return run!
    }
    expect((await looking('о')).total).toBe(count)
    expect(turns).toBeGreaterThan(1)
    expect(await looking('слово 77')).toMatchObject({ total: 11 })
    await eventually(async () => expect(await indexedBlocks(chat)).toHaveLength(20), { timeoutMs: 15_000 })
    expect(await looking('слово 77')).toMatchObject({ total: 11 })
    expect((await looking('слово 1234')).items).toHaveLength(1)
  })
})
