import type { ChatClient, Snapshot } from '../../src/client/index.ts'

/** What the last chats were, in this browser, for each user apart: shown at once, and without a network. */
const DATABASE = 'windi-chat.copies'
const TABLE = 'copies'
/** A copy of another version of the page may have another form; names of built files carry a digest. */
const VERSION = new URL(import.meta.url).pathname

interface Kept {
  readonly version: string
  readonly snapshot: Snapshot
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('the copies cannot be opened'))
  })
}

async function inTable<T>(mode: IDBTransactionMode, work: (table: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened()
  try {
    const request = work(database.transaction(TABLE, mode).objectStore(TABLE))
    return await new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('the copies cannot be used'))
    })
  } finally {
    database.close()
  }
}

/** Undefined where there is none, and where the browser stores nothing. */
export async function keptCopy(userId: string): Promise<Snapshot | undefined> {
  try {
    const kept = (await inTable('readonly', (table) => table.get(userId))) as Kept | undefined
    return kept?.version === VERSION ? kept.snapshot : undefined
  } catch {
    return undefined
  }
}

export const forgetCopy = (userId: string): Promise<unknown> => inTable('readwrite', (table) => table.delete(userId)).catch(() => undefined)

/** Rests between two copies: each is some hundred kilobytes. */
const PAUSE_MS = 4_000

/** Keeps what the client knows, a moment after it has changed and when the page goes out of sight. Returns a function that ends this. */
export function keepCopies(client: ChatClient, userId: string): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  function keep() {
    clearTimeout(timer)
    timer = undefined
    const snapshot = client.snapshot()
    const kept: Kept | undefined = snapshot && { version: VERSION, snapshot }
    if (kept) inTable('readwrite', (table) => table.put(kept, userId)).catch(() => undefined)
  }
  const soon = () => void (timer ??= setTimeout(keep, PAUSE_MS))
  const hidden = () => document.visibilityState === 'hidden' && keep()
  // What is no longer the user's is not kept either.
  const stops = [client.chats.subscribe(soon), client.people.blocked.subscribe(soon), client.on('gone', keep)]
  document.addEventListener('visibilitychange', hidden)
  return () => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', hidden)
    for (const stop of stops) stop()
  }
}
