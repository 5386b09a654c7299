import { memoryPorts } from '../adapters/memory/ports.ts'
import { memoryStore } from '../adapters/memory/store.ts'
import { mikroOrmChats } from '../adapters/mikro-orm/chats/chats.ts'
import type { Database } from '../adapters/mikro-orm/database/connect.ts'
import { migrate } from '../adapters/mikro-orm/database/migrate.ts'
import { mikroOrmSettings } from '../adapters/mikro-orm/database/settings.ts'
import { mikroOrmPorts } from '../adapters/mikro-orm/ports.ts'
import type { OnCommit } from '../application/ports/log.ts'
import type { Ports } from '../application/ports/ports.ts'
import { openDatabase } from './databases.ts'
import { noPlace, type SecretPlace, secretFile, secretSetting } from './secret.ts'

export type StorePorts = Pick<Ports, 'log' | 'receipts' | 'chats' | 'people' | 'sessions'>

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
  open(onCommit: OnCommit): StorePorts & { waiting(): number; close(): Promise<void> }
  /** Throws when it does not answer. */
  check(): Promise<void>
  close(): Promise<void>
}

export interface StoreOptions {
  readonly databaseUrl: string
  readonly newId: () => string
  readonly warn: (message: string) => void
}

export async function openStore({ databaseUrl, newId, warn }: StoreOptions): Promise<Store> {
  if (databaseUrl === 'memory:') return inMemory(newId)
  return inDatabase(await openDatabase(databaseUrl, { warn }), databaseUrl, warn)
}

function inMemory(newId: () => string): Store {
  const store = memoryStore(newId())
  return {
    kind: 'memory',
    place: 'memory, until this process ends',
    connection: undefined,
    secretPlace: noPlace,
    migrate: async () => [],
    open: (onCommit) => ({ ...memoryPorts(store, onCommit), waiting: () => 0 }),
    check: async () => {},
    close: async () => {},
  }
}

function inDatabase(connection: Database, databaseUrl: string, warn: (message: string) => void): Store {
  const chats = mikroOrmChats(connection)
  return {
    kind: connection.dialect,
    place: placeOf(connection, databaseUrl),
    connection,
    secretPlace: secretPlaceOf(connection),
    migrate: () => migrate(connection),
    open: (onCommit) => mikroOrmPorts(connection, onCommit, warn),
    async check() {
      await chats.epoch()
    },
    close: () => connection.close(),
  }
}

function placeOf(connection: Database, databaseUrl: string): string {
  if (connection.dialect === 'sqlite') return connection.file ?? 'memory, until this process ends'
  const { host, pathname } = new URL(databaseUrl)
  return `Postgres, ${host}${pathname}`
}

function secretPlaceOf(connection: Database): SecretPlace {
  if (connection.dialect === 'postgres') return secretSetting(mikroOrmSettings(connection))
  return connection.file === undefined ? noPlace : secretFile(`${connection.file}.secret`)
}
