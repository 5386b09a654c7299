import type { Consumer, Cursor, DeadRange } from '../../application/ports/consumers.ts'
import type { Instant, UserId } from '../../domain/ids.ts'

export interface KeptCursor extends Omit<Cursor, 'dueIn'> {
  readonly generation: number
  readonly dueAt: Instant | undefined
}
interface KeptDead extends DeadRange {
  readonly isDue: boolean
}

/** What consumers keep in a store. */
export interface ConsumerRecords {
  readonly consumers: Map<string, Consumer>
  /** By consumer and chat. */
  readonly cursors: Map<string, KeptCursor>
  readonly dead: Map<string, KeptDead & { readonly consumerId: string }>
  readonly leases: Map<string, { readonly node: string; readonly until: Instant }>
}
export const consumerRecords = (): ConsumerRecords => ({ consumers: new Map(), cursors: new Map(), dead: new Map(), leases: new Map() })

/** The end of a deleted chat, until consumers know of it. */
export interface Deletion {
  readonly seq: number
  readonly actorId: UserId
  readonly at: Instant
}
