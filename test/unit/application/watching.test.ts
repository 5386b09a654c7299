import { describe, expect, it } from 'vitest'
import { inProcessBuses } from '../../../src/adapters/bus/in-process.ts'
import { memoryPorts } from '../../../src/adapters/memory/ports.ts'
import { memoryStore } from '../../../src/adapters/memory/store.ts'
import { promMetrics } from '../../../src/adapters/metrics/metrics.ts'
import { mailing } from '../../../src/application/identity/mailing.ts'
import type { Bus } from '../../../src/application/ports/bus.ts'
import type { Ports } from '../../../src/application/ports/ports.ts'
import type { Watch } from '../../../src/application/ports/watch.ts'
import { relay } from '../../../src/application/relay/relay.ts'
import { asId } from '../../../src/domain/ids.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import type { OpenStore } from '../../../src/main/embed.ts'
import { watching } from '../../../src/main/watching.ts'
import { world } from './given.ts'

const deaf: Bus = { publish() {}, listen() {}, follow() {}, unfollow() {}, close: async () => {} }

/** Counts as the service does, and tells the lines that are not zero. */
function counted() {
  const metrics = promMetrics()
  const defects: unknown[] = []
  const watch: Watch = watching(metrics, { warn: (facts: unknown) => void defects.push(facts) } as never)
  const lines = async (name: string) =>
    (await metrics.render()).text.split('\n').filter((line) => line.startsWith(`windi_chat_${name}`) && !line.endsWith(' 0'))
  return { watch, lines, defects }
}

/** Two processes on one store that hear nothing of each other, and a chat of two. */
async function apart(watch: Watch, change: (open: OpenStore) => OpenStore = (open) => open) {
  const store = memoryStore('epoch')
  const open: OpenStore = (onCommit) => ({ ...memoryPorts(store, onCommit), close: async () => {} })
  const there = world(() => open, { bus: deaf })
  const here = world(() => change(open), { bus: deaf, watch })
  const [anna, boris] = [await there.addPerson({ name: 'Anna' }), await there.addPerson({ name: 'Boris' })]
  const { view } = await there.api.createGroup(anna, { name: 'Group', memberIds: [boris.userId] })
  let keys = 0
  const send = (from: typeof there, text: string) =>
    from.api.sendMessage(anna, { chatId: view.chat.id, clientMessageId: asId<never>(`key-${++keys}`), text })
  return { there, here, anna, boris, chatId: view.chat.id, send }
}

