import type { Event } from '../../adapters/wire/schemas/events.ts'
import { isProblem, isWorthRetrying } from '../calls/problem.ts'
import { numbered } from '../calls/read-event.ts'
import { type Copy, startOver } from '../copy/copies.ts'
import { type Cursor, isBehind, learn, receive, skip } from '../copy/cursor.ts'
import { fullJitter } from '../platform/backoff.ts'
import type { Forgetting } from './forget.ts'
import type { SyncNeeds } from './needs.ts'

/** Waits like before an attempt of this number. */
const AGAIN = 4

export interface CatchingUp {
  /** Applies an event as soon as it is the next one. */
  receiveEvent(event: Event): void
  /** Applies these, and fetches what is still missing. */
  applyAll(copy: Copy, events: readonly Event[]): void
  /** Fetches what is missing, until nothing is. */
  catchUp(copy: Copy): void
}

/** Every client's rule: apply the next number, ignore earlier ones, hold later ones and fetch what is before them. */
export function catchingUp(
  { copies, request, platform }: Pick<SyncNeeds, 'copies' | 'request' | 'platform'>,
  { apply, gone }: { apply(copy: Copy, event: Event): void } & Pick<Forgetting, 'gone'>,
): CatchingUp {
  function receiveEvent(event: Event): void {
    const copy = copies.at(event.chat_id)
    if (!copy.cursor) startOver(copy, event.seq - 1)
    applyAll(copy, receive(copy.cursor!, event))
  }

  function applyAll(copy: Copy, events: readonly Event[]): void {
    for (const event of events) apply(copy, event)
    if (copy.cursor && isBehind(copy.cursor)) void catchUp(copy)
  }

  async function catchUp(copy: Copy): Promise<void> {
    if (copy.isFetching) return
    copy.isFetching = true
    try {
      for (let before = -1; copy.cursor && isBehind(copy.cursor) && copy.cursor.last > before; ) {
        before = copy.cursor.last
        if (!(await fetchOnce(copy, copy.cursor))) break
      }
    } catch (error) {
      if (isProblem(error, 'chat-not-found')) gone(copy.id, 'not-found')
      // Where the connection is lost, the next one goes on from here.
      else if (isWorthRetrying(error) && !isProblem(error, 'network'))
        platform.later(fullJitter(AGAIN, platform.random), () => void catchUp(copy))
    } finally {
      copy.isFetching = false
    }
  }

  /** Returns false when the copy was given up meanwhile. */
  async function fetchOnce(copy: Copy, cursor: Cursor<Event>): Promise<boolean> {
    const { generation } = copy
    const after = cursor.last
    const { events, head } = await request('fetch', { chat_id: copy.id, after })
    if (copy.generation !== generation || copy.cursor !== cursor) return false
    learn(cursor, head)
    const page = numbered(events, after)
    const first = page[0]
    // The fetch may come back with later numbers than were asked for: those between are not for this viewer.
    const ready = first && first.seq > after + 1 && cursor.last === after ? skip(cursor, after + 1, first.seq - 1) : []
    for (const event of [...ready, ...page.flatMap((one) => receive(cursor, one))]) apply(copy, event)
    return true
  }

  return { receiveEvent, applyAll, catchUp: (copy) => void catchUp(copy) }
}
