import { expect, it } from 'vitest'
import type { ChatId } from '../domain/ids.ts'
import { consumerOn } from './consumers.ts'
import { rulesOf } from './harness.ts'
import type { Scene } from './scene.ts'
import type { OpenStore } from './store-harness.ts'

/** A consumer, and a chat with four events. */
async function atWork(stage: Scene) {
  const ann = await stage.person()
  const chatId = await stage.group(ann)
  for (let i = 0; i < 3; i++) await stage.send(chatId, ann)
  const consumer = await consumerOn(stage)
  const at = (was: number | undefined, of: ChatId = chatId) => ({
    consumerId: consumer.id,
    generation: consumer.generation,
    chatId: of,
    was,
  })
  const cursor = async () => (await stage.consumers.positions(consumer, [chatId]))[0]!.cursor
  return { ann, chatId, consumer, at, cursor }
}

/** What `Consumers` promises of cursors. */
export const cursorsContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: cursors`, openStore, (scene) => {
    it('finds chats with their heads, deleted ones with who deleted them, and leaves out unknown ones', async () => {
      const stage = scene()
      const { ann, chatId, consumer } = await atWork(stage)
      const gone = await stage.group(ann)
      await stage.disband(gone, ann)
      const found = await stage.consumers.positions(consumer, [chatId, gone, stage.newId() as ChatId, 'no id' as ChatId])
      expect(found).toHaveLength(2)
      expect(found.find((position) => position.chatId === chatId)).toMatchObject({ head: 4, deletedBy: undefined, cursor: undefined })
      expect(found.find((position) => position.chatId === gone)).toMatchObject({ head: 2, deletedBy: ann, cursor: undefined })
    })

    it('moves a cursor that is as expected, and no other', async () => {
      const { at, cursor } = await atWork(scene())
      const { consumers } = scene()
      expect(await consumers.move(at(undefined), { seq: 1 })).toBe(true)
      expect(await consumers.move(at(undefined), { seq: 2 })).toBe(false)
      expect(await consumers.move(at(0), { seq: 2 })).toBe(false)
      const frozen = { to: 3, types: ['message.sent'] }
      expect(await consumers.move(at(1), { seq: 1, frozen, attempts: 2, counted: 1, dueIn: 60_000, error: 'no' })).toBe(true)
      const kept = await cursor()
      expect(kept).toMatchObject({ seq: 1, frozen, attempts: 2, counted: 1, error: 'no' })
      expect(kept!.dueIn).toBeGreaterThan(50_000)
      expect(kept!.dueIn).toBeLessThanOrEqual(60_000)
      expect(await consumers.move(at(1), { seq: 3 })).toBe(true)
      expect(await cursor()).toMatchObject({ seq: 3, attempts: 0, counted: 0 })
      expect((await cursor())!.frozen).toBeUndefined()
      expect((await cursor())!.dueIn).toBeUndefined()
    })

    it('lets one of several move a cursor that all saw alike', async () => {
      const { at } = await atWork(scene())
      const { consumers } = scene()
      const first = await Promise.all([1, 2, 3, 4].map((seq) => consumers.move(at(undefined), { seq })))
      expect(first.filter(Boolean)).toHaveLength(1)
      const seq = first.indexOf(true) + 1
      const second = await Promise.all([5, 6, 7].map((to) => consumers.move(at(seq), { seq: to })))
      expect(second.filter(Boolean)).toHaveLength(1)
    })

    it('no longer counts cursors of an earlier generation', async () => {
      const stage = scene()
      const { at, consumer, chatId } = await atWork(stage)
      const { consumers } = stage
      await consumers.move(at(undefined), { seq: 4 })
      await consumers.change(consumer.id, { replayFrom: 0 })
      expect(await consumers.move(at(4), { seq: 5 })).toBe(false)
      const next = (await consumers.get(consumer.id))!
      expect((await consumers.positions(next, [chatId]))[0]!.cursor).toBeUndefined()
      expect(await consumers.move({ ...at(undefined), generation: next.generation }, { seq: 1 })).toBe(true)
      expect((await consumers.positions(next, [chatId]))[0]!.cursor).toMatchObject({ seq: 1 })
    })

    it('sets a cursor back, whatever it was', async () => {
      const stage = scene()
      const { at, consumer, chatId, cursor } = await atWork(stage)
      await stage.consumers.move(at(undefined), { seq: 4, frozen: { to: 4, types: undefined }, attempts: 3 })
      await stage.consumers.rewind(consumer.id, chatId, 2)
      expect(await cursor()).toMatchObject({ seq: 2, attempts: 0 })
      expect((await cursor())!.frozen).toBeUndefined()
      expect((await stage.consumers.get(consumer.id))!.revision).toBe(consumer.revision + 1)
    })

    it('sweeps all chats for those in which a consumer may be behind', async () => {
      const stage = scene()
      const { ann, at, consumer, chatId } = await atWork(stage)
      const gone = await stage.group(ann)
      await stage.disband(gone, ann)
      const { consumers } = stage
      async function swept(): Promise<ChatId[]> {
        const found: ChatId[] = []
        for (let after: ChatId | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
          const { behind, next } = await consumers.sweep(consumer, after, 2)
          found.push(...behind.map((position) => position.chatId))
          after = next
        }
        return found
      }
      expect(await swept()).toEqual(expect.arrayContaining([chatId]))
      await consumers.move(at(undefined), { seq: 3 })
      expect(await swept()).toContain(chatId)
      await consumers.move(at(3), { seq: 4 })
      expect(await swept()).not.toContain(chatId)
      const late = { ...consumer, id: stage.newId(), from: stage.tick() }
      expect((await consumers.sweep(late, undefined, 1_000)).behind.map((position) => position.chatId)).not.toContain(chatId)
    })

    it('finds a deleted chat in the sweep until the consumer knows of it', async () => {
      const stage = scene()
      const { ann, at } = await atWork(stage)
      const begun = stage.tick()
      const gone = await stage.group(ann)
      await stage.disband(gone, ann)
      const consumer = { ...(await stage.consumers.get(at(undefined).consumerId))!, from: begun }
      const swept = async () => (await stage.consumers.sweep(consumer, undefined, 1_000)).behind.map((position) => position.chatId)
      expect(await swept()).toContain(gone)
      await stage.consumers.move(at(undefined, gone), { seq: 2 })
      expect(await swept()).not.toContain(gone)
    })

    it('names the chats in which something has happened since', async () => {
      const stage = scene()
      const ann = await stage.person()
      const begun = stage.tick()
      const renamed = await stage.group(ann)
      const gone = await stage.group(ann)
      await stage.disband(gone, ann)
      const recent = await stage.consumers.recent(begun)
      expect(recent.get(renamed)).toBe(1)
      expect(recent.get(gone)).toBe(2)
      expect((await stage.consumers.recent(stage.tick())).has(renamed)).toBe(false)
    })

    it('forgets a deletion after its time, with the cursors of its chat', async () => {
      const stage = scene()
      const { ann, at, consumer } = await atWork(stage)
      const gone = await stage.group(ann)
      await stage.disband(gone, ann)
      await stage.consumers.move(at(undefined, gone), { seq: 2 })
      // The scene's clock is ahead of the store's: nothing is old enough.
      await stage.consumers.forget(0)
      expect(await stage.consumers.positions(consumer, [gone])).toHaveLength(1)
      await stage.consumers.forget(-Date.UTC(2100, 0, 1))
      expect(await stage.consumers.positions(consumer, [gone])).toEqual([])
    })
  })
