import type { Page, Window } from '../../../application/ports/lists.ts'
import type { Row } from './connect.ts'
import { isUuid } from './schema.ts'

const NIL = '00000000-0000-0000-0000-000000000000'

/** The id of a place in a list; a made-up one stands before all others. */
export const placed = (id: string): string => (isUuid(id) ? id : NIL)

/** One order everywhere: processes that change the same rows do not wait for each other in a ring. */
export const byId = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : a > b ? 1 : 0)

/** Of rows of which one more than the limit was asked for, if the list goes on. */
export function pageOf<T, P>(
  rows: readonly Row[],
  { limit }: Window<P>,
  shown: { item: (row: Row) => T; position: (row: Row) => P },
): Page<T, P> {
  const here = rows.slice(0, limit)
  return {
    items: here.map(shown.item),
    next: rows.length > limit && here.length > 0 ? shown.position(here.at(-1)!) : undefined,
    prev: undefined,
  }
}

/** The same, when the total was asked for. */
export async function counted<T, P>(page: Page<T, P>, { count }: Window<P>, total: () => Promise<readonly Row[]>): Promise<Page<T, P>> {
  return count ? { ...page, total: (await total())[0]!.total as number } : page
}
