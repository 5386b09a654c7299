import { describe, expect, it } from 'vitest'
import { memoryConsumers } from '../../../src/adapters/memory/consumers.ts'
import { memoryPorts } from '../../../src/adapters/memory/ports.ts'
import { type Bus, RELAY_TOPIC } from '../../../src/application/ports/bus.ts'
import type { Consumers } from '../../../src/application/ports/consumers.ts'
import type { Outcome, Sink } from '../../../src/application/ports/sink.ts'
import { relay } from '../../../src/application/relay/relay.ts'
import type { ChatEvent } from '../../../src/domain/event.ts'
import { handClock } from '../../support/waiting.ts'
import { type Processes, processes } from './unpolled.ts'

const SECOND = 1_000
const settled = async () => {
  for (let i = 0; i < 20; i++) await new Promise<void>((done) => setImmediate(done))
}

let nodes = 0

/** A process on a store in which people write, with consumers whose deliveries are written down. */
function world({ at = processes(), change = (consumers: Consumers) => consumers, hasSink = true } = {}) {
  const elapsed = handClock(0)
  const delivered: string[] = []
  const said: unknown[] = []
  const defects: string[] = []
  const due: { readonly run: () => void; readonly wait: number }[] = []
  let outcome: Outcome | Promise<Outcome> = { is: 'done' }
  let isServed = hasSink
  const sink: Sink = {
    givesUp: true,
    async deliver({ consumer, from, to }) {
      delivered.push(`${consumer.id} ${from}-${to}`)
      return outcome
    },
  }
  const note =
    (name: string) =>
    (...given: unknown[]) =>
      void said.push([name, ...given])
  const bus = { publish: note('publish'), follow: note('follow'), unfollow: note('unfollow') } as unknown as Bus
  const consumers = change(memoryConsumers(at.store, at.clock.now))
  const ports = memoryPorts(at.store, () => {})
  const made = relay({
    log: ports.log,
    chats: ports.chats,
    consumers,
    bus,
    elapsed: elapsed.now,
    clock: at.clock.now,
    random: () => 0.5,
    newId: () => `node ${++nodes}`,
    later: (run, wait) => void due.push({ run, wait }),
    sinks: () => (isServed ? sink : undefined),
    onDefect: (error) => void defects.push((error as Error).message),
  })
  return {
    ...made,
    at,
    store: consumers,
    elapsed,
    delivered,
    said,
    defects,
    due,
    answer: (next: Outcome | Promise<Outcome>) => void (outcome = next),
    serve: (is: boolean) => void (isServed = is),
    add: (id: string, more: object = {}) =>
      consumers.add({ id, kind: 'hook', name: id, settings: { batch: 1, ...more }, lag: 0, from: undefined }),
    /** So much time goes by, and what is under way comes to its end. */
    async pass(ms = SECOND) {
      elapsed.advance(ms)
      at.clock.advance(ms)
      await made.tick()
      await settled()
    },
  }
}

async function chatIn(at: Processes) {
  const ann = await at.person('Ann')
  const chatId = await at.group(ann)
  return { chatId, say: () => at.say(ann, chatId) }
}
const events = (chatId: string, ...seqs: number[]) => seqs.map((seq) => ({ chatId, seq }) as unknown as ChatEvent)

describe('a process that has no consumer', () => {
  it('hears and tells nothing', async () => {
    const { committed, pass, said, due } = world()
    await pass()
    committed(events('chat', 1))
    expect([said, due]).toEqual([[], []])
  })

  it('follows the others once there is one, and no longer once there is none', async () => {
    const { add, store, pass, said, consumers } = world()
    await pass()
    await add('a')
    await pass(4 * SECOND)
    expect(said).toEqual([])
    await pass()
    expect([said, consumers().map(({ id }) => id)]).toEqual([[['follow', [RELAY_TOPIC]]], ['a']])
    await pass(5 * SECOND)
    await store.remove('a')
    await pass(5 * SECOND)
    await pass(5 * SECOND)
    expect(said).toEqual([
      ['follow', [RELAY_TOPIC]],
      ['unfollow', [RELAY_TOPIC]],
    ])
  })
})

