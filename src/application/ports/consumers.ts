import type { ChatId, Count, Duration, Instant, Seq, UserId } from '../../domain/ids.ts'
import type { Page, Window } from './lists.ts'

export type ConsumerKind = 'hook' | 'follow' | 'push'
/** `failing`: nothing is acknowledged, and one range is attempted now and then. `off`: nothing is attempted. */
export type ConsumerState = 'ok' | 'failing' | 'off'

/** What a consumer asks for, and what its sink needs besides. Stored as JSON. */
export interface ConsumerSettings {
  /** Types of events; absent: all. */
  readonly types?: readonly string[] | undefined
  /** Absent: all chats. */
  readonly chatIds?: readonly ChatId[] | undefined
  /** Events that are delivered at once, at most. */
  readonly batch: number
  readonly own?: Readonly<Record<string, unknown>> | undefined
}

export interface NewConsumer {
  readonly id: string
  readonly kind: ConsumerKind
  readonly name: string
  readonly settings: ConsumerSettings
  /** How long after an event it is delivered, at the earliest. */
  readonly lag: Duration
  /** Events before this time are not delivered; undefined: events before now, by the store's clock. */
  readonly from: Instant | undefined
}

/** A program that receives the log: each chat's events in order, at least once, from a cursor of its own per chat. */
export interface Consumer extends NewConsumer {
  readonly from: Instant
  /** Cursors of an earlier generation do not count. */
  readonly generation: number
  /** Raised by every change from outside, also of cursors: whoever delivers reads them again. */
  readonly revision: number
  readonly state: ConsumerState
  readonly createdAt: Instant
  /** As reported last by the process that delivers. */
  readonly report: ConsumerReport
}

export interface ConsumerReport {
  readonly failingSince: Instant | undefined
  /** Events that wait. */
  readonly behind: Count
  readonly lastSuccessAt: Instant | undefined
  readonly lastError: string | undefined
}

/** How far a consumer is in a chat, and what of it was attempted without success. */
export interface Cursor {
  /** The last event that was delivered, skipped or given up. */
  readonly seq: Seq
  /** The range above `seq` that was attempted: a repeated attempt has the same events. */
  readonly frozen?: Frozen | undefined
  readonly attempts?: number | undefined
  /** Failed attempts after each of which another chat succeeded. */
  readonly counted?: number | undefined
  /** The next attempt begins after so long, from now. */
  readonly dueIn?: Duration | undefined
  readonly error?: string | undefined
}

export interface Frozen {
  readonly to: Seq
  readonly types: readonly string[] | undefined
}

/** A chat as a consumer finds it. */
export interface Position {
  readonly chatId: ChatId
  /** The last event; of a deleted chat, its `chat.deleted`. */
  readonly head: Seq
  readonly headAt: Instant
  /** Who deleted the chat. */
  readonly deletedBy?: UserId | undefined
  /** Undefined if there is none of this generation. */
  readonly cursor: Cursor | undefined
}

/** Names the cursor of a consumer in a chat, in the state in which it is expected. */
export interface CursorAt {
  readonly consumerId: string
  readonly generation: number
  readonly chatId: ChatId
  /** Undefined: there is none of this generation. */
  readonly was: Seq | undefined
}

/** A range that was given up. */
export interface DeadRange {
  readonly chatId: ChatId
  readonly from: Seq
  readonly to: Seq
  readonly types: readonly string[] | undefined
  readonly at: Instant
  readonly error: string | undefined
}
export interface DeadPosition {
  readonly chatId: ChatId
  readonly from: Seq
}

/** A change from outside. What is absent stays. */
export interface ConsumerChange {
  readonly settings?: ConsumerSettings | undefined
  readonly state?: ConsumerState | undefined
  /** Begins a new generation: everything from this time on is delivered again. */
  readonly replayFrom?: Instant | undefined
}

/** Consumers with their cursors and leases. Every time is one of the store's own clock: clocks of processes may differ. */
export interface Consumers {
  /** Returns all, in the order of their ids. */
  list(): Promise<readonly Consumer[]>
  get(id: string): Promise<Consumer | undefined>
  /** Returns false if the name is taken. */
  add(consumer: NewConsumer): Promise<boolean>
  /** Changes a consumer and raises its revision. Returns false if there is none. */
  change(id: string, change: ConsumerChange): Promise<boolean>
  /** Deletes a consumer with its cursors and ranges. Returns false if there is none. */
  remove(id: string): Promise<boolean>
  /** Stores how it goes. `failingFor` and `succeededAgo` count back from now. */
  report(
    id: string,
    report: {
      readonly state: ConsumerState
      readonly failingFor: Duration | undefined
      readonly succeededAgo: Duration | undefined
      readonly behind: Count
      readonly lastError: string | undefined
    },
  ): Promise<void>

  /** Takes or renews a lease: nobody else gets it for so long. Returns false while another node has it. */
  hold(name: string, node: string, length: Duration): Promise<boolean>
  /** Ends all leases of a node. */
  release(node: string): Promise<void>

  /** Returns how a consumer finds these chats, deleted ones too; unknown chats are left out. */
  positions(consumer: Consumer, chatIds: readonly ChatId[]): Promise<readonly Position[]>
  /** Returns the heads of chats in which something has happened since, the latest first; at most some thousands. */
  recent(since: Instant): Promise<ReadonlyMap<ChatId, Seq>>
  /** Returns a page of all chats in the order of their ids: those that the consumer may be behind in, and where the next page begins. */
  sweep(
    consumer: Consumer,
    after: ChatId | undefined,
    limit: number,
  ): Promise<{ readonly behind: readonly Position[]; readonly next: ChatId | undefined }>

  /** Replaces a cursor if it is as expected and the consumer of this generation. Returns whether it did. */
  move(at: CursorAt, cursor: Cursor): Promise<boolean>
  /** The same, and stores the range as given up, both or neither. */
  bury(at: CursorAt, cursor: Cursor, range: Omit<DeadRange, 'at'>): Promise<boolean>
  /** Sets a cursor whatever it was, and raises the consumer's revision. */
  rewind(consumerId: string, chatId: ChatId, seq: Seq): Promise<void>

  /** Returns ranges that were given up, by chat and number. */
  dead(consumerId: string, window: Window<DeadPosition>): Promise<Page<DeadRange, DeadPosition>>
  /** Has all of them attempted once more. */
  revive(consumerId: string): Promise<void>
  /** Those that are to be attempted once more. */
  revived(consumerId: string, limit: number): Promise<readonly DeadRange[]>
  /** A range was attempted once more: it is deleted, or stays with its error. */
  settle(consumerId: string, range: DeadPosition, error: string | undefined): Promise<void>

  /** Forgets deleted chats since when this long has passed, with all that consumers keep of them. */
  forget(age: Duration): Promise<number>
  /**
   * Has `work` done and a cursor moved in one transaction, on a connection of the store: both, or neither if the cursor is not as expected; then
   * false. Rejects with what `work` throws. Absent: the store has no transactions to offer.
   */
  inTransaction?(at: CursorAt, cursor: Cursor, work: (connection: unknown) => unknown): Promise<boolean>
}
