import type { OnCommit } from '../../application/ports/log.ts'
import type { Instant } from '../../domain/ids.ts'
import { memoryAccounts } from './accounts/ports.ts'
import { memoryChats } from './chats.ts'
import { memoryConsents } from './consents.ts'
import { memoryConsumers } from './consumers.ts'
import { memoryExpiries } from './expiries.ts'
import { memoryExports } from './exports.ts'
import { memoryFiles } from './files.ts'
import { memoryInlets } from './inlets.ts'
import { memoryKeys } from './keys.ts'
import { memoryLog } from './log.ts'
import { memoryNotices } from './notices.ts'
import { memoryBans, memoryInvitations } from './order.ts'
import { memoryOwn } from './own.ts'
import { memoryPeople } from './people.ts'
import { memoryReceipts } from './receipts.ts'
import { memoryReports } from './reports.ts'
import { memoryRequests } from './requests.ts'
import { memorySessions } from './sessions.ts'
import { type MemoryStore, memoryStore } from './store.ts'

/** Without a clock, time stands still for consumers. */
const standing = () => 0

/** The store ports over one store in memory. `onCommit` hears of what commits; `clock` is the store's own. */
export const memoryPorts = (store: MemoryStore, onCommit: OnCommit, clock: () => Instant = standing) => ({
  log: memoryLog(store, onCommit),
  receipts: memoryReceipts(store),
  own: memoryOwn(store),
  chats: memoryChats(store),
  people: memoryPeople(store),
  sessions: memorySessions(store),
  consumers: memoryConsumers(store, clock),
  consents: memoryConsents(store),
  reports: memoryReports(store),
  exports: memoryExports(store),
  notices: memoryNotices(store),
  inlets: memoryInlets(store),
  bans: memoryBans(store),
  invitations: memoryInvitations(store),
  expiries: memoryExpiries(store),
  requests: memoryRequests(store),
  keys: memoryKeys(store),
  files: memoryFiles(store),
  ...memoryAccounts(store),
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
  return (onCommit: OnCommit, clock?: () => Instant) => memoryPorts(store, onCommit, clock)
}
