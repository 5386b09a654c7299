import type { ChatId, Duration, Seq } from '../../domain/ids.ts'
import type { Consumer } from '../ports/consumers.ts'
import type { Sink } from '../ports/sink.ts'
import { type DeliveryNeeds, delivering, type Step } from './delivering.ts'
import { health } from './health.ts'
import { KNOWN, type Place, type Places, places } from './places.ts'
import { reviving } from './reviving.ts'
import { sweeping } from './sweeping.ts'

/** Chats that are delivered to one consumer at the same time, at most. */
const CHATS_AT_ONCE = 16
/** An attempt ends within 15 seconds: it begins only if the lease lasts longer. */
const ATTEMPT: Duration = 16_000
const LOADED_AT_ONCE = 500
const STORES_SKIPPED_EVERY: Duration = 60_000
/** After the store has failed. */
const REST: Duration = 1_000

export interface WorkerNeeds extends DeliveryNeeds {
  readonly onDefect: (error: unknown) => void
}

/** Delivers the log to one consumer, for as long as this process holds its lease. */
export interface Worker {
  /** The lease lasts until then; 0: it is lost, and what was known of cursors no longer counts. */
  hold(until: Duration): void
  /** The consumer was changed from outside. */
  changed(consumer: Consumer): void
  /** The log of a chat has reached this event. */
  heard(chatId: ChatId, head: Seq): void
  /** To be called every second or so. */
  tick(): Promise<void>
  /** Nothing new is begun. Resolves when all that is under way has ended. */
  stop(): Promise<void>
}

/** What is known of a consumer since the lease was taken or the consumer changed. */
interface Known {
  readonly consumer: Consumer
  readonly chats: Places
  readonly sweep: ReturnType<typeof sweeping>
  readonly health: ReturnType<typeof health>
}

export function worker(needs: WorkerNeeds, given: Consumer, sink: Sink): Worker {
  const { log, consumers, elapsed, onDefect } = needs
  const deliver = delivering(needs, sink)
  let known = begin(given)
  let heldUntil: Duration = 0
  let storedSkippedAt = elapsed()
  let [isStopped, isLoading] = [false, false]
  /** Chats for which something is under way, also from before the last change. */
  const busy = new Map<ChatId, Promise<void>>()
  const revival = reviving({ ...needs, log, sink }, { isBusy: (chatId) => busy.has(chatId) || busy.size >= CHATS_AT_ONCE, run })

  function begin(consumer: Consumer): Known {
    const chats = places()
    const recovered = () => chats.wake(elapsed(), true)
    return { consumer, chats, sweep: sweeping(consumers), health: health({ elapsed, consumers, recovered }, consumer) }
  }

  const mayBegin = () => !isStopped && known.health.state !== 'off' && heldUntil - elapsed() >= ATTEMPT

  /** Begins whatever can be begun. */
  function pump(): void {
    if (!mayBegin()) return
    const { chats, health: state } = known
    if (chats.unread.size > 0) void load(known)
    if (state.state === 'failing') return probe(known)
    for (const place of chats.ready) {
      if (busy.size >= CHATS_AT_ONCE) return
      if (!busy.has(place.chatId)) start(known, place)
    }
  }

  /** A failing consumer gets one range at a time: the one that has failed first. */
  function probe(at: Known): void {
    if (busy.size > 0 || !at.health.mayProbe()) return
    const since = ({ failedAt = Number.POSITIVE_INFINITY }: Place) => failedAt
    const waiting = [...at.chats.resting, ...at.chats.ready]
    const oldest = waiting.reduce<Place | undefined>((a, b) => (a && since(a) <= since(b) ? a : b), undefined)
    if (oldest) start(at, oldest)
  }

  function start(at: Known, place: Place): void {
    at.chats.take(place)
    run(place.chatId, async () => {
      let next: Step | undefined
      try {
        next = await deliver({ consumer: at.consumer, place, health: at.health, mayBegin: () => at === known && mayBegin() })
      } finally {
        if (at.chats.isCurrent(place)) settle(at.chats, place, next)
      }
    })
  }

  function settle(chats: Places, place: Place, next: Step | undefined): void {
    if (next === 'level' && place.head <= place.seq!) return chats.level(place)
    if (next === 'forget') return chats.forget(place)
    if (next === undefined) place.dueAt = elapsed() + REST
    if (next === undefined || next === 'rest') chats.rest(place)
    else chats.enqueue(place)
  }

  function run(chatId: ChatId, work: () => Promise<void>): void {
    const done = work()
      .catch(onDefect)
      .finally(() => {
        busy.delete(chatId)
        pump()
      })
    busy.set(chatId, done)
  }

  /** Looks up what was announced. */
  async function load({ consumer, chats }: Known): Promise<void> {
    if (isLoading) return
    isLoading = true
    try {
      const some = [...chats.unread].slice(0, LOADED_AT_ONCE)
      const ids = some.map(({ chatId }) => chatId)
      for (const position of await consumers.positions(consumer, ids)) chats.found(position, elapsed())
      // What the store does not know yet is announced again, or found by the sweep.
      for (const place of some) if (chats.unread.has(place)) chats.drop(place)
      isLoading = false
      pump()
    } catch (error) {
      isLoading = false
      onDefect(error)
    }
  }

  /** What was skipped is written now and then, so that another process need not skip it again. */
  async function storeSkipped({ consumer: { id, generation }, chats }: Known): Promise<void> {
    if (elapsed() - storedSkippedAt < STORES_SKIPPED_EVERY) return
    storedSkippedAt = elapsed()
    for (const place of chats.skipped()) {
      const { chatId, seq, stored } = place
      if (busy.has(chatId) || heldUntil <= elapsed()) continue
      if (await consumers.move({ consumerId: id, generation, chatId, was: stored }, { seq: seq! })) place.stored = seq
    }
  }

  return {
    hold(until) {
      if (until === 0 && heldUntil > 0) known = begin(known.consumer)
      if (until > 0 && heldUntil === 0) revival.restart()
      heldUntil = until
      pump()
    },
    changed(consumer) {
      known = begin(consumer)
      revival.restart()
      pump()
    },
    heard(chatId, head) {
      const { chatIds } = known.consumer.settings
      if (chatIds && !chatIds.includes(chatId)) return
      if (!known.chats.heard(chatId, head)) known.sweep.restart()
      pump()
    },
    async tick() {
      const at = known
      at.health.check()
      at.chats.wake(elapsed())
      if (!mayBegin()) return
      if (at.chats.size < KNOWN / 2) await at.sweep.run(at.consumer, elapsed(), (position) => at.chats.found(position, elapsed()))
      await revival.tick(at.consumer, at.health)
      pump()
      await storeSkipped(at)
      await at.health.report(at.chats.waiting())
    },
    async stop() {
      isStopped = true
      await Promise.all(busy.values())
    },
  }
}
