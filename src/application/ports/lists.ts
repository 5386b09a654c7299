import type { Count } from '../../domain/ids.ts'
/** A page of a list: its items in the order shown, and where the list goes on in both directions. */
export interface Page<T, Position> {
  readonly items: readonly T[]
  readonly next: Position | undefined
  readonly prev: Position | undefined
  /** How many match in all; only where it was asked for. */
  readonly total?: Count | undefined
}

export interface Window<Position> {
  readonly limit: number
  /** Items behind this one, which a page gave as `next`; undefined is the beginning. */
  readonly from?: Position | undefined
  readonly count?: boolean | undefined
}
