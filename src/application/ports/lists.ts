import type { Count } from '../../domain/ids.ts'
/** A page of a list: its items in the order shown, and the positions of the next and previous page. */
export interface Page<T, Position> {
  readonly items: readonly T[]
  readonly next: Position | undefined
  readonly prev: Position | undefined
  /** The number of matching items on all pages; only if `count` was requested. */
  readonly total?: Count | undefined
}

export interface Window<Position> {
  readonly limit: number
  /** A `next` or `prev` of an earlier page; undefined is the beginning. */
  readonly from?: Position | undefined
  readonly count?: boolean | undefined
}
