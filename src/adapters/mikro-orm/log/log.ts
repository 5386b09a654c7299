import type { ChatLog, OnCommit } from '../../../application/ports/log.ts'
import type { ChatState, Decision, Scope } from '../../../domain/decision.ts'
import type { ChatEvent } from '../../../domain/event.ts'
import { purging } from '../chats/purge.ts'
import type { Database } from '../database/connect.ts'
import { lanes, takeFairly, type Waiting } from '../lane/lane.ts'
import { type Call, type Decided, isDeleted } from './batch.ts'
import { erasingTexts } from './erase-texts.ts'
import { erasingTraces } from './erase-traces.ts'
import { postgresStore } from './postgres/log.ts'
import { readingLog } from './read.ts'
import { sqliteStore } from './sqlite/log.ts'

export interface LogOptions {
  /** Calls that may wait or be under way; one more is refused with `overloaded`. */
  readonly limit?: number
  /** Seconds after which a call that the database has not answered is refused with `overloaded`. */
  readonly patience?: number
  /** Postgres: connections that commit side by side, each for chats of its own. More of them make smaller batches. */
  readonly lanes?: number
  readonly warn?: (message: string) => void
}

export interface Busy {
  /** Changes that wait or are under way. */
  waiting(): number
}
export interface Closable {
  /** Refuses what comes, carries out what waits, lets go of the connections of its own. */
  close(): Promise<void>
}

type LogCall = Call & Waiting

/** So many calls make a batch at most, and so many of one chat. SQLite computes on the thread that also serves the sockets. */
const POSTGRES_BATCH = { size: 256, share: 128 }
const SQLITE_BATCH = { size: 32, share: 32 }

/**
 * The log on SQLite or Postgres, with group commit: what arrives while a batch is committed makes the next one.
 *
 * @example
 * const log = mikroOrmLog(database, (events) => hub.committed(events))
 * const { message } = await log.change(scope, (state) => post(state, draft))
 */
export function mikroOrmLog(database: Database, onCommit: OnCommit = () => {}, options: LogOptions = {}): ChatLog & Busy & Closable {
  const { limit = 5_000, patience = 10, warn } = options
  const purge = purging(database, warn)
  const done = (calls: readonly LogCall[], { outcomes, changed, postponed }: Decided): LogCall[] => {
    tell(changed.flatMap((chat) => chat.events))
    if (changed.some(isDeleted)) purge.wake()
    outcomes.forEach((outcome, i) => {
      if (postponed.has(i)) return
      if ('error' in outcome) calls[i]!.reject(outcome.error)
      else calls[i]!.resolve(outcome.result)
    })
    return calls.filter((_, i) => postponed.has(i))
  }
  /** What it throws is a defect of its own: what is committed stays, and is answered. */
  const tell = (events: readonly ChatEvent[]): void => {
    try {
      if (events.length > 0) onCommit(events)
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
    }
  }
  const take = (batch: typeof POSTGRES_BATCH) => (waiting: LogCall[]) => takeFairly(waiting, (call) => call.scope.chat, batch)
  const count = database.dialect === 'sqlite' ? 1 : (options.lanes ?? 2)
  const store = () =>
    database.dialect === 'sqlite'
      ? sqliteStore(database.handle, take(SQLITE_BATCH), done)
      : postgresStore(database.pool, take(POSTGRES_BATCH), done)
  const all = lanes<Call>(
    Array.from({ length: count }, () => store()),
    { limit, patience, warn },
  )
  return {
    change: <R>(scope: Scope, decide: (state: ChatState) => Decision<R>) => all.put<R>(laneOf(scope.chat, count), { scope, decide }),
    read: readingLog(database),
    eraseTexts: erasingTexts(database),
    eraseTraces: erasingTraces(database),
    waiting: all.size,
    async close() {
      await all.close()
      await purge.close()
    },
  }
}

/** The same for the same name. */
export function laneOf(name: string, count: number): number {
  let hash = 0
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 31) + name.charCodeAt(i)) | 0
  return Math.abs(hash) % count
}
