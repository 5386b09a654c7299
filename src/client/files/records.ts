import type { PersistUploads, UploadRecord, UploadStore } from './types.ts'

/** For programs that may lose what is on its way when they end. */
export const memoryUploads = (): PersistUploads => {
  const stores = new Map<string, UploadStore>()
  return (userId) => {
    const known = stores.get(userId)
    if (known) return known
    const records = new Map<string, UploadRecord>()
    const store: UploadStore = {
      load: () => Promise.resolve([...records.values()]),
      get: (key) => Promise.resolve(records.get(key)),
      put: (record) => Promise.resolve(void records.set(record.key, record)),
      remove: (key) => Promise.resolve(void records.delete(key)),
    }
    stores.set(userId, store)
    return store
  }
}

const TABLE = 'uploads'

/** The name of the database of one user of a service. */
export const uploadsDatabase = (service: string, userId: string): string => `windi-chat.uploads ${service} ${userId}`

/** One database per service and person, shared by all tabs of an origin. */
export const indexedDbUploads =
  (service: string, factory: { open(name: string, version?: number): object } = indexedDB): PersistUploads =>
  async (userId) => {
    const database = await opened(factory as IDBFactory, uploadsDatabase(service, userId))
    const inTable = async <T>(mode: IDBTransactionMode, work: (table: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
      const transaction = database.transaction(TABLE, mode, { durability: 'strict' })
      const request = work(transaction.objectStore(TABLE))
      await new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve()
        transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error('the uploads cannot be written'))
      })
      return request.result
    }
    return {
      load: () => inTable('readonly', (table) => table.getAll() as IDBRequest<UploadRecord[]>),
      get: (key) => inTable('readonly', (table) => table.get(key) as IDBRequest<UploadRecord | undefined>),
      put: (record) => inTable('readwrite', (table) => table.put(record)).then(() => {}),
      remove: (key) => inTable('readwrite', (table) => table.delete(key)),
    }
  }

function opened(factory: IDBFactory, name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: 'key' })
    request.onsuccess = () => {
      // Whoever deletes the database is not kept waiting.
      request.result.onversionchange = () => request.result.close()
      resolve(request.result)
    }
    request.onerror = () => reject(request.error ?? new Error('the uploads cannot be opened'))
  })
}
