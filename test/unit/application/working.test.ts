import { describe, expect, it } from 'vitest'
import { memoryConsumers } from '../../../src/adapters/memory/consumers.ts'
import { memoryPorts } from '../../../src/adapters/memory/ports.ts'
import type { Consumer, Consumers, DeadRange } from '../../../src/application/ports/consumers.ts'
import type { Outcome, Sink } from '../../../src/application/ports/sink.ts'
import { worker } from '../../../src/application/relay/worker.ts'
import type { ChatId } from '../../../src/domain/ids.ts'
import { handClock } from '../../support/waiting.ts'
import { processes } from './unpolled.ts'

const [SECOND, MINUTE] = [1_000, 60_000]
const settled = async () => {
  for (let i = 0; i < 20; i++) await new Promise<void>((done) => setImmediate(done))
}

/** What delivers to one consumer on a store in which people write, and what it asks the store. */
async function scene(settings: object = {}) {
  const at = processes()
  const elapsed = handClock(0)
  const [delivered, defects, looked, moved]: [string[], string[], (readonly ChatId[])[], ChatId[]] = [[], [], [], []]
  let answer: () => Outcome | Promise<Outcome> = () => ({ is: 'done' })
  let isDown = false
  let revived: readonly DeadRange[] = []
  let looks = 0
  const sink: Sink = {
    givesUp: true,
    async deliver({ chatId, from, to }) {
      delivered.push(`${chatId} ${from}-${to}`)
      return answer()
    },
  }
  const store = memoryConsumers(at.store, at.clock.now)
  const consumers: Consumers = {
    ...store,
    async positions(consumer, ids) {
      looked.push(ids)
      if (isDown) throw new Error('down')
      return store.positions(consumer, ids)
    },
    async revived() {
      looks++
      return revived
    },
    async settle(_consumer, { chatId }) {
      revived = revived.filter((range) => range.chatId !== chatId)
    },
    async move(cursor, to) {
      moved.push(cursor.chatId)
      return store.move(cursor, to)
    },
  }
  const { log } = memoryPorts(at.store, () => {})
  const onDefect = (error: unknown) => void defects.push((error as Error).message)
  const watch = { onDelivered() {}, onGivenUp() {}, onDefect }
  const needs = { log, consumers, elapsed: elapsed.now, clock: at.clock.now, random: () => 0.5, epoch: async () => 'epoch', ...watch }
  await store.add({ id: 'c', kind: 'hook', name: 'c', settings: { batch: 1, ...settings }, lag: 0, from: 0 })
  const consumer = async () => (await store.get('c'))!
  const made = worker(needs, await consumer(), sink)
  const ann = await at.person('Ann')
  return {
    ...made,
    at,
    elapsed,
    delivered,
    defects,
    looked,
    moved,
    store,
    consumer,
    group: () => at.group(ann),
    say: (chatId: ChatId) => at.say(ann, chatId),
    answer: (next: typeof answer) => void (answer = next),
    /** These ranges of one event are to be attempted once more. */
    revive: (...chatIds: readonly ChatId[]) =>
      void (revived = chatIds.map((chatId) => ({ chatId, from: 1, to: 1, types: undefined, at: 0, error: undefined }))),
    looks: () => looks,
    down: (is: boolean) => void (isDown = is),
    async hear(chatId: ChatId, head: number) {
      made.heard(chatId, head)
      await settled()
    },
    async pass(ms: number) {
      elapsed.advance(ms)
      at.clock.advance(ms)
      await made.tick()
      await settled()
    },
  }
}

describe('a delivery to a consumer', () => {
  it('begins only where the lease lasts longer than an attempt, and the consumer is not off', async () => {
    const { group, hear, hold, delivered, changed, consumer, pass, looked } = await scene()
    const chatId = await group()
    await hear(chatId, 1)
    hold(16 * SECOND - 1)
    await settled()
    expect([delivered, looked]).toEqual([[], []])
    hold(16 * SECOND)
    await settled()
    expect(delivered).toEqual([`${chatId} 1-1`])
    changed({ ...(await consumer()), state: 'off' })
    hold(MINUTE)
    await hear(await group(), 1)
    await pass(0)
    expect(delivered).toHaveLength(1)
  })

  it('of what the worker was told to stop with is not begun', async () => {
    const { group, hear, hold, delivered, stop, pass } = await scene()
    hold(MINUTE)
    await stop()
    await hear(await group(), 1)
    await pass(0)
    expect(delivered).toEqual([])
  })

  it('in one chat ends before the next one there begins, whatever is announced meanwhile', async () => {
    const { group, say, hear, hold, delivered, answer } = await scene()
    const chatId = await group()
    hold(MINUTE)
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    answer(() => promise)
    await hear(chatId, 1)
    await say(chatId)
    await hear(chatId, 2)
    hold(MINUTE)
    await settled()
    expect(delivered).toEqual([`${chatId} 1-1`])
    answer(() => ({ is: 'done' }))
    resolve({ is: 'done' })
    await settled()
    expect(delivered).toEqual([`${chatId} 1-1`, `${chatId} 2-2`])
  })

  it('that the store has spoilt is repeated after a second, and told', async () => {
    const { group, hear, hold, delivered, answer, defects, pass } = await scene()
    hold(10 * MINUTE)
    answer(() => ({ is: 'later', error: 'overloaded' }))
    await hear(await group(), 1)
    expect([delivered.length, defects]).toEqual([1, ['overloaded']])
    await pass(SECOND - 1)
    expect(delivered).toHaveLength(1)
    await pass(1)
    expect(delivered).toHaveLength(2)
  })
})

