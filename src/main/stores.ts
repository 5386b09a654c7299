import { memoryAccounts } from '../adapters/memory/accounts/ports.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { memoryStore } from '../adapters/memory/store.ts'
import type { Database } from '../adapters/mikro-orm/database/connect.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { complaint } from './complaint.ts'
import type { OpenStore } from './open-store.ts'
import { noPlace } from './secret.ts'
import type { Store, StoreOptions } from './store.ts'

type Given = OpenStore & { readonly connection?: Database }

/** Opens the store of the settings, or the one that the host has given. */
export async function openStore(needs: StoreOptions, given?: Given): Promise<Store> {
  const { databaseUrl, tables, newId, warn } = needs
  if (given) return givenStore(given, needs)
  if (databaseUrl === 'memory:') return inMemory(newId)
  // Loaded when it is used: a program on memory needs no package for databases.
  const { inDatabase } = await import('./durable.ts').catch(explain)
  return inDatabase({ databaseUrl, tables, warn })
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

/** A store that the host has opened: with the database behind it, if `database(…)` has opened that. */
async function givenStore(given: Given, { newId, warn }: StoreOptions): Promise<Store> {
  if (given.connection) {
    const { onConnection } = await import('./durable.ts').catch(explain)
    return onConnection(given.connection, warn)
  }
  return {
    ...inMemory(newId),
    place: 'a store of its own',
    open: (onCommit) => ({ ...memoryAccounts(memoryStore(newId())), ...given(onCommit, systemClock), waiting: () => 0 }),
  }
}

function explain(error: unknown): never {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
  throw complaint('Databases need a package that is not installed: npm install @mikro-orm/sqlite, or @mikro-orm/postgresql.', {
    cause: error,
  })
}
