import { setTimeout as pause } from 'node:timers/promises'
import type { Received } from '../children/receiver.ts'
import type { BeginRelay, Hooks, RelaySender, StartRelay } from '../children/relay.ts'
import { startChild } from '../measure/child.ts'
import type { Measured, Plan, Section } from '../measure/plan.ts'
import { measureWindow } from '../measure/window.ts'
import { makeWorld } from '../measure/world.ts'

const CHATS = 100
const OUTSTANDING = 16
/** Leaves the processors time for what delivers and for the receiver. */
const PACE_MS = 40
const PATIENCE_MS = 120_000

/** What hooks and pushes cost those who send, and how fast they are. */
export const relay: Section = {
  name: 'relay',
  rounds: 3,
  explains: `Webhooks and Web Push, from Postgres to a receiver on this machine that answers at once. Sends: ${OUTSTANDING} at once into ${CHATS} private chats, in a process beside the one that delivers, with webhooks and without: at a pace, what one costs the process that sends; without one, all processes share the processors, so that what is delivered is missing for sends. Catching up: a webhook that asks for 100 events at once and begins at the start of everything. Ages: from an event's time to its arrival. Pushes: encrypted and signed, one for each member of a group.`,
  async prepare(bench) {
    const { seconds, isSmoke } = bench.scale
    const size = isSmoke
      ? { events: 1_000, lone: 20, devices: 20, messages: 1 }
      : { events: 20_000, lone: 200, devices: CHATS, messages: 10 }
    const postgres = await bench.postgres()
    const world = await makeWorld(postgres.url, 2 * CHATS)
    const pairs = await world.pairs(CHATS)
    const group = await world.group(2 * CHATS)
    const senders = pairs.map((chatId, i): RelaySender => ({ caller: world.people[2 * i]!, chatId }))
    const started = async (delivers: boolean, hasBus: boolean) => {
      const child = startChild('children/relay.ts', bench)
      await child.ask('start', { databaseUrl: world.url, jwtSecret: world.secret, delivers, hasBus } satisfies StartRelay)
      return child
    }
    const [delivering, beside, busless] = [await started(true, true), await started(false, true), await started(false, false)]
    const receiver = startChild('children/receiver.ts')
    const url = await receiver.ask<string>('start')
    const hooks = (count: number, more: Partial<Hooks> = {}) => delivering.ask('hooks', { url, count, ...more } satisfies Hooks)

    /** What has come when it is so many, or when no more comes. */
    async function arrived(count: number): Promise<Received> {
      const end = performance.now() + PATIENCE_MS
      for (;;) {
        const received = await receiver.ask<Received>('received')
        if (received.count >= count) return received
        if (performance.now() > end) throw new Error(`${received.count} of ${count} have arrived`)
        await pause(20)
      }
    }

    async function sends(count: number, everyMs: number): Promise<Measured> {
      await hooks(count)
      const begin: BeginRelay = { senders: senders.slice(0, OUTSTANDING), everyMs }
      const measured = await measureWindow({ load: beside, server: beside, begin, seconds })
      await hooks(0)
      return measured
    }

    /** Of the process that sends. */
    async function costs(count: number): Promise<Measured> {
      const measured = await sends(count, PACE_MS)
      return { ...measured, value: measured.serverCpu! }
    }

    async function caughtUp(): Promise<Received> {
      await receiver.ask('clear')
      await hooks(1, { batch: 100, from: 0 })
      const received = await arrived(size.events)
      await hooks(0)
      return received
    }

    async function aged(sending: typeof beside): Promise<Measured> {
      await hooks(1)
      await pause(2_000)
      await receiver.ask('clear')
      await sending.ask('send', { by: senders, count: size.lone, everyMs: 20 })
      const { p50, p99 } = await arrived(size.lone)
      await hooks(0)
      return { value: p50, p50, p99 }
    }

    async function pushed(): Promise<Measured> {
      await receiver.ask('clear')
      await delivering.ask('send', { by: [{ caller: world.people[1]!, chatId: group }], count: size.messages, everyMs: 0 })
      const { count, ms } = await arrived(size.devices * size.messages)
      return { value: count / (ms / 1_000) }
    }

    bench.say('relay: filling the log')
    const each = Math.ceil(size.events / OUTSTANDING)
    await Promise.all(senders.slice(0, OUTSTANDING).map((sender) => beside.ask('send', { by: [sender], count: each, everyMs: 0 })))
    // Those who write to the others, and are written to by nobody but in the group.
    const callers = senders.slice(0, size.devices).map(({ caller }) => caller)
    await delivering.ask('devices', { url, callers })

    const bound = (value: number) => async () => ({ value })
    const heap = async () => (await delivering.ask<{ heap: number }>('memory')).heap / 1_024
    const beneath: Pick<Plan, 'unit' | 'limitIs' | 'target'> = { unit: 'ms', limitIs: 'the bound', target: { is: 'at most', ratio: 1 } }
    return {
      plans: [
        ...(isSmoke ? [1] : [1, 10]).flatMap((count): Plan[] => {
          const beside = `beside ${count === 1 ? 'a webhook' : `${count} webhooks`} of another process`
          return [
            {
              title: `Processor time of a send, ${Math.round((OUTSTANDING * 1_000) / PACE_MS)} a second at most, ${beside}`,
              unit: 'µs',
              limitIs: 'without',
              target: { is: 'at most', ratio: 1.02 },
              times: isSmoke ? 1 : 3,
              subject: () => costs(count),
              limit: () => costs(0),
            },
            {
              title: `Sends, as many as there can be, ${beside}`,
              unit: '/s',
              limitIs: 'without',
              subject: () => sends(count, 0),
              limit: () => sends(0, 0),
            },
          ]
        }),
        {
          title: 'Events to a local receiver, catching up',
          unit: '/s',
          limitIs: 'the bound',
          target: { is: 'at least', ratio: 1 },
          subject: async () => {
            const { count, ms } = await caughtUp()
            return { value: count / (ms / 1_000) }
          },
          limit: bound(2_000),
          also: [
            {
              title: 'A million events at that rate',
              unit: 'min',
              limitIs: 'the bound',
              target: { is: 'at most', ratio: 1 },
              of: ({ value }) => ({ subject: 1e6 / value / 60, limit: 10 }),
            },
          ],
        },
        {
          title: 'Heap of the process that has caught up',
          unit: 'KiB',
          limitIs: 'before',
          target: { is: 'at most', ratio: 1.25 },
          subject: async () => {
            await caughtUp()
            return { value: await heap() }
          },
          limit: async () => ({ value: await heap() }),
        },
        { ...beneath, title: 'Age of an event at the receiver, one process', subject: () => aged(delivering), limit: bound(100) },
        {
          ...beneath,
          title: 'Age of an event at the receiver, two processes without a bus',
          subject: () => aged(busless),
          limit: bound(1_200),
        },
        {
          title: 'Pushes',
          unit: '/s',
          limitIs: 'the bound',
          target: { is: 'at least', ratio: 1 },
          subject: pushed,
          limit: bound(200),
        },
      ],
      async close() {
        for (const child of [delivering, beside, busless, receiver]) await child.stop()
        await world.close()
      },
    }
  },
}
