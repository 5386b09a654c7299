import { randomUUIDv7 } from 'node:crypto'
import { memoryAccounts } from '../../src/adapters/memory/accounts/ports.ts'
import { memoryChats } from '../../src/adapters/memory/chats.ts'
import { memoryConsents } from '../../src/adapters/memory/consents.ts'
import { memoryConsumers } from '../../src/adapters/memory/consumers.ts'
import { memoryExpiries } from '../../src/adapters/memory/expiries.ts'
import { memoryExports } from '../../src/adapters/memory/exports.ts'
import { memoryFiles } from '../../src/adapters/memory/files.ts'
import { memoryInlets } from '../../src/adapters/memory/inlets.ts'
import { memoryKeys } from '../../src/adapters/memory/keys.ts'
import { memoryLog } from '../../src/adapters/memory/log.ts'
import { memoryNotices } from '../../src/adapters/memory/notices.ts'
import { memoryBans, memoryInvitations } from '../../src/adapters/memory/order.ts'
import { memoryOwn } from '../../src/adapters/memory/own.ts'
import { memoryPeople } from '../../src/adapters/memory/people.ts'
import { memoryReceipts } from '../../src/adapters/memory/receipts.ts'
import { memoryReports } from '../../src/adapters/memory/reports.ts'
import { memoryRequests } from '../../src/adapters/memory/requests.ts'
import { memorySessions } from '../../src/adapters/memory/sessions.ts'
import { memoryStore } from '../../src/adapters/memory/store.ts'
import type { AccountsHarness } from '../../src/contracts/store-harness.ts'
import type { ChatEvent } from '../../src/domain/event.ts'
import { evolve } from '../../src/domain/evolve.ts'

export async function openMemory(): Promise<AccountsHarness> {
  const announced: (readonly ChatEvent[])[] = []
  const store = memoryStore(randomUUIDv7())
  return {
    log: memoryLog(store, (events) => announced.push(events)),
    receipts: memoryReceipts(store),
    own: memoryOwn(store),
    chats: memoryChats(store),
    people: memoryPeople(store),
    sessions: memorySessions(store),
    consumers: memoryConsumers(store, Date.now),
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
    newId: randomUUIDv7,
    announced,
    async appendUnknown(event) {
      const { state, events } = store.chats.get(event.chatId)!
      evolve(state, event, 'given')
      events.push(event)
    },
  }
}
