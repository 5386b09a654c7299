import type { Database } from '../adapters/mikro-orm/database/connect.ts'
import type { OnCommit } from '../application/ports/log.ts'
import type { AccountPorts, StorePorts } from '../application/ports/ports.ts'
import type { OpenWithin } from '../application/ports/within.ts'
import type { SecretPlace } from './secret.ts'

/** Where everything is kept. */
export interface Store {
  readonly kind: 'memory' | 'sqlite' | 'postgres'
  /** For people to read: without user and password. */
  readonly place: string
  /** The database behind it, if there is one. */
  readonly connection: Database | undefined
  readonly secretPlace: SecretPlace
  /** Brings the tables up to date; answers the names of what ran. */
  migrate(): Promise<readonly string[]>
  /** Opens the ports, and tells how many changes wait for a commit. The tables are up to date by then. */
  open(
    onCommit: OnCommit,
  ): StorePorts & AccountPorts & { readonly within?: OpenWithin | undefined; waiting(): number; close(): Promise<void> }
  /** Rejects if it does not answer. */
  check(): Promise<void>
  /** Rejects if nothing can be written. */
  checkWriting(): Promise<void>
  close(): Promise<void>
}

export interface StoreOptions {
  readonly databaseUrl: string
  /** The schema of Postgres, or the prefix of SQLite. */
  readonly tables?: { readonly schema?: string | undefined; readonly prefix?: string | undefined } | undefined
  readonly newId: () => string
  readonly warn: (message: string) => void
}