describe('what is committed', () => {
  it('is told to the others after 50 ms, together', async () => {
    const { add, pass, committed, due, said } = world()
    await add('a')
    await pass()
    said.splice(0)
    committed([])
    expect(due).toEqual([])
    committed(events('x', 1, 2))
    committed([...events('y', 5), ...events('x', 3)])
    expect([due.map(({ wait }) => wait), said]).toEqual([[50], []])
    due.splice(0)[0]!.run()
    const heads = (...all: [string, number][]) => ['publish', [{ topic: RELAY_TOPIC, notice: { type: 'behind', heads: all } }]]
    expect(said).toEqual([heads(['x', 3], ['y', 5])])
    committed(events('x', 4))
    due.splice(0)[0]!.run()
    expect(said[1]).toEqual(heads(['x', 4]))
  })

  it('is delivered at once, as is what others announce, in the order of the chat', async () => {
    const { add, pass, committed, receive, delivered, at } = world()
    const { chatId, say } = await chatIn(at)
    await add('a')
    await pass()
    expect(delivered).toEqual(['a 1-1'])
    await say()
    await say()
    committed(events(chatId, 2, 3))
    await settled()
    await say()
    receive({ type: 'behind', heads: [[chatId, 4]] })
    await settled()
    expect(delivered.slice(1)).toEqual(['a 2-2', 'a 3-3', 'a 4-4'])
  })

  it('and not announced is found within a second', async () => {
    const { add, pass, delivered, at } = world()
    await add('a')
    await pass()
    const { say } = await chatIn(at)
    await say()
    await pass()
    expect(delivered).toEqual(['a 1-1', 'a 2-2'])
  })

  it('is looked for half a minute back, by whoever delivers', async () => {
    const asked: number[] = []
    const change = (consumers: Consumers): Consumers => ({
      ...consumers,
      async recent(since) {
        asked.push(since)
        return consumers.recent(since)
      },
    })
    const { add, pass, at } = world({ change })
    await pass()
    expect(asked).toEqual([])
    await add('a')
    await pass(5 * SECOND)
    expect(asked).toEqual([at.clock.now() - 30 * SECOND])
    const other = world({ at, change })
    await other.pass()
    expect(asked).toHaveLength(1)
  })
})

