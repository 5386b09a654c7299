import type { Consumer, Cursor, CursorAt } from '../ports/consumers.ts'
import type { Ports } from '../ports/ports.ts'
import { isDelivered, type Sink, type Undelivered } from '../ports/sink.ts'
import type { Watch } from '../ports/watch.ts'
import type { Health } from './health.ts'
import type { Place } from './places.ts'
import { type Next, nextOf, startOf } from './ranges.ts'
import { againIn, GIVEN_UP } from './verdicts.ts'

/** What becomes of a place: there may be more now; nothing is left; it waits for its time; the store has another cursor than was thought. */
export type Step = 'more' | 'level' | 'rest' | 'forget'

export type DeliveryNeeds = Pick<Ports, 'log' | 'consumers' | 'random' | 'clock' | 'elapsed'> &
  Pick<Watch, 'onDelivered' | 'onGivenUp'> & { readonly epoch: () => Promise<string> }

/** One attempt in one chat. */
export interface Attempt {
  readonly consumer: Consumer
  readonly place: Place
  readonly health: Health
  /** Whether an attempt that begins now ends before the lease. */
  readonly mayBegin: () => boolean
}

/** Delivers the next range of a chat, if it is time for it, and moves the cursor. */
export function delivering(needs: DeliveryNeeds, sink: Sink): (attempt: Attempt) => Promise<Step> {
  const { log, consumers, elapsed, clock, epoch, onDelivered, onGivenUp } = needs

  return async (attempt) => {
    const { consumer, place, mayBegin } = attempt
    place.seq ??= await beginning(needs, consumer, place)
    // What was attempted is gone with its chat.
    if (place.deleted) place.frozen = undefined
    const next = timely(needs, consumer, place, await nextOf(log, consumer, place))
    if (next === 'young') return 'rest'
    if (next.events.length === 0) return skip(place, next)
    if (!place.frozen) place.seq = next.after
    const at = { consumerId: consumer.id, generation: consumer.generation, chatId: place.chatId }
    if (sink.givesUp && consumer.settings.batch > 1 && !place.frozen) {
      const frozen = { to: next.to, types: next.types }
      if (!(await consumers.move({ ...at, was: place.stored }, { seq: next.after, frozen }))) return 'forget'
      place.frozen = frozen
      place.stored = next.after
    }
    if (!mayBegin()) {
      place.dueAt = elapsed() + 1_000
      return 'rest'
    }
    const moving = { at: { ...at, was: place.stored }, to: next.to, attempt: place.attempts + 1 }
    const [first, last] = [next.events[0]!.seq, next.events.at(-1)!.seq]
    const range = { consumer, epoch: await epoch(), chatId: place.chatId, from: first, to: last, events: next.events }
    const outcome = await sink.deliver(range, moving)
    onDelivered(consumer, outcome.is, { events: next.events.length, age: clock() - next.events.at(-1)!.at })
    if (outcome.is === 'later') throw new Error(outcome.error)
    if (isDelivered(outcome)) return passed(attempt, next, { at: moving.at, isMoved: outcome.is === 'moved' })
    return failed(attempt, next, { at: moving.at, outcome })
  }

  async function passed({ place, health }: Attempt, next: Next, { at, isMoved }: { at: CursorAt; isMoved: boolean }): Promise<Step> {
    health.succeeded()
    if (!isMoved && !(await consumers.move(at, { seq: next.to }))) return 'forget'
    cleared(place, next)
    return next.isEnd ? 'level' : 'more'
  }

  async function failed(
    { consumer, place, health }: Attempt,
    next: Next,
    { at, outcome }: { at: CursorAt; outcome: Undelivered },
  ): Promise<Step> {
    const { error } = outcome
    health.failed(error)
    if (outcome.is === 'gone') {
      health.off()
      await consumers.change(consumer.id, { state: 'off' })
    }
    place.attempts++
    if (health.successes > place.successes) place.counted++
    place.successes = health.successes
    if (outcome.is === 'never' || (sink.givesUp && place.counted >= GIVEN_UP)) {
      const range = { chatId: place.chatId, from: next.events[0]!.seq, to: next.to, types: next.types, error }
      if (!(await consumers.bury(at, { seq: next.to }, range))) return 'forget'
      onGivenUp(consumer)
      cleared(place, next)
      return 'more'
    }
    const dueIn = againIn(place.attempts, 'asked' in outcome ? outcome.asked : undefined, needs.random())
    const frozen = { to: next.to, types: next.types }
    const cursor: Cursor = { seq: next.after, frozen, attempts: place.attempts, counted: place.counted, dueIn, error }
    if (!(await consumers.move(at, cursor))) return 'forget'
    Object.assign(place, { seq: next.after, stored: next.after, frozen, dueAt: elapsed() + dueIn })
    place.failedAt ??= elapsed()
    return 'rest'
  }
}

function cleared(place: Place, { to }: Next): void {
  Object.assign(place, { seq: to, stored: to, frozen: undefined, attempts: 0, counted: 0, failedAt: undefined })
}

/** Nothing up to there is for the consumer: it is known here, and stored later. */
function skip(place: Place, { to, isEnd }: Next): Step {
  // What was announced is not in the log: the chat was deleted, or the announcement was wrong.
  if (place.frozen || (to === place.seq && place.head > to)) return 'forget'
  place.seq = to
  return isEnd ? 'level' : 'more'
}

async function beginning({ log }: DeliveryNeeds, consumer: Consumer, { chatId, head, deleted }: Place): Promise<number> {
  if (deleted) return deleted.at >= consumer.from ? head - 1 : head
  return startOf(log, consumer, chatId, head)
}

/** The events that are old enough for the consumer. Clocks differ: it waits for the lag at most, whatever the event's time says. */
function timely({ clock, elapsed }: DeliveryNeeds, { lag }: Consumer, place: Place, next: Next): Next | 'young' {
  const [first] = next.events
  if (lag === 0 || !first || place.frozen) return next
  if (place.young?.seq !== first.seq) {
    const wait = Math.min(lag, Math.max(0, first.at + lag - clock()))
    place.young = { seq: first.seq, until: elapsed() + wait }
  }
  place.dueAt = place.young.until
  if (place.dueAt > elapsed()) return 'young'
  const events = next.events.filter(({ at, seq }) => seq === first.seq || at + lag <= clock())
  return events.length === next.events.length ? next : { ...next, events, to: events.at(-1)!.seq, isEnd: false }
}
