import { PAGE_MAX } from '../../adapters/wire/limits.ts'
import type { Event, EventPage } from '../../adapters/wire/schemas/events.ts'
import { isWorthRetrying } from '../calls/problem.ts'
import { type ChatEvent, numbered, readEvent } from '../calls/read-event.ts'
import { absorb, closeHole } from '../copy/absorb.ts'
import { type Copy, RECORDED, startOver } from '../copy/copies.ts'
import { leap } from '../copy/cursor.ts'
import { forgetBelow, leave, type Span } from '../copy/timeline.ts'
import { fullJitter } from '../platform/backoff.ts'
import type { SyncNeeds } from './needs.ts'

/** Events read to close a hole, at most; what is before a larger one is forgotten. */
export const HOLE = 1_000
/** Attempts to close a hole, over about five minutes. */
const ATTEMPTS = 12

/** Moves a copy over numbers that were left out: `from` … `to`. What was known before them is brought up to date, or forgotten. */
export function jumping(
  { copies, call, platform, emit, me }: Pick<SyncNeeds, 'copies' | 'call' | 'platform' | 'emit' | 'me'>,
  { apply, refreshSoon }: { apply(copy: Copy, event: Event): void; refreshSoon(copy: Copy): void },
): (copy: Copy, from: number, to: number) => void {
  /** `over` ends the recording of what is applied meanwhile: it may be of messages in the hole. */
  async function mend(copy: Copy, hole: Span, over: () => void, attempt = 1): Promise<void> {
    const { generation } = copy
    const isStale = () => copy.generation !== generation
    let events: readonly ChatEvent[] | undefined
    try {
      if (hole.to - hole.from < HOLE) events = await missing(copy.id, hole)
    } catch (error) {
      if (!isStale() && isWorthRetrying(error) && attempt < ATTEMPTS) {
        const again = () => (isStale() ? over() : void mend(copy, hole, over, attempt + 1))
        return void platform.later(fullJitter(attempt, platform.random), again)
      }
    }
    if (!isStale()) fill(copy, hole, events)
    over()
  }

  function fill(copy: Copy, hole: Span, events: readonly ChatEvent[] | undefined): void {
    const { timeline, recorded } = copy
    if (!events || recorded.length > RECORDED) forgetBelow(timeline, hole.to + 1)
    else {
      closeHole(timeline, hole, events)
      for (const { seq, event } of recorded) if (seq > hole.to && event) absorb(timeline, event)
    }
    copies.touch(copy, 'timeline')
  }

  async function missing(id: string, { from, to }: Span): Promise<ChatEvent[]> {
    const events: ChatEvent[] = []
    for (let after = from - 1; after < to; ) {
      const { items } = await call<EventPage>('listEvents', { params: { chat_id: id }, query: { after, limit: PAGE_MAX } })
      const page = numbered(items, after)
      if (page.length === 0) break
      events.push(...page.flatMap((event) => readEvent(event, me()) ?? []))
      after = page.at(-1)!.seq
    }
    return events.filter(({ seq }) => seq <= to)
  }

  return (copy, from, to) => {
    const { cursor, timeline } = copy
    if (!cursor) return startOver(copy, to)
    if (to <= cursor.last) return
    const hadWindow = timeline.spans.length > 0
    copy.generation++
    const over = copies.record()
    leave(timeline, to)
    for (const event of leap(cursor, to)) apply(copy, event)
    refreshSoon(copy)
    copies.touch(copy, 'members')
    if (!hadWindow) return over()
    emit('refetched', { chatId: copy.id, reason: 'limited' })
    void mend(copy, { from, to }, over)
  }
}
