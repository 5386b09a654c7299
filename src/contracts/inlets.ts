import { expect, it } from 'vitest'
import type { Inlet } from '../application/ports/inlets.ts'
import type { ChatId, UserId } from '../domain/ids.ts'
import { rulesOf } from './harness.ts'
import type { Scene } from './scene.ts'
import type { OpenStore } from './store-harness.ts'

const inletOf = ({ newId, tick }: Scene, chatId: ChatId, by: UserId): Inlet => {
  const id = newId()
  return { id, chatId, botId: by, name: 'Build', hash: `digest of ${id}`, createdBy: by, createdAt: tick() }
}

/** What `Inlets` promises. */
export const inletsContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: inlets`, openStore, (scene) => {
    it('keeps inlets as they were added, lists those of a chat oldest first, and removes one', async () => {
      const stage = scene()
      const { person, group, inlets, newId } = stage
      const ann = await person()
      const [chat, other] = [await group(ann), await group(ann)]
      const made = Array.from({ length: 3 }, () => inletOf(stage, chat, ann))
      for (const inlet of made.toReversed()) expect(await inlets.add(inlet, 10)).toBe(true)
      expect(await inlets.list(chat)).toEqual(made)
      expect(await inlets.list(other)).toEqual([])
      expect(await inlets.get(made[1]!.id)).toEqual(made[1])
      expect(await inlets.get(newId())).toBeUndefined()
      expect(await inlets.get('no id')).toBeUndefined()
      expect(await inlets.remove(other, made[1]!.id)).toBe(false)
      expect(await inlets.remove(chat, 'no id')).toBe(false)
      expect(await inlets.remove(chat, made[1]!.id)).toBe(true)
      expect(await inlets.remove(chat, made[1]!.id)).toBe(false)
      expect(await inlets.list(chat)).toEqual([made[0], made[2]])
    })

    it('counts the inlets of a chat exactly, however many are added at once', async () => {
      const stage = scene()
      const { person, group, inlets } = stage
      const ann = await person()
      const [chat, other] = [await group(ann), await group(ann)]
      const added = await Promise.all(Array.from({ length: 8 }, () => inlets.add(inletOf(stage, chat, ann), 5)))
      expect(added.filter(Boolean)).toHaveLength(5)
      expect(await inlets.list(chat)).toHaveLength(5)
      expect(await inlets.add(inletOf(stage, other, ann), 5)).toBe(true)
    })

    it('has none of a chat that was deleted', async () => {
      const stage = scene()
      const { person, group, inlets, disband } = stage
      const ann = await person()
      const chat = await group(ann)
      const inlet = inletOf(stage, chat, ann)
      expect(await inlets.add(inlet, 5)).toBe(true)
      await disband(chat, ann)
      expect(await inlets.get(inlet.id)).toBeUndefined()
      expect(await inlets.list(chat)).toEqual([])
      expect(await inlets.add(inletOf(stage, chat, ann), 5)).toBe(false)
    })
  })
