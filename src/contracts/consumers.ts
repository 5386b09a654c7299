import { expect, it } from 'vitest'
import type { Consumer, DeadPosition, NewConsumer } from '../application/ports/consumers.ts'
import { rulesOf } from './harness.ts'
import { allPages, type Scene } from './scene.ts'
import type { OpenStore } from './store-harness.ts'

/** A consumer of its own: named after its id. */
export async function consumerOn({ consumers, newId }: Scene, given: Partial<NewConsumer> = {}): Promise<Consumer> {
  const id = newId()
  expect(await consumers.add({ id, kind: 'hook', name: `hook ${id}`, settings: { batch: 1 }, lag: 0, from: 0, ...given })).toBe(true)
  return (await consumers.get(id))!
}

/** What `Consumers` promises of consumers, leases and ranges that were given up. */
export const consumersContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: consumers`, openStore, (scene) => {
    it('keeps a consumer as it was added, one of each name', async () => {
      const { consumers, newId } = scene()
      const settings = { batch: 3, types: ['message.sent'], own: { url: 'https://example.com/ä' } }
      const given = { id: newId(), kind: 'follow', name: `f ${newId()}`, settings, lag: 5_000, from: 77 } as const
      expect(await consumers.add(given)).toBe(true)
      expect(await consumers.add({ ...given, id: newId() })).toBe(false)
      const kept = await consumers.get(given.id)
      expect(kept).toMatchObject({
        ...given,
        generation: 0,
        state: 'ok',
        report: { behind: 0, failingSince: undefined, lastError: undefined },
      })
      expect(kept!.createdAt).toBeGreaterThanOrEqual(0)
      expect(await consumers.list()).toContainEqual(kept)
      expect(await consumers.get(newId())).toBeUndefined()
      expect(await consumers.get('no id')).toBeUndefined()
    })

    it('begins at its own time where none is given', async () => {
      const { from, createdAt } = await consumerOn(scene(), { from: undefined })
      expect(Math.abs(from - createdAt)).toBeLessThan(1_000)
    })

    it('raises the revision with every change, and the generation with a replay', async () => {
      const stage = scene()
      const { consumers } = stage
      const before = await consumerOn(stage)
      expect(await consumers.change(before.id, { settings: { batch: 9 } })).toBe(true)
      expect(await consumers.change(before.id, { state: 'off' })).toBe(true)
      expect(await consumers.change(before.id, { replayFrom: 123 })).toBe(true)
      const after = (await consumers.get(before.id))!
      expect(after).toMatchObject({ settings: { batch: 9 }, state: 'off', from: 123, generation: 1, name: before.name })
      expect(after.revision).toBe(before.revision + 3)
      expect(await consumers.change(stage.newId(), { state: 'off' })).toBe(false)
    })

    it('stores how it goes; a consumer that is off stays off', async () => {
      const stage = scene()
      const { consumers } = stage
      const { id, revision } = await consumerOn(stage)
      await consumers.report(id, { state: 'failing', failingFor: 5_000, succeededAgo: 60_000, behind: 7, lastError: '500' })
      const { report, state, createdAt } = (await consumers.get(id))!
      expect(state).toBe('failing')
      expect(report).toMatchObject({ behind: 7, lastError: '500' })
      expect(Math.abs(report.failingSince! - (createdAt - 5_000))).toBeLessThan(2_000)
      expect(Math.abs(report.lastSuccessAt! - (createdAt - 60_000))).toBeLessThan(2_000)
      await consumers.report(id, { state: 'failing', failingFor: 1, succeededAgo: undefined, behind: 8, lastError: '501' })
      expect((await consumers.get(id))!.report).toMatchObject({ failingSince: report.failingSince, lastSuccessAt: report.lastSuccessAt })
      await consumers.report(id, { state: 'ok', failingFor: undefined, succeededAgo: 0, behind: 0, lastError: undefined })
      expect(await consumers.get(id)).toMatchObject({ state: 'ok', revision, report: { failingSince: undefined, lastError: undefined } })
      await consumers.change(id, { state: 'off' })
      await consumers.report(id, { state: 'ok', failingFor: undefined, succeededAgo: 0, behind: 0, lastError: undefined })
      expect((await consumers.get(id))!.state).toBe('off')
    })

    it('gives a lease to one node, until it ends or its time is over', async () => {
      const { consumers, newId } = scene()
      const [lease, ann, bob] = [newId(), newId(), newId()]
      const won = await Promise.all([ann, bob, ann, bob].map((node) => consumers.hold(lease, node, 60_000)))
      expect(won.filter(Boolean)).toHaveLength(2)
      const [holder, other] = won[0] ? [ann, bob] : [bob, ann]
      expect(await consumers.hold(lease, holder, 60_000)).toBe(true)
      expect(await consumers.hold(lease, other, 60_000)).toBe(false)
      await consumers.release(other)
      expect(await consumers.hold(lease, other, 60_000)).toBe(false)
      await consumers.release(holder)
      expect(await consumers.hold(lease, other, 0)).toBe(true)
      expect(await consumers.hold(lease, holder, 60_000)).toBe(true)
    })

    it('lists ranges that were given up, and hands out those to be attempted once more', async () => {
      const stage = scene()
      const { consumers, persons, group } = stage
      const [ann] = await persons(1)
      const { id: consumerId, generation } = await consumerOn(stage)
      const chats = [await group(ann!), await group(ann!), await group(ann!)].sort()
      for (const chatId of chats)
        expect(
          await consumers.bury(
            { consumerId, generation, chatId, was: undefined },
            { seq: 1 },
            { chatId, from: 1, to: 1, types: ['a'], error: '500' },
          ),
        ).toBe(true)
      const stale = { consumerId, generation, chatId: chats[0]!, was: 7 }
      expect(await consumers.bury(stale, { seq: 8 }, { chatId: chats[0]!, from: 8, to: 8, types: undefined, error: 'x' })).toBe(false)
      const all = await allPages((from?: DeadPosition) => consumers.dead(consumerId, { limit: 2, from }))
      expect(all).toEqual(chats.map((chatId) => ({ chatId, from: 1, to: 1, types: ['a'], error: '500', at: expect.any(Number) })))
      expect((await consumers.dead(consumerId, { limit: 1, count: true })).total).toBe(3)
      expect(await consumers.revived(consumerId, 10)).toEqual([])
      await consumers.revive(consumerId)
      expect(await consumers.revived(consumerId, 2)).toHaveLength(2)
      await consumers.settle(consumerId, { chatId: chats[0]!, from: 1 }, undefined)
      await consumers.settle(consumerId, { chatId: chats[1]!, from: 1 }, 'again')
      expect((await consumers.revived(consumerId, 10)).map(({ chatId }) => chatId)).toEqual([chats[2]])
      expect((await consumers.dead(consumerId, { limit: 10 })).items).toMatchObject([
        { chatId: chats[1], error: 'again' },
        { chatId: chats[2] },
      ])
    })

    it('deletes a consumer with its cursors and ranges', async () => {
      const stage = scene()
      const { consumers, persons, group } = stage
      const [ann] = await persons(1)
      const chatId = await group(ann!)
      const consumer = await consumerOn(stage)
      const at = { consumerId: consumer.id, generation: consumer.generation, chatId, was: undefined }
      await consumers.bury(at, { seq: 1 }, { chatId, from: 1, to: 1, types: undefined, error: undefined })
      expect(await consumers.remove(consumer.id)).toBe(true)
      expect(await consumers.remove(consumer.id)).toBe(false)
      expect(await consumers.get(consumer.id)).toBeUndefined()
      expect((await consumers.positions(consumer, [chatId]))[0]!.cursor).toBeUndefined()
      expect((await consumers.dead(consumer.id, { limit: 10 })).items).toEqual([])
      expect(await consumers.move(at, { seq: 1 })).toBe(false)
    })
  })
