import type { ChatId, Duration, Seq } from '../../domain/ids.ts'
import type { Consumer } from '../ports/consumers.ts'
import type { Sink } from '../ports/sink.ts'
import type { Watch } from '../ports/watch.ts'
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

export type WorkerNeeds = DeliveryNeeds & Pick<Watch, 'onDefect'>

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
  const { elapsed } = needs
  const deliver = delivering(needs, sink)
  let known = begin(needs, given)
  let heldUntil: Duration = 0
  let isStopped = false
  const [lookUp, storeSkipped] = [lookingUp(needs), storingSkipped(needs)]
  const busy = underWay(needs, pump)
  const revival = reviving({ ...needs, sink }, { isBusy: (chatId) => busy.has(chatId) || busy.size >= CHATS_AT_ONCE, run: busy.run })

  const mayBegin = () => !isStopped && known.health.state !== 'off' && heldUntil - elapsed() >= ATTEMPT

  /** Begins whatever can be begun. */
  function pump(): void {
    if (!mayBegin()) return
    const { chats, health: state } = known
    if (chats.unread.size > 0) void lookUp(known).then((isDone) => isDone && pump())
    const isFailing = state.state === 'failing'
    const probed = isFailing && busy.size === 0 && state.mayProbe() ? firstFailed(chats) : []
    for (const place of isFailing ? probed : chats.ready) {
      if (busy.size >= CHATS_AT_ONCE) return
      if (!busy.has(place.chatId)) start(known, place)
    }
  }

  function start(at: Known, place: Place): void {
    at.chats.take(place)
    busy.run(place.chatId, async () => {
      let next: Step | undefined
      try {
        next = await deliver({ consumer: at.consumer, place, health: at.health, mayBegin: () => at === known && mayBegin() })
      } finally {
        if (at.chats.isCurrent(place)) settle(at.chats, place, next ?? elapsed() + REST)
      }
    })
  }

  return {
    hold(until) {
      if (until === 0 && heldUntil > 0) known = begin(needs, known.consumer)
      if (until > 0 && heldUntil === 0) revival.restart()
      heldUntil = until
      pump()
    },
    changed(consumer) {
      known = begin(needs, consumer)
      revival.restart()
    },
    heard(chatId, head) {
      if (known.consumer.settings.chatIds?.includes(chatId) === false) return
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
      await storeSkipped(at, (chatId) => busy.has(chatId) || heldUntil <= elapsed())
      await at.health.report(at.chats.waiting())
    },
    stop() {
      isStopped = true
      return busy.over()
    },
  }
}

/** A failing consumer gets one range at a time: the one that has failed first. */
function firstFailed({ resting, ready }: Places): readonly Place[] {
  const since = ({ failedAt = Number.POSITIVE_INFINITY }: Place) => failedAt
  const [first, ...others] = [...resting, ...ready]
  return first ? [others.reduce((a, b) => (since(a) <= since(b) ? a : b), first)] : []
}

/** A place goes where it belongs after an attempt; a number: it rests until then. */
function settle(chats: Places, place: Place, next: Step | Duration): void {
  if (next === 'level' && place.head <= place.seq!) return chats.level(place)
  if (next === 'forget') return chats.forget(place)
  if (typeof next === 'number') place.dueAt = next
  if (typeof next === 'number' || next === 'rest') chats.rest(place)
  else chats.enqueue(place)
}

/** Looks up the cursors of chats that were announced, many at once. Returns whether it did. */
function lookingUp({ consumers, elapsed, onDefect }: WorkerNeeds): (known: Known) => Promise<boolean> {
  let isBusy = false
  return async ({ consumer, chats }) => {
    if (isBusy) return false
    isBusy = true
    try {
      const some = [...chats.unread].slice(0, LOADED_AT_ONCE)
      const ids = some.map(({ chatId }) => chatId)
      for (const position of await consumers.positions(consumer, ids)) chats.found(position, elapsed())
      // What the store does not know yet is announced again, or found by the sweep.
      for (const place of some) if (chats.unread.has(place)) chats.drop(place)
      return true
    } catch (error) {
      onDefect(error)
      return false
    } finally {
      isBusy = false
    }
  }
}

/** What was skipped is written now and then, so that another process need not skip it again. */
function storingSkipped({ consumers, elapsed }: WorkerNeeds) {
  let storedAt = elapsed()
  return async ({ consumer: { id, generation }, chats }: Known, isExcluded: (chatId: ChatId) => boolean): Promise<void> => {
    if (elapsed() - storedAt < STORES_SKIPPED_EVERY) return
    storedAt = elapsed()
    for (const place of chats.skipped()) {
      const { chatId, seq, stored } = place
      const at = { consumerId: id, generation, chatId, was: stored }
      if (!isExcluded(chatId) && (await consumers.move(at, { seq: seq! }))) place.stored = seq
    }
  }
}

function begin({ consumers, elapsed }: WorkerNeeds, consumer: Consumer): Known {
  const chats = places()
  const recovered = () => chats.wake(elapsed(), true)
  return { consumer, chats, sweep: sweeping(consumers), health: health({ elapsed, consumers, recovered }, consumer) }
}

/** Chats for which something is under way, also from before the consumer changed: one thing at a time for each. */
function underWay({ onDefect }: WorkerNeeds, ended: () => void) {
  const all = new Map<ChatId, Promise<void>>()
  return {
    has: (chatId: ChatId) => all.has(chatId),
    get size() {
      return all.size
    },
    run(chatId: ChatId, work: () => Promise<void>): void {
      const done = work()
        .catch(onDefect)
        .finally(() => {
          all.delete(chatId)
          ended()
        })
      all.set(chatId, done)
    },
    over: async () => void (await Promise.all(all.values())),
  }
}
