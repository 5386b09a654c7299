import type { ChatEvent } from '../../domain/event.ts'
import type { ChatId } from '../../domain/ids.ts'
import type { Notification } from './bus.ts'
import type { Ports } from './ports.ts'

/**
 * A store's ports in a transaction that its host began and will end: nothing is durable, and nobody is told, before the host commits. What
 * is committed is told like any other change; what is rolled back, whole or to a savepoint, leaves nothing.
 */
export interface Outer extends Pick<Ports, 'log' | 'chats' | 'people' | 'own'> {
  /** Locks chats until the transaction ends, in one order: two transactions that lock all of their chats first do not deadlock. */
  lock(chatIds: readonly ChatId[]): Promise<void>
}

/** What a transaction with these events notifies at its commit. */
export type AtCommit = (events: readonly ChatEvent[]) => Notification

export interface OpenWithinOptions {
  /** With it, a transaction on Postgres notifies the processes itself; without it, the store finds what was committed. */
  readonly atCommit?: AtCommit | undefined
  /** Whether statements stay prepared on a client of `pg`. */
  readonly isPrepared?: boolean
}

/**
 * Opens the ports in a transaction: a client of `pg`, a MikroORM `EntityManager`, or a handle of `better-sqlite3`. Rejects if none is open
 * there.
 */
export type OpenWithin = (transaction: object, options: OpenWithinOptions) => Promise<Outer>
