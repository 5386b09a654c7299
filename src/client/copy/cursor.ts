/** What has a place in a log: an event as the wire tells it. */
export interface Placed {
  readonly seq: number
}

/** How far one copy of a log has come. It belongs to whoever made it, and is changed in place. */
export interface Cursor<E extends Placed> {
  /** The last number that was applied. */
  last: number
  /** The highest number that was heard of. */
  head: number
  readonly held: Map<number, E>
  readonly skips: { readonly from: number; readonly to: number }[]
}

/** What is held beyond a hole is fetched again anyway; so little of it will do. */
const HELD = 256

export const cursorAt = <E extends Placed>(last: number): Cursor<E> => ({ last, head: last, held: new Map(), skips: [] })

/** True when something is missing: ask for what comes after `last`. */
export const isBehind = (cursor: Cursor<Placed>): boolean => cursor.head > cursor.last

/**
 * The next number is applied, an earlier one ignored, a later one held until the hole before it is closed. Answers what is to be
 * applied now, in order.
 */
export function receive<E extends Placed>(cursor: Cursor<E>, event: E): E[] {
  const { seq } = event
  learn(cursor, seq)
  if (seq <= cursor.last) return []
  if (seq > cursor.last + 1) {
    if (cursor.held.size < HELD) cursor.held.set(seq, event)
    return []
  }
  cursor.last = seq
  return [event, ...release(cursor)]
}

/** Numbers that this viewer is not shown: where they touch `last` they move it, else they wait. */
export function skip<E extends Placed>(cursor: Cursor<E>, from: number, to: number): E[] {
  learn(cursor, to)
  if (to <= cursor.last) return []
  if (cursor.skips.length < HELD) cursor.skips.push({ from, to })
  return release(cursor)
}

/** Somebody says that the log goes up to here. */
export function learn(cursor: Cursor<Placed>, head: number): void {
  cursor.head = Math.max(cursor.head, head)
}

/** Moves over a hole that is not to be closed by this cursor. Answers what was waiting behind it. */
export function leap<E extends Placed>(cursor: Cursor<E>, to: number): E[] {
  learn(cursor, to)
  cursor.last = Math.max(cursor.last, to)
  return release(cursor)
}

function release<E extends Placed>(cursor: Cursor<E>): E[] {
  const ready: E[] = []
  for (;;) {
    const before = cursor.last
    const next = cursor.held.get(before + 1)
    if (next) {
      ready.push(next)
      cursor.last = next.seq
    }
    for (const { from, to } of cursor.skips) if (from <= cursor.last + 1 && to > cursor.last) cursor.last = to
    if (cursor.last === before) break
  }
  for (const seq of cursor.held.keys()) if (seq <= cursor.last) cursor.held.delete(seq)
  const waiting = cursor.skips.filter(({ to }) => to > cursor.last)
  cursor.skips.splice(0, cursor.skips.length, ...waiting)
  return ready
}
