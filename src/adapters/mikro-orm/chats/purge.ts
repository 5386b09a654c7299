import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../database/connect.ts'
import { queryOn } from '../database/query.ts'

/** So much goes at once, and then the others have a turn. */
export const PURGED_AT_ONCE = { postgres: 2_000, sqlite: 250 }
const TURN_MS = 10
const AFTER_TROUBLE_MS = 5_000

export interface Purge {
  /** Something was deleted. */
  wake(): void
  /** Stops after the piece that it is at; the rest goes at the next start. */
  close(): Promise<void>
}

/**
 * A deleted chat is gone with its row and its members. What else it held, however much, is taken away here, a piece at a time beside the
 * senders, and at the next start if this one did not come to it.
 */
export function purging(database: Database, warn: (message: string) => void = () => {}): Purge {
  const query = queryOn(database)
  const pieces = piecesOf(PURGED_AT_ONCE[database.dialect])
  const ending = new AbortController()
  const { signal } = ending
  let isWanted = false
  let running: Promise<void> | undefined
  const rest = (ms: number) => pause(ms, undefined, { signal, ref: false }).catch(() => undefined)

  async function run(): Promise<void> {
    while (isWanted && !signal.aborted) {
      isWanted = false
      await purgeAll().catch(async (error: unknown) => {
        warn(`What a deleted chat has left could not be taken away yet: ${(error as Error).message}`)
        isWanted = true
        await rest(AFTER_TROUBLE_MS)
      })
    }
    running = undefined
  }

  async function purgeAll(): Promise<void> {
    for (const { chat_id } of await query('select chat_id from gone_chats order by chat_id limit 1000', []))
      if (await isPurged(chat_id as string)) {
        await query.change(FORGET, [chat_id as string])
        isWanted = true
      }
  }

  /** False when it was called off. */
  async function isPurged(chatId: string): Promise<boolean> {
    while (!signal.aborted) {
      let taken = 0
      for (const piece of pieces) taken += await query.change(piece, [chatId])
      if (taken === 0) return true
      await rest(TURN_MS)
    }
    return false
  }

  function wake(): void {
    isWanted = true
    running ??= run()
  }

  wake()
  return {
    wake,
    async close() {
      ending.abort()
      await running
    },
  }
}

const piecesOf = (rows: number) => [
  ...['messages', 'events'].map(
    (table) =>
      `delete from ${table} where chat_id = $1 and seq in (select seq from ${table} where chat_id = $1 order by seq limit ${rows})`,
  ),
  `delete from marks where chat_id = $1 and (user_id, read_seq) in (
    select user_id, read_seq from marks where chat_id = $1 order by user_id, read_seq limit ${rows})`,
]

/** Another process may still be at it. */
const FORGET = `delete from gone_chats where chat_id = $1
  and not exists (select 1 from messages m where m.chat_id = $1) and not exists (select 1 from events e where e.chat_id = $1)
  and not exists (select 1 from marks k where k.chat_id = $1)`
