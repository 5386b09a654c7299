import type { ChatEvent } from '../../domain/event.ts'
import type { ChatId, Duration, Seq } from '../../domain/ids.ts'
import { RELAY_TOPIC, type RelayMessage } from '../ports/bus.ts'
import type { Consumer } from '../ports/consumers.ts'
import type { Ports } from '../ports/ports.ts'
import { unwatched, type Watch } from '../ports/watch.ts'
import { serving } from './serving.ts'
import type { WorkerNeeds } from './worker.ts'

const LISTED_EVERY: Duration = 5_000
/** Announcements are gathered for so long before other processes receive them. */
const GATHERED: Duration = 50
/** What is read from the store looks back so far: what was committed late is found all the same. */
const OVERLAP: Duration = 30_000
const FORGOTTEN_AFTER: Duration = 30 * 86_400_000

export type RelayNeeds = Pick<Ports, 'chats' | 'bus' | 'later' | 'newId' | 'sinks'> &
  Pick<WorkerNeeds, 'log' | 'consumers' | 'random' | 'clock' | 'elapsed'> &
  Partial<Watch>

/**
 * Brings the events of every chat to consumers: to each by one process at a time, in order within a chat, at least once. What is new is
 * announced by commits here and by the bus, found in the store each second, and by looking through all chats now and then.
 */
export interface Relay {
  /** Takes every commit of this process. */
  committed(events: readonly ChatEvent[]): void
  /** Takes the relay's messages from other processes. */
  receive(message: RelayMessage): void
  /** A consumer was added, changed or deleted: this process and others look at it at once. */
  changed(): void
  /** Renews leases, looks for what is new, attempts again. To be called every second or so. */
  tick(): Promise<void>
  /** All consumers, as they were listed last. */
  consumers(): readonly Consumer[]
  /** Forgets deletions of chats that consumers had 30 days to hear of. Returns how many. */
  forget(): Promise<number>
  /** Ends the leases, once what is under way has ended. */
  stop(): Promise<void>
}

type Heads = Iterable<readonly [ChatId, Seq]>

export function relay(given: RelayNeeds): Relay {
  const needs = { ...unwatched, ...given }
  const { consumers, bus, clock, elapsed, onDefect } = needs
  const served = serving(needs, needs.newId())
  const gather = gathering(needs)
  let listedAt = Number.NEGATIVE_INFINITY
  let all: readonly Consumer[] = []
  let isStopped = false

  function heard(heads: Heads): void {
    const workers = served.workers()
    if (workers.length > 0) for (const [chatId, head] of heads) for (const worker of workers) worker.heard(chatId, head)
  }

  async function list(): Promise<void> {
    listedAt = elapsed()
    const listed = await consumers.list()
    if (isStopped) return
    if (listed.length > 0 !== all.length > 0) bus[listed.length > 0 ? 'follow' : 'unfollow']([RELAY_TOPIC])
    all = listed
    served.listed(all)
  }

  async function tick(): Promise<void> {
    if (isStopped) return
    if (elapsed() - listedAt >= LISTED_EVERY) await list()
    await served.renew()
    if (served.isHolding()) heard(await consumers.recent(clock() - OVERLAP))
    await Promise.all(served.workers().map((worker) => worker.tick().catch(onDefect)))
  }

  function look(): void {
    if (!isStopped) list().then(tick).catch(onDefect)
  }

  return {
    committed(events) {
      if (all.length === 0) return
      const heads = events.map(({ chatId, seq }) => [chatId, seq] as const)
      gather(heads)
      heard(heads)
    },
    receive(message) {
      if (message.type === 'behind') heard(message.heads)
      else look()
    },
    changed() {
      bus.publish([{ topic: RELAY_TOPIC, notice: { type: 'consumers' } }])
      look()
    },
    tick,
    consumers: () => all,
    forget: () => consumers.forget(FORGOTTEN_AFTER),
    async stop() {
      isStopped = true
      await served.stop()
    },
  }
}

/** Publishes what was committed here, together what came within a short time. */
function gathering({ bus, later }: Pick<RelayNeeds, 'bus' | 'later'>): (heads: Heads) => void {
  let gathered = new Map<ChatId, Seq>()
  return (heads) => {
    const isFirst = gathered.size === 0
    for (const [chatId, head] of heads) gathered.set(chatId, head)
    if (!isFirst || gathered.size === 0) return
    later(() => {
      const notice = { type: 'behind', heads: [...gathered] } as const
      gathered = new Map()
      bus.publish([{ topic: RELAY_TOPIC, notice }])
    }, GATHERED)
  }
}
