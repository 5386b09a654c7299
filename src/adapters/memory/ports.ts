import type { OnCommit } from '../../application/ports/log.ts'
import { memoryChats } from './chats.ts'
import { memoryLog } from './log.ts'
import { memoryPeople } from './people.ts'
import { memoryReceipts } from './receipts.ts'
import { memorySessions } from './sessions.ts'
import { type MemoryStore, memoryStore } from './store.ts'

/** The store ports over one store in memory. `onCommit` hears of what commits. */
export const memoryPorts = (store: MemoryStore, onCommit: OnCommit) => ({
  log: memoryLog(store, onCommit),
  receipts: memoryReceipts(store),
  chats: memoryChats(store),
  people: memoryPeople(store),
  sessions: memorySessions(store),
  close: async () => {},
})

/**
 * A store that lives as long as its process, for `embed`.
 *
 * @example
 * const chat = embed(memory())
 */
export function memory(epoch = 'memory') {
  const store = memoryStore(epoch)
  return (onCommit: OnCommit) => memoryPorts(store, onCommit)
}
