import { memoryPorts } from '../adapters/memory/ports.ts'
import { memoryStore } from '../adapters/memory/store.ts'
import type { Database } from '../adapters/mikro-orm/database/connect.ts'
import { migrate } from '../adapters/mikro-orm/database/migrate.ts'
import { queryOn } from '../adapters/mikro-orm/database/query.ts'
import { EPOCH, mikroOrmSettings } from '../adapters/mikro-orm/database/settings.ts'
import { mikroOrmPorts } from '../adapters/mikro-orm/ports.ts'
import { systemClock } from '../adapters/system/clock.ts'
import type { OnCommit } from '../application/ports/log.ts'
import type { Ports } from '../application/ports/ports.ts'
import { openDatabase, refuseNewer } from './databases.ts'
import { noPlace, type SecretPlace, secretFile, secretSetting } from './secret.ts'

export type StorePorts = Pick<Ports, 'log' | 'receipts' | 'chats' | 'people' | 'sessions' | 'consumers'>

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
  /** Rejects if it does not answer. */
  check(): Promise<void>
  /** Rejects if nothing can be written. */
  checkWriting(): Promise<void>
  close(): Promise<void>
}

export interface StoreOptions {
  readonly databaseUrl: string
  readonly newId: () => string
  readonly warn: (message: string) => void
}

export async function openStore({ databaseUrl, newId, warn }: StoreOptions): Promise<Store> {
  if (databaseUrl === 'memory:') return inMemory(newId)
  return inDatabase(await openDatabase(databaseUrl, { warn }), { databaseUrl, warn })
}

function inMemory(newId: () => string): Store {
  const store = memoryStore(newId())
  return {
    kind: 'memory',
    place: 'memory, until this process ends',
    connection: undefined,
    secretPlace: noPlace,
    migrate: async () => [],
    open: (onCommit) => ({ ...memoryPorts(store, onCommit, systemClock), waiting: () => 0 }),
    check: async () => {},
    checkWriting: async () => {},
    close: async () => {},
  }
}

/** Larger than what a full disk has left in files that exist already. */
const PROBE = { key: 'writing-probe', value: 'x'.repeat(65_536) }

function inDatabase(connection: Database, { databaseUrl, warn }: Omit<StoreOptions, 'newId'>): Store {
  const settings = mikroOrmSettings(connection)
  return {
    kind: connection.dialect,
    place: placeOf(connection, databaseUrl),
    connection,
    secretPlace: secretPlaceOf(connection),
    async migrate() {
      await refuseNewer(connection)
      return migrate(connection)
    },
    open: (onCommit) => mikroOrmPorts(connection, onCommit, warn),
    async check() {
      await settings.get(EPOCH)
    },
    async checkWriting() {
      const query = queryOn(connection)
      // Several processes, or one that failed before it deleted its row, may have written this key.
      await query.change('insert into settings (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value', [
        PROBE.key,
        PROBE.value,
      ])
      await query.change('delete from settings where key = $1', [PROBE.key])
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
