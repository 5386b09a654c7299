import type { ChatEvent } from '../../domain/event.ts'
import type { ChatId, Duration, Seq } from '../../domain/ids.ts'
import { RELAY_TOPIC, type RelayMessage } from '../ports/bus.ts'
import type { Consumer } from '../ports/consumers.ts'
import type { Ports } from '../ports/ports.ts'
import type { Outcome } from '../ports/sink.ts'
import { type Worker, worker } from './worker.ts'

const LEASE: Duration = 30_000
const RENEWED_EVERY: Duration = 10_000
const LISTED_EVERY: Duration = 5_000
/** Announcements are gathered for so long before other processes hear of them. */
const GATHERED: Duration = 50
/** What is read from the store looks back so far: what was committed late is found all the same. */
const OVERLAP: Duration = 30_000
const FORGOTTEN_AFTER: Duration = 30 * 86_400_000

export type RelayNeeds = Pick<
  Ports,
  'log' | 'consumers' | 'chats' | 'bus' | 'random' | 'clock' | 'elapsed' | 'later' | 'newId' | 'sinks'
> & {
  readonly onDefect?: ((error: unknown) => void) | undefined
  readonly onDelivered?: ((consumer: Consumer, outcome: Outcome['is'], events: number) => void) | undefined
}

/**
 * Brings the events of every chat to consumers: to each by one process at a time, in order within a chat, at least once. What is new is
 * announced by commits here and by the bus, found in the store each second, and by looking through all chats now and then.
 */
export interface Relay {
  /** Takes every commit of this process. */
  committed(events: readonly ChatEvent[]): void
  /** The relay's own messages from other processes. */
  receive(message: RelayMessage): void
  /** A consumer was added, changed or deleted: here and in other processes it is looked at again at once. */
  changed(): void
  /** Renews leases, looks for what is new, attempts again. To be called every second or so. */
  tick(): Promise<void>
  /** Forgets deletions of chats that consumers had 30 days to hear of. */
  forget(): Promise<number>
  /** Ends the leases, once what is under way has ended. */
  stop(): Promise<void>
}

interface Held {
  consumer: Consumer
  readonly worker: Worker
  renewedAt: Duration
  until: Duration
}

export function relay(needs: RelayNeeds): Relay {
  const { consumers, chats, bus, clock, later, newId, elapsed, sinks, onDefect = () => {}, onDelivered = () => {} } = needs
  const node = newId()
  const held = new Map<string, Held>()
  let gathered = new Map<ChatId, Seq>()
  let listedAt = Number.NEGATIVE_INFINITY
  let [isAny, isStopped, isFollowing] = [false, false, false]
  let isTelling = false
  let epoch: Promise<string> | undefined
  let listing: Promise<void> | undefined
  const workerNeeds = { ...needs, onDefect, onDelivered, epoch: () => (epoch ??= chats.epoch()) }

  function heard(heads: Iterable<readonly [ChatId, Seq]>): void {
    for (const [chatId, head] of heads) for (const { worker } of held.values()) worker.heard(chatId, head)
  }

  function tell(): void {
    const notice = { type: 'behind', heads: [...gathered] } as const
    gathered = new Map()
    bus.publish([{ topic: RELAY_TOPIC, notice }])
  }

  /** What consumers there are, and which of them are this process's to serve. */
  function list(): Promise<void> {
    listing ??= read().finally(() => {
      listing = undefined
    })
    return listing
  }

  async function read(): Promise<void> {
    const all = await consumers.list()
    listedAt = elapsed()
    epoch = undefined
    isAny = all.length > 0
    if (isAny && !isFollowing) bus.follow([RELAY_TOPIC])
    isFollowing = isAny
    const present = new Set(all.map(({ id }) => id))
    for (const [id, { worker }] of held) {
      if (present.has(id)) continue
      held.delete(id)
      void worker.stop()
    }
    for (const consumer of all) serve(consumer)
  }

  function serve(consumer: Consumer): void {
    const known = held.get(consumer.id)
    const sink = sinks(consumer)
    if (!known && sink && !isStopped)
      held.set(consumer.id, { consumer, worker: worker(workerNeeds, consumer, sink), renewedAt: Number.NEGATIVE_INFINITY, until: 0 })
    if (!known || known.consumer.revision === consumer.revision) return
    known.consumer = consumer
    known.worker.changed(consumer)
  }

  async function renew(one: Held): Promise<void> {
    const now = elapsed()
    if (now - one.renewedAt < RENEWED_EVERY) return
    one.renewedAt = now
    const isHeld = await consumers.hold(one.consumer.id, node, LEASE)
    const wasHeld = one.until > now
    one.until = isHeld ? now + LEASE : 0
    if (!isHeld || !wasHeld) one.worker.hold(0)
    if (isHeld) one.worker.hold(one.until)
  }

  async function tick(): Promise<void> {
    if (isStopped) return
    if (elapsed() - listedAt >= LISTED_EVERY) await list()
    const all = [...held.values()]
    await Promise.all(all.map((one) => renew(one).catch(onDefect)))
    if (all.some(({ until }) => until > elapsed())) heard(await consumers.recent(clock() - OVERLAP))
    await Promise.all(all.map(({ worker }) => worker.tick().catch(onDefect)))
  }

  return {
    committed(events) {
      if (!isAny) return
      for (const { chatId, seq } of events) gathered.set(chatId, seq)
      heard(events.map(({ chatId, seq }) => [chatId, seq] as const))
      if (gathered.size > 0 && !isTelling) {
        isTelling = true
        later(() => {
          isTelling = false
          tell()
        }, GATHERED)
      }
    },
    receive(message) {
      if (message.type === 'behind') heard(message.heads)
      else void list().catch(onDefect)
    },
    changed() {
      bus.publish([{ topic: RELAY_TOPIC, notice: { type: 'consumers' } }])
      listing = undefined
      void list().then(tick).catch(onDefect)
    },
    tick,
    forget: () => consumers.forget(FORGOTTEN_AFTER),
    async stop() {
      isStopped = true
      await Promise.all([...held.values()].map(({ worker }) => worker.stop()))
      await consumers.release(node)
    },
  }
}
