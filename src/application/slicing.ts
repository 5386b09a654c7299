import type { Instant } from '../domain/ids.ts'
import type { Page, Window } from './ports/lists.ts'

/** What a window shows of a list that is sorted and read as a whole, since its length is bounded. `isAfter`: whether a position comes after another. */
export function sliceOf<T, P>(
  sorted: readonly T[],
  { limit, from, count }: Window<P>,
  { position, isAfter }: { readonly position: (item: T) => P; readonly isAfter: (one: P, other: P) => boolean },
): Page<T, P> {
  const rest = from === undefined ? sorted : sorted.filter((item) => isAfter(position(item), from))
  const items = rest.slice(0, limit)
  const next = items.length > 0 && rest.length > limit ? position(items.at(-1)!) : undefined
  return { items, next, prev: undefined, ...(count && { total: sorted.length }) }
}

interface Made {
  readonly createdAt: Instant
  readonly id: string
}
interface MadeAt {
  readonly at: Instant
  readonly id: string
}

/** The order of things that were made: oldest first. */
export const oldestFirst = {
  position: ({ createdAt: at, id }: Made): MadeAt => ({ at, id }),
  isAfter: (one: MadeAt, other: MadeAt): boolean => one.at > other.at || (one.at === other.at && one.id > other.id),
}
