import { afterAll, describe } from 'vitest'
import { chatsContract } from './chats.ts'
import { consentsContract } from './consents.ts'
import { consumersContract } from './consumers.ts'
import { contentContract } from './content.ts'
import { cursorsContract } from './cursors.ts'
import { devicesContract } from './devices.ts'
import { expiriesContract } from './expiries.ts'
import { exportsContract } from './exports.ts'
import { failuresContract } from './failures.ts'
import { filesContract } from './files.ts'
import { inletsContract } from './inlets.ts'
import { keysContract } from './keys.ts'
import { largeContract } from './large.ts'
import { logContract } from './log.ts'
import { logRacesContract } from './log-races.ts'
import { logReadContract } from './log-read.ts'
import { logScopeContract } from './log-scope.ts'
import { membersContract } from './members.ts'
import { messagesContract } from './messages.ts'
import { orderContract } from './order.ts'
import { ownContract } from './own.ts'
import { peopleContract } from './people.ts'
import { reactionsContract } from './reactions.ts'
import { readingContract } from './reading.ts'
import { receiptsContract } from './receipts.ts'
import { reportsContract } from './reports.ts'
import { requestsContract } from './requests.ts'
import { sessionsContract } from './sessions.ts'
import type { OpenStore, StoreHarness } from './store-harness.ts'

export { type BlobsHarness, blobsContract, type OpenBlobs } from './blobs.ts'
export { busContract, type OpenBuses } from './bus.ts'
export type { OpenStore, StoreHarness }

const kits = [
  logContract,
  logScopeContract,
  logRacesContract,
  logReadContract,
  receiptsContract,
  ownContract,
  orderContract,
  readingContract,
  chatsContract,
  membersContract,
  messagesContract,
  contentContract,
  reactionsContract,
  peopleContract,
  sessionsContract,
  consentsContract,
  reportsContract,
  requestsContract,
  devicesContract,
  exportsContract,
  expiriesContract,
  filesContract,
  inletsContract,
  consumersContract,
  cursorsContract,
  keysContract,
  failuresContract,
  largeContract,
]

/** All kits of a store, on one that is opened once: `storeContract('sqlite', openSqlite)`. */
export function storeContract(name: string, open: OpenStore): void {
  describe(`${name}, a store`, () => {
    let opening: Promise<StoreHarness> | undefined
    const openOnce = async () => {
      opening ??= open()
      return { ...(await opening), close: async () => {} }
    }
    afterAll(async () => (await opening)?.close?.())
    for (const kit of kits) kit(name, openOnce)
  })
}
