import { createHash } from 'node:crypto'
import { fileIntake } from '../../../src/adapters/files/intake.ts'
import { memoryPeople } from '../../../src/adapters/memory/people.ts'
import { memorySessions } from '../../../src/adapters/memory/sessions.ts'
import { memoryStore } from '../../../src/adapters/memory/store.ts'
import type { Database } from '../../../src/adapters/mikro-orm/database/connect.ts'
import { mikroOrmLog } from '../../../src/adapters/mikro-orm/log/log.ts'
import type { Caller } from '../../../src/application/chat-api.ts'
import type { Blobs } from '../../../src/application/ports/blobs.ts'
import type { Received } from '../../../src/application/ports/intake.ts'
import type { SessionId, UserId } from '../../../src/domain/ids.ts'
import { compose, type OutboundPorts } from '../../../src/main/compose.ts'
import { portsOver } from '../mikro-orm.ts'
import { simulatedBus, simulatedPolicy, simulatedPorts } from '../simulated.ts'
import { handClock } from '../waiting.ts'

export interface Place {
  /** Undefined: in memory. */
  readonly database?: Database | undefined
  readonly blobs: Blobs
  /** Of temporary files. */
  readonly folder: string
  /** Changes what the application is given. */
  readonly change?: (ports: OutboundPorts) => Partial<OutboundPorts>
}
export type ErasedWorld = Awaited<ReturnType<typeof erasedWorld>>

/** An application in which the same calls have the same ids and times, so that two of them differ in nothing but what they are told. */
export async function erasedWorld({ database, blobs, folder, change = () => ({}) }: Place) {
  const clock = handClock()
  const store = memoryStore('epoch')
  let ids = 0
  const newId = () => `00000000-0000-7000-8000-${(++ids).toString(16).padStart(12, '0')}`
  const due: (() => void)[] = []
  const bus = simulatedBus({ copies: () => 1, carry: (deliver) => void due.push(deliver) })()
  const own = {
    bus,
    clock: clock.now,
    newId,
    random: () => 0.5,
    later: (run: () => void) => void due.push(run),
    digest: (text: string) => createHash('sha256').update(text).digest('hex'),
    storage: {
      intake: await fileIntake({ folder, newId, clock: clock.now, stopwatch: clock.now }),
      blobs,
      pictures: {
        async look({ sha256 }: Received) {
          const small = Buffer.from(`A small picture of ${sha256}.`)
          return { width: 1, height: 1, thumbhash: sha256.slice(0, 8), thumb: small, preview: small }
        },
      },
      fileLimit: 1_000_000,
      quota: 10_000_000,
      redirects: false,
      signatures: { sign: (text: string) => text, isSigned: () => true },
    },
  }
  const sql = database && portsOver(database)
  const simulated = simulatedPorts(store, own)
  const { live } = simulated.sessions
  let log: ReturnType<typeof mikroOrmLog> | undefined
  const given: OutboundPorts = sql
    ? { ...simulated, ...sql, ...own, sessions: { ...sql.sessions, live }, log: (onCommit) => (log = mikroOrmLog(database, onCommit)) }
    : simulated
  const ports = { ...given, ...change(given) }
  const app = compose(ports, simulatedPolicy)
  const people = sql?.people ?? memoryPeople(store)
  const sessions = sql?.sessions ?? memorySessions(store)

  /** What is under way comes to its end. */
  async function settle(): Promise<void> {
    do {
      for (const run of due.splice(0)) run()
      await new Promise<void>((done) => setImmediate(done))
    } while (due.length > 0)
  }

  async function person(name: string, deviceName?: string): Promise<Caller> {
    const [userId, sessionId] = [newId() as UserId, newId() as SessionId]
    await people.add({
      id: userId,
      username: `u${userId.slice(-12)}`,
      name,
      email: undefined,
      passwordHash: undefined,
      createdAt: clock.now(),
    })
    const times = { createdAt: clock.now(), lastUsedAt: clock.now(), expiresAt: clock.now() + 1_000_000_000 }
    await sessions.add({ id: sessionId, userId, deviceName, ...times, endedAt: undefined, generation: 0, spentAt: [] })
    return { userId, sessionId }
  }

  return {
    app,
    api: app.api,
    store,
    ports,
    clock,
    newId,
    /** How many ids were made. */
    made: () => ids,
    settle,
    person,
    /** Closes the connection, too. */
    async close() {
      await log?.close()
      await sql?.close()
    },
  }
}