describe('a consumer', () => {
  it('that is changed is looked at again, here and elsewhere', async () => {
    const { add, pass, changed, said } = world()
    await pass()
    await add('a')
    changed()
    await settled()
    expect(said).toEqual([
      ['publish', [{ topic: RELAY_TOPIC, notice: { type: 'consumers' } }]],
      ['follow', [RELAY_TOPIC]],
    ])
    const other = world()
    await other.pass()
    await other.add('b')
    other.receive({ type: 'consumers' })
    await settled()
    expect(other.said).toEqual([['follow', [RELAY_TOPIC]]])
  })

  it('is served by one process, until that stops', async () => {
    const at = processes()
    const [first, second] = [world({ at }), world({ at })]
    await first.add('a')
    const { say } = await chatIn(at)
    await first.pass()
    const leases = at.store.relay.leases
    expect([first.delivered, [...leases.keys()]]).toEqual([['a 1-1'], ['a']])
    await say()
    await second.pass()
    expect(second.delivered).toEqual([])
    leases.delete('a')
    await first.stop()
    await first.pass(20 * SECOND)
    expect(first.delivered).toEqual(['a 1-1'])
    await second.pass(20 * SECOND)
    expect(second.delivered).toEqual(['a 2-2'])
    await second.stop()
    expect(leases.size).toBe(0)
  })

  it('for which a process has no sink is not served by it', async () => {
    const { add, pass, delivered, at } = world({ hasSink: false })
    await add('a')
    await chatIn(at)
    await pass()
    await pass()
    expect([delivered, at.store.relay.leases.size]).toEqual([[], 0])
  })

  it('that is deleted, or for which there is no sink any longer, gets nothing more', async () => {
    for (const isDeleted of [true, false]) {
      const { at, add, store, serve, pass, committed, delivered } = world()
      const { chatId, say } = await chatIn(at)
      await add('a')
      await pass()
      if (isDeleted) await store.remove('a')
      serve(isDeleted)
      await pass(5 * SECOND)
      await say()
      committed(events(chatId, 2))
      await settled()
      await pass()
      expect(delivered).toEqual(['a 1-1'])
      serve(true)
      await pass(5 * SECOND)
      await pass(20 * SECOND)
      expect(delivered.slice(1)).toEqual(isDeleted ? [] : ['a 2-2'])
    }
  })

  it('that was changed from outside is served as it is now', async () => {
    const { at, add, store, pass, committed, delivered } = world()
    const { chatId, say } = await chatIn(at)
    await add('a')
    await pass()
    await store.change('a', { state: 'off' })
    await pass(5 * SECOND)
    await say()
    committed(events(chatId, 2))
    await settled()
    await pass()
    expect(delivered).toEqual(['a 1-1'])
    await store.change('a', { state: 'ok' })
    await pass(5 * SECOND)
    expect(delivered).toEqual(['a 1-1', 'a 2-2'])
  })

  it('is served no longer where its lease is lost', async () => {
    const { add, pass, delivered, at } = world()
    await add('a')
    const { say } = await chatIn(at)
    await pass()
    at.store.relay.leases.set('a', { node: 'another', until: at.clock.now() + 3_600_000 })
    await pass(10 * SECOND)
    await say()
    await pass()
    expect(delivered).toEqual(['a 1-1'])
  })

  it('keeps its lease by renewing it every ten seconds', async () => {
    const { add, pass, at } = world()
    await add('a')
    await pass()
    const until = () => at.store.relay.leases.get('a')!.until - at.clock.now()
    expect(until()).toBe(30 * SECOND)
    await pass(9 * SECOND)
    expect(until()).toBe(21 * SECOND)
    await pass()
    expect(until()).toBe(30 * SECOND)
  })

  it('that asks for other chats does not get this one', async () => {
    const { add, pass, committed, delivered, at } = world()
    const { chatId, say } = await chatIn(at)
    await add('a', { chatIds: ['other'] })
    await add('b', { chatIds: [chatId] })
    await pass()
    await say()
    committed(events(chatId, 2))
    await settled()
    await pass()
    expect(delivered).toEqual(['b 1-1', 'b 2-2'])
  })

  it('that fails is left alone until it is time, and goes on in the other chats', async () => {
    const { add, pass, answer, delivered, at } = world()
    const [first, second] = [await chatIn(at), await chatIn(at)]
    expect(first.chatId < second.chatId).toBe(true)
    await add('a')
    answer({ is: 'again', error: 'away' })
    await pass()
    expect(delivered).toEqual(['a 1-1', 'a 1-1'])
    await pass(4 * SECOND)
    expect(delivered).toHaveLength(2)
    answer({ is: 'done' })
    await pass(SECOND)
    expect(delivered).toHaveLength(4)
    await pass()
    expect(at.store.relay.consumers.get('a')!.report).toMatchObject({ behind: 0, lastError: undefined })
  })

  it('that has failed for three minutes gets one range at a time, the one that failed first', async () => {
    const { add, pass, answer, delivered, at } = world()
    await chatIn(at)
    await chatIn(at)
    await add('a')
    answer({ is: 'again', error: 'away' })
    for (let i = 0; i < 190; i++) await pass()
    expect(at.store.relay.consumers.get('a')).toMatchObject({ state: 'failing', report: { lastError: 'away', behind: 2 } })
    delivered.splice(0)
    for (let i = 0; i < 40; i++) await pass()
    expect(delivered.length).toBeLessThanOrEqual(2)
    answer({ is: 'done' })
    for (let i = 0; i < 130; i++) await pass()
    expect(at.store.relay.consumers.get('a')).toMatchObject({ state: 'ok', report: { lastError: undefined } })
    delivered.splice(0)
    for (let i = 0; i < 10; i++) await pass()
    expect(delivered).toEqual([])
  })

  it('is delivered to in sixteen chats at the same time, at most', async () => {
    const { add, pass, answer, delivered, at } = world()
    for (let i = 0; i < 20; i++) await chatIn(at)
    await add('a')
    const gone = Promise.withResolvers<Outcome>()
    answer(gone.promise)
    await pass()
    expect(delivered).toHaveLength(16)
    answer({ is: 'done' })
    gone.resolve({ is: 'done' })
    await settled()
    expect(delivered).toHaveLength(20)
  })

  it('is stopped once what is under way has ended', async () => {
    const { add, pass, answer, stop, at } = world()
    await chatIn(at)
    await add('a')
    const work = Promise.withResolvers<Outcome>()
    answer(work.promise)
    await pass()
    let isStopped = false
    const stopped = stop().then(() => (isStopped = true))
    await settled()
    expect([isStopped, at.store.relay.leases.size]).toEqual([false, 1])
    work.resolve({ is: 'done' })
    await stopped
    expect(at.store.relay.leases.size).toBe(0)
  })

  it('outlives a store that fails for a while', async () => {
    let isDown = false
    const failing = (consumers: Consumers): Consumers => ({
      ...consumers,
      positions: (...given) => (isDown ? Promise.reject(new Error('down')) : consumers.positions(...given)),
      move: (...given) => (isDown ? Promise.reject(new Error('down')) : consumers.move(...given)),
    })
    const { add, pass, committed, defects, delivered, at } = world({ change: failing })
    await add('a')
    await pass()
    const { chatId } = await chatIn(at)
    isDown = true
    committed(events(chatId, 1))
    await settled()
    expect([defects.length > 0, new Set(defects)]).toEqual([true, new Set(['down'])])
    isDown = false
    await pass()
    await pass()
    expect(delivered.at(-1)).toBe('a 1-1')
  })

  it('has what it skips stored once a minute', async () => {
    const { add, pass, store, at } = world()
    await add('a', { types: ['message.edited'] })
    const { chatId } = await chatIn(at)
    const stored = async () => (await store.positions((await store.get('a'))!, [chatId]))[0]!.cursor?.seq
    await pass()
    for (let i = 0; i < 59; i++) await pass()
    expect(await stored()).toBeUndefined()
    await pass()
    expect(await stored()).toBe(1)
  })
})

it('a deleted chat is forgotten when consumers had thirty days to hear of it', async () => {
  const asked: number[] = []
  const change = (consumers: Consumers): Consumers => ({
    ...consumers,
    async forget(age) {
      asked.push(age)
      return 3
    },
  })
  const { forget } = world({ change })
  expect([await forget(), asked]).toEqual([3, [30 * 86_400_000]])
})