describe('what is counted', () => {
  it('of events: how late they were, and which had to be read from the log', async () => {
    const { watch, lines } = counted()
    let isDown = false
    const { there, here, boris, send } = await apart(watch, (open) => (onCommit) => {
      const ports = open(onCommit)
      const read: typeof ports.log.read = (...args) => (isDown ? Promise.reject(new Refusal('overloaded')) : ports.log.read(...args))
      return { ...ports, log: { ...ports.log, read } }
    })
    await here.resumed(boris)
    await send(here, 'heard at once')
    await send(there, 'announced to nobody')
    await send(there, 'neither')
    here.clock.advance(2_000)
    isDown = true
    await expect(here.hub.poll()).rejects.toMatchObject({ code: 'overloaded' })
    isDown = false
    await here.hub.poll()
    expect(await lines('feed_')).toEqual([
      'windi_chat_feed_repairs_total{outcome="failed"} 1',
      'windi_chat_feed_repairs_total{outcome="repaired"} 1',
      'windi_chat_feed_repaired_events_total 2',
    ])
    expect(await lines('delivery_delay_seconds_bucket{le="1"}')).toEqual(['windi_chat_delivery_delay_seconds_bucket{le="1"} 1'])
    expect(await lines('delivery_delay_seconds_count')).toEqual(['windi_chat_delivery_delay_seconds_count 3'])
  })

  it('of resumes: how each ended', async () => {
    const { watch, lines } = counted()
    let isDown = false
    const { here, boris, chatId } = await apart(watch, (open) => (onCommit) => {
      const ports = open(onCommit)
      const standings: typeof ports.chats.standings = (...args) =>
        isDown ? Promise.reject(new Refusal('overloaded')) : ports.chats.standings(...args)
      return { ...ports, chats: { ...ports.chats, standings } }
    })
    const cursors = new Map([[chatId, 1]])
    const whole = await here.resumed(boris)
    const asOf = whole.connection.asOf()
    await expect(whole.connection.resume({ cursors })).rejects.toMatchObject({ code: 'already-resumed' })
    await here.device(boris).connection.resume({ epoch: 'epoch', asOf, cursors: new Map() })
    await here.device(boris).connection.resume({ epoch: 'another', cursors })
    const { connection } = here.device(boris)
    const leaving = connection.resume({ cursors })
    connection.close()
    await leaving
    isDown = true
    await expect(here.device(boris).connection.resume({ cursors })).rejects.toMatchObject({ code: 'overloaded' })
    expect((await lines('resumes_total')).toSorted()).toEqual(
      ['already-resumed', 'closed', 'moved', 'overloaded', 'reset', 'whole'].map((one) => `windi_chat_resumes_total{outcome="${one}"} 1`),
    )
  })

  it('of the relay: attempts, delays and what was given up', async () => {
    const { watch, lines } = counted()
    const store = memoryStore('epoch')
    const outcomes = [{ is: 'again', error: 'a secret text' }, { is: 'done' }, { is: 'never', error: 'a secret text' }] as const
    let [now, calls] = [1_000_000, 0]
    const open: OpenStore = (onCommit) => ({ ...memoryPorts(store, onCommit), close: async () => {} })
    const here = world(() => open, { bus: deaf, clock: () => now })
    const anna = await here.addPerson({ name: 'Anna' })
    const ports = memoryPorts(
      store,
      () => {},
      () => now,
    )
    const relayed = relay({
      ...ports,
      ...watch,
      bus: inProcessBuses()(),
      clock: () => now,
      elapsed: () => now,
      random: () => 0.5,
      newId: () => 'node',
      later() {},
      sinks: () => ({ givesUp: true, deliver: async () => outcomes[calls++]! }),
    })
    await ports.consumers.add({ id: 'hook', kind: 'hook', name: 'hook', settings: { batch: 1 }, lag: 0, from: 0 })
    await here.api.createGroup(anna, { name: 'Group', memberIds: [] })
    await here.api.createGroup(anna, { name: 'Other', memberIds: [] })
    for (let second = 0; second < 30; second++) {
      now += 1_000
      await relayed.tick()
      await new Promise(setImmediate)
    }
    expect(relayed.consumers().map(({ name }) => name)).toEqual(['hook'])
    await relayed.stop()
    expect(await lines('relay_attempts_total')).toEqual(
      ['again', 'done', 'never'].map((outcome) => `windi_chat_relay_attempts_total{kind="hook",outcome="${outcome}"} 1`),
    )
    expect(await lines('relay_given_up_total')).toEqual(['windi_chat_relay_given_up_total{kind="hook"} 1'])
    expect(await lines('relay_delay_seconds_count')).toEqual(['windi_chat_relay_delay_seconds_count{kind="hook"} 1'])
    expect((await lines('')).filter((line) => line.includes('secret'))).toEqual([])
  })

  it('of mails: what became of each', async () => {
    const { watch, lines } = counted()
    let now = 1_000_000
    let isRefused = true
    const { mails } = memoryPorts(memoryStore('epoch'), () => {})
    const posting = mailing({
      mails,
      watch,
      mail: { send: async () => (isRefused ? Promise.reject(new Error('no')) : undefined) },
      clock: () => now,
      newId: () => `mail ${now}`,
      later() {},
    } as unknown as Ports)
    await posting.post('email-change', { address: 'anna@example.com', facts: { email: 'x@example.com' } })
    await expect(posting.deliver()).rejects.toThrow('no')
    isRefused = false
    now += 10_000
    await posting.deliver()
    isRefused = true
    await posting.post('email-change', { address: 'anna@example.com', facts: { email: 'x@example.com' } })
    for (let attempt = 0; attempt < 10; attempt++) {
      await expect(posting.deliver()).rejects.toThrow('no')
      now += 30_000_000
    }
    await posting.deliver()
    expect(await lines('mails_total')).toEqual([
      'windi_chat_mails_total{kind="email-change",outcome="failed"} 10',
      'windi_chat_mails_total{kind="email-change",outcome="sent"} 1',
      'windi_chat_mails_total{kind="email-change",outcome="given-up"} 1',
    ])
    expect(await mails.waiting()).toBe(0)
  })
})
