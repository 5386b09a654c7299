import type { OutboxEntry, OutboxStore, Persist } from '../types.ts'

/** For programs that may lose what is on its way when they end. */
export const memoryPersist = (): Persist => {
  const stores = new Map<string, OutboxStore>()
  return (userId) => {
    const known = stores.get(userId)
    if (known) return known
    const entries = new Map<string, OutboxEntry>()
    const store: OutboxStore = {
      load: () => Promise.resolve([...entries.values()]),
      put: (entry) => Promise.resolve(void entries.set(idOf(entry.chatId, entry.key), entry)),
      remove: ({ chatId, key }) => Promise.resolve(void entries.delete(idOf(chatId, key))),
    }
    stores.set(userId, store)
    return store
  }
}

const idOf = (chatId: string, key: string) => `${chatId} ${key}`

const TABLE = 'outbox'

/** One database per service and person, shared by all tabs of an origin. */
export const indexedDbPersist =
  (service: string, factory: { open(name: string, version?: number): object } = indexedDB): Persist =>
  async (userId) => {
    const name = `windi-chat.outbox ${service} ${userId}`
    const database = await opened(factory as IDBFactory, name)
    const inTable = async <T>(mode: IDBTransactionMode, work: (table: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
      const transaction = database.transaction(TABLE, mode, { durability: 'strict' })
      const request = work(transaction.objectStore(TABLE))
      await new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve()
        transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error('the outbox cannot be written'))
      })
      return request.result
    }
    return {
      sharedAs: name,
      load: () => inTable('readonly', (table) => table.getAll() as IDBRequest<OutboxEntry[]>),
      put: (entry) => inTable('readwrite', (table) => table.put(entry)).then(() => {}),
      remove: ({ chatId, key }) => inTable('readwrite', (table) => table.delete([chatId, key])),
    }
  }

function opened(factory: IDBFactory, name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: ['chatId', 'key'] })
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('the outbox cannot be opened'))
  })
}