describe('a lease', () => {
  it('that was lost and taken again has cursors read anew: another process may have moved them', async () => {
    const { group, say, hear, hold, delivered, looked, store } = await scene()
    const chatId = await group()
    hold(MINUTE)
    await hear(chatId, 1)
    await say(chatId)
    await store.move({ consumerId: 'c', generation: 0, chatId, was: 1 }, { seq: 2 })
    hold(0)
    hold(MINUTE)
    await say(chatId)
    await hear(chatId, 3)
    expect([delivered, looked]).toEqual([
      [`${chatId} 1-1`, `${chatId} 3-3`],
      [[chatId], [chatId]],
    ])
  })

  it('that goes on keeps what is known', async () => {
    const { group, say, hear, hold, looked } = await scene()
    const chatId = await group()
    hold(MINUTE)
    await hear(chatId, 1)
    hold(2 * MINUTE)
    await say(chatId)
    await hear(chatId, 2)
    expect(looked).toEqual([[chatId]])
  })
})

describe('cursors', () => {
  it('are looked up five hundred at once', async () => {
    const { heard, hold, looked } = await scene()
    for (let i = 0; i < 1_001; i++) heard(`chat ${i}` as ChatId, 1)
    expect(looked).toEqual([])
    hold(MINUTE)
    await settled()
    expect(looked.map(({ length }) => length)).toEqual([500, 500, 1])
    expect(new Set(looked.flat()).size).toBe(1_001)
  })

  it('of chats that the store does not know yet are looked up when they are announced again', async () => {
    const { group, hear, hold, looked, delivered } = await scene()
    hold(MINUTE)
    await hear('id-3' as ChatId, 1)
    hold(MINUTE)
    await settled()
    expect(looked).toEqual([['id-3']])
    const chatId = await group()
    await hear(chatId, 1)
    expect(delivered).toEqual([`${chatId} 1-1`])
  })

  it('that could not be looked up are looked up by the next tick', async () => {
    const { group, hear, hold, delivered, defects, down, pass } = await scene()
    hold(MINUTE)
    down(true)
    const chatId = await group()
    await hear(chatId, 1)
    expect([defects, delivered]).toEqual([['down'], []])
    down(false)
    await pass(0)
    expect(delivered).toEqual([`${chatId} 1-1`])
  })

  it('of what was skipped are stored once a minute, and not twice', async () => {
    const { group, hear, hold, moved, pass } = await scene({ types: ['message.edited'] })
    const chatId = await group()
    hold(10 * MINUTE)
    await hear(chatId, 1)
    await pass(MINUTE - 1)
    expect(moved).toEqual([])
    await pass(1)
    expect(moved).toEqual([chatId])
    await pass(MINUTE)
    expect(moved).toEqual([chatId])
  })
})

describe('a consumer', () => {
  it('that names its chats is told of no other', async () => {
    const { group, hear, hold, looked, delivered, changed, consumer } = await scene()
    const [wanted, other] = [await group(), await group()]
    const now: Consumer = await consumer()
    changed({ ...now, settings: { batch: 1, chatIds: [wanted] } })
    hold(MINUTE)
    await hear(other, 1)
    await hear(wanted, 1)
    expect([looked, delivered]).toEqual([[[wanted]], [`${wanted} 1-1`]])
  })

  it('that was changed from outside begins with what the store has', async () => {
    const { group, hear, hold, delivered, changed, consumer, store } = await scene()
    const chatId = await group()
    hold(MINUTE)
    await hear(chatId, 1)
    await store.change('c', { replayFrom: 0 })
    changed(await consumer())
    await hear(chatId, 1)
    expect(delivered).toEqual([`${chatId} 1-1`, `${chatId} 1-1`])
  })
})

describe('what is to be attempted once more', () => {
  it('is looked for when a lease begins and when the consumer was changed, and not otherwise', async () => {
    const { hold, pass, changed, consumer, looks } = await scene()
    hold(10 * MINUTE)
    for (let i = 0; i < 3; i++) await pass(0)
    hold(20 * MINUTE)
    await pass(0)
    expect(looks()).toBe(1)
    hold(0)
    await pass(0)
    expect(looks()).toBe(1)
    hold(20 * MINUTE)
    await pass(0)
    expect(looks()).toBe(2)
    changed(await consumer())
    await pass(0)
    expect(looks()).toBe(3)
  })

  it('is attempted between the others: not in a chat in which something is under way, nor beside sixteen', async () => {
    const { group, hear, hold, pass, answer, delivered, revive, changed, consumer } = await scene()
    const chats = await Promise.all(Array.from({ length: 16 }, () => group()))
    const other = await group()
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    answer(() => promise)
    hold(MINUTE)
    await hear(chats[0]!, 1)
    changed({ ...(await consumer()), settings: { batch: 1, chatIds: chats } })
    revive(chats[0]!, other)
    await pass(0)
    expect(delivered.filter((one) => one.startsWith(other) || one.startsWith(chats[0]!))).toEqual([`${chats[0]} 1-1`, `${other} 1-1`])
    answer(() => ({ is: 'done' }))
    resolve({ is: 'done' })
    await settled()
    await pass(0)
    await pass(0)
    expect(delivered.filter((one) => one === `${chats[0]} 1-1`).length).toBeGreaterThan(1)
  })
})

it('what was announced before the first lease is delivered with it', async () => {
  const { group, hear, hold, delivered } = await scene()
  const chatId = await group()
  await hear(chatId, 1)
  hold(0)
  hold(MINUTE)
  await settled()
  expect(delivered).toEqual([`${chatId} 1-1`])
})
