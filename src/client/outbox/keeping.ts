import type { Emit } from '../platform/events.ts'
import type { OutboxEntry, OutboxStore } from '../types.ts'
import type { Sending, Sendings } from './sendings.ts'

export interface Keeping {
  /** Stores what is waiting already, and loads what an earlier run or another tab has left. */
  open(store: OutboxStore): Promise<void>
  /** Loads what is not known here. It may have been sent already. */
  load(): Promise<void>
  /** Stores an entry; then it may be sent. */
  put(sending: Sending): void
  remove(sending: Sending): void
}

interface Needs {
  readonly sendings: Sendings
  readonly emit: Emit
  stored(sending: Sending): void
}

/** Keeps the outbox in its store. */
export function keeping({ sendings, emit, ...needs }: Needs): Keeping {
  let store: OutboxStore | undefined

  const removeFrom = (from: OutboxStore, entry: OutboxEntry) =>
    from.remove(entry).catch((error: unknown) => emit('error', { error, during: 'removing a message from the outbox' }))

  function put(sending: Sending): void {
    const { entry } = sending
    const into = store
    if (!into) return
    const stored = () => {
      if (!sendings.isHere(sending)) return void removeFrom(into, entry)
      sending.isStored = true
      needs.stored(sending)
    }
    into.put(entry).then(stored, (error: unknown) => {
      // Without a store that works, a message that is sent is better than one that never is.
      emit('error', { error, during: 'storing a message' })
      stored()
    })
  }

  async function load(): Promise<void> {
    const before = new Set(sendings.all.get().map(({ entry }) => `${entry.chatId} ${entry.key}`))
    for (const entry of (await store?.load()) ?? []) {
      // What was sent or taken back while the store was read is not to come back.
      if (before.has(`${entry.chatId} ${entry.key}`) || sendings.find(entry.chatId, entry.key)) continue
      sendings.add(entry, true).isUncertain = true
      sendings.changed(entry.chatId)
    }
  }

  return {
    async open(opened) {
      store = opened
      for (const sending of sendings.all.get()) if (!sending.isStored) put(sending)
      await load()
    },
    load,
    put,
    remove(sending) {
      sendings.drop(sending)
      if (store) void removeFrom(store, sending.entry)
    },
  }
}
