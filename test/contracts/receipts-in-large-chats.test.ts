import { describe, expect, it } from 'vitest'
import { sceneOf } from '../../src/contracts/scene.ts'
import type { ChatId, UserId } from '../../src/domain/ids.ts'
import { databases } from '../support/databases.ts'
import { openStore } from '../support/stores.ts'

describe.each(databases)('receipts in a large chat, on %s', (kind) => {
  it('tell the lowest two marks exactly, whoever moves, leaves and joins', async () => {
    const store = await openStore(kind)
    const { persons, group, send, dismiss, add, receipts, tick } = sceneOf(store)
    const people = await persons(120)
    const chat = await group(people[0]!, ...people.slice(1))
    for (let i = 0; i < 20; i++) await send(chat, people[0]!)
    const marks = new Map<UserId, number>(people.map((id) => [id, 1]))
    const lowest = () => [...marks.values()].toSorted((a, b) => a - b).slice(0, 2)
    const read = async (userId: UserId, to: number) => {
      marks.set(userId, Math.max(marks.get(userId)!, to))
      const marked = await receipts.advance({ chatId: chat, userId, to, at: tick() })
      expect(marked).toMatchObject({ memberCount: marks.size, receipt: { readSeq: marks.get(userId) } })
      expect(marked!.lowest.map(({ readSeq }) => readSeq)).toEqual(lowest())
      for (const mark of marked!.lowest) expect(mark.readSeq).toBe(marks.get(mark.userId))
    }
    for (const [i, id] of people.entries()) await read(id, 2 + (i % 3))
    for (const [i, id] of people.entries()) if (i % 3 === 0) await read(id, 9)
    const behind = people.filter((id) => marks.get(id) === lowest()[0])
    for (const id of behind.slice(0, -1)) await read(id, 12)
    await dismiss(chat, people[0]!, behind.at(-1)!)
    marks.delete(behind.at(-1)!)
    await read(people[3]!, 10)
    marks.set(behind.at(-1)!, await rejoined(chat, behind.at(-1)!))
    for (const id of people) await read(id, 15)
    expect(lowest()).toEqual([15, 15])
    await store.close?.()

    async function rejoined(chatId: ChatId, userId: UserId) {
      await add(chatId, people[0]!, userId)
      return (await store.chats.standing(userId, chatId))!.readSeq
    }
  })
})
