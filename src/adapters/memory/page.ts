import type { Page, Window } from '../../application/ports/lists.ts'

/** How many items at the front of a sorted list pass a test that none behind them passes. */
export function partition<T>(sorted: readonly T[], test: (item: T) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (test(sorted[middle]!)) low = middle + 1
    else high = middle
  }
  return low
}

/** What a window shows of a list that `compare` has sorted. */
export function pageOf<T, P>(
  sorted: readonly T[],
  window: Window<P>,
  order: { position: (item: T) => P; compare: (a: P, b: P) => number },
): Page<T, P> {
  const { from, limit, count } = window
  const start = from === undefined ? 0 : partition(sorted, (item) => order.compare(order.position(item), from) <= 0)
  const items = sorted.slice(start, start + limit)
  const next = start + limit < sorted.length && items.length > 0 ? order.position(items.at(-1)!) : undefined
  return { items, next, prev: undefined, ...(count && { total: sorted.length }) }
}

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
