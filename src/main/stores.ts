import { memoryPorts } from '../adapters/memory/ports.ts'
import { memoryStore } from '../adapters/memory/store.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { complaint } from './complaint.ts'
import { noPlace } from './secret.ts'
import type { Store, StoreOptions } from './store.ts'

export async function openStore({ databaseUrl, newId, warn }: StoreOptions): Promise<Store> {
  if (databaseUrl === 'memory:') return inMemory(newId)
  // Loaded when it is used: a program on memory needs no package for databases.
  const { inDatabase } = await import('./durable.ts').catch(explain)
  return inDatabase({ databaseUrl, warn })
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

function explain(error: unknown): never {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
  throw complaint('Databases need a package that is not installed: npm install @mikro-orm/sqlite, or @mikro-orm/postgresql.', {
    cause: error,
  })
}
