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
import type { MemoryStore } from '../../src/adapters/memory/store.ts'
import type { Bus, Published, Topic } from '../../src/application/ports/bus.ts'
import { noIssuers } from '../../src/application/ports/issuers.ts'
import type { Ports } from '../../src/application/ports/ports.ts'
import type { OutboundPorts } from '../../src/main/compose.ts'

/** Chance that can be had again: the same seed, the same world (mulberry32). */
export function dice(seed: number) {
  let state = seed >>> 0
  const roll = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (n: number) => Math.floor(roll() * n)
  return { roll, below, pick: <T>(from: readonly T[]): T => from[below(from.length)]!, chance: (p: number) => roll() < p }
}

/** The first seed whose world breaks a promise, and how; undefined when every world keeps them. */
export async function firstViolation(world: (seed: number) => Promise<readonly string[]>, seeds: number, like = /./) {
  for (let seed = 1; seed <= seeds; seed++) {
    const violations = await world(seed)
    if (violations.some((violation) => like.test(violation))) return { seed, violations }
  }
  return undefined
}

interface Carrier {
  /** How many copies of a notice arrive at one listener. */
  readonly copies: () => number
  readonly carry: (deliver: () => void) => void
}

/** A bus for each process of one world; what is closed hears nothing more. */
export function simulatedBus({ copies, carry }: Carrier): () => Bus {
  interface Line {
    readonly topics: Set<Topic>
    listen(topic: Topic, notice: Published['notice']): void
  }
  const lines = new Set<Line>()
  return () => {
    const mine: Line = { topics: new Set(), listen: () => {} }
    lines.add(mine)
    return {
      publish(told) {
        for (const { topic, notice } of told)
          for (const other of lines) {
            if (other === mine || !lines.has(mine)) continue
            for (let i = copies(); i > 0; i--) carry(() => lines.has(other) && other.topics.has(topic) && other.listen(topic, notice))
          }
      },
      listen(listener) {
        mine.listen = listener
      },
      follow: (topics) => topics.forEach((topic) => mine.topics.add(topic)),
      unfollow: (topics) => topics.forEach((topic) => mine.topics.delete(topic)),
      async close() {
        lines.delete(mine)
      },
    }
  }
}

/** The ports of a process on this store, without secrets and limits. */
export const simulatedPorts = (
  store: MemoryStore,
  own: Pick<Ports, 'bus' | 'clock' | 'newId' | 'random' | 'later'> & Partial<Omit<Ports, 'log'>>,
): OutboundPorts => ({
  log: (onCommit) => memoryLog(store, onCommit),
  receipts: memoryReceipts(store),
  own: memoryOwn(store),
  chats: memoryChats(store),
  people: memoryPeople(store),
  consents: memoryConsents(store),
  reports: memoryReports(store),
  exports: memoryExports(store),
  expiries: memoryExpiries(store),
  requests: memoryRequests(store),
  keys: memoryKeys(store),
  issuers: noIssuers,
  uuidOf: (text) => text,
  files: memoryFiles(store),
  bans: memoryBans(store),
  invitations: memoryInvitations(store),
  sessions: { ...memorySessions(store), live: async (given) => new Map(given.map(({ sessionId }) => [sessionId, 'live'])) },
  ...memoryAccounts(store),
  passwords: { hash: async () => '', verify: async () => true },
  tokens: {
    access: async () => '',
    verifyAccess: () => Promise.reject(new Error('nobody asks')),
    refresh: () => '',
    verifyRefresh: () => undefined,
  },
  consumers: memoryConsumers(store, own.clock),
  notices: memoryNotices(store),
  inlets: memoryInlets(store),
  elapsed: () => Number(own.clock()),
  sinks: () => undefined,
  push: { key: '', fault: () => undefined, isQuiet: () => false, send: async () => 'gone' },
  hooks: { fault: () => undefined, secret: () => '' },
  limiter: { admit: () => undefined },
  isCommonPassword: () => false,
  asciiDomain: (domain) => domain,
  journal: { note() {} },
  mail: undefined,
  seals: { macs: (text) => [text], seal: (text) => text, open: (text) => text, mark: '' },
  totp: { newSecret: () => 'SECRET', uri: (secret) => secret, stepOf: () => undefined },
  passkeys: undefined,
  newSecret: () => 'secret',
  newDigits: (count) => '1'.repeat(count),
  digest: (text) => text,
  ...own,
})

export const simulatedPolicy = { accessTtl: 1, refreshTtl: 1, sessionTtl: 1, directory: 'open', guests: false } as const
