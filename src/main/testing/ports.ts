import { memoryPorts } from '../../adapters/memory/ports.ts'
import type { MemoryStore } from '../../adapters/memory/store.ts'
import type { BusMessage, Topic } from '../../application/ports/bus.ts'
import { noIssuers } from '../../application/ports/issuers.ts'
import type { OnCommit } from '../../application/ports/log.ts'
import type { Passwords } from '../../application/ports/passwords.ts'
import type { AccessClaims, Tokens } from '../../application/ports/tokens.ts'
import type { SessionId, UserId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { OutboundPorts } from '../compose.ts'
import { testingStorage } from './storage.ts'

/** What a test holds in its hands. */
export interface Surroundings {
  now(): number
  later(ms: number, callback: () => void): unknown
  random(): number
  newId(): string
  epoch(): string
}

export interface TestingPorts {
  readonly ports: OutboundPorts
  /** Says it as another process would. */
  tell(topic: Topic, notice: BusMessage): void
}

/** For how long a session lasts that nobody goes on with. */
export const REFRESH_TTL = 30 * 86_400_000

/** The ports over a store in memory: nothing is secret, and nothing takes time. */
export function testingPorts(store: MemoryStore, { now, later, random, newId, epoch }: Surroundings): TestingPorts {
  let onCommit: OnCommit = () => {}
  let tell: (topic: Topic, notice: BusMessage) => void = () => {}
  const { log, close: _, ...kept } = memoryPorts(store, (events) => onCommit(events), now)
  const ports: OutboundPorts = {
    ...kept,
    chats: { ...kept.chats, epoch: async () => epoch() },
    log(hear) {
      onCommit = hear
      return log
    },
    bus: { publish() {}, listen: (hear) => void (tell = hear), follow() {}, unfollow() {}, close: async () => {} },
    passwords,
    tokens: tokens(now),
    issuers: noIssuers,
    limiter: { admit: () => undefined },
    journal: { note() {} },
    mail: undefined,
    seals: { macs: (text) => [text], seal: (text) => text, open: (text) => text, mark: '' },
    totp: { newSecret: () => 'SECRET', uri: (secret) => `otpauth://totp/${secret}`, stepOf: () => undefined },
    passkeys: undefined,
    newDigits: (count) => '1'.repeat(count),
    isCommonPassword: () => false,
    asciiDomain: (domain) => domain,
    clock: now,
    elapsed: () => Number(now()),
    sinks: () => undefined,
    push: { key: '', fault: () => undefined, isQuiet: () => false, send: async () => 'gone' },
    hooks: { fault: () => undefined, secret: () => '' },
    storage: testingStorage({ newId }),
    newId,
    newSecret: newId,
    uuidOf: (text) => text,
    random,
    later: (run, wait) => void later(wait, run),
    digest: (text) => text,
  }
  return { ports, tell: (topic: Topic, notice: BusMessage) => tell(topic, notice) }
}

const passwords: Passwords = { hash: async (password) => password, verify: async (hash, password) => hash === password }

/** They say openly what they name. */
export const accessToken = ({ userId, sessionId, expiresAt }: AccessClaims): string => `access.${userId}.${sessionId}.${expiresAt}`

const tokens = (now: () => number): Tokens => ({
  access: async (claims) => accessToken(claims),
  async verifyAccess(token): Promise<AccessClaims> {
    const [, userId, sessionId, expiresAt] = /^access\.([^.]+)\.([^.]+)\.(\d+)$/.exec(token) ?? []
    if (expiresAt === undefined) throw new Refusal('unauthenticated')
    if (now() >= Number(expiresAt)) throw new Refusal('token-expired')
    return { userId: userId as UserId, sessionId: sessionId as SessionId, expiresAt: Number(expiresAt) }
  },
  refresh: (sessionId, generation) => `refresh.${sessionId}.${generation}`,
  verifyRefresh(token) {
    const [, sessionId, generation] = /^refresh\.([^.]+)\.(\d+)$/.exec(token) ?? []
    return sessionId === undefined ? undefined : { sessionId: sessionId as SessionId, generation: Number(generation) }
  },
})
