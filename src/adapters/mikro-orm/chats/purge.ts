import { setTimeout as pause } from 'node:timers/promises'
import type { Database, Row } from '../database/connect.ts'
import { type Query, queryOn } from '../database/query.ts'
import { purged, type Ranges } from '../database/retention.ts'
import { scrubbing } from '../database/scrub.ts'

/** Rows deleted at once, at most; then other callers have a turn. */
export const PURGED_AT_ONCE = { postgres: 2_000, sqlite: 250 }
const TURN_MS = 10
const AFTER_TROUBLE_MS = 5_000

export interface Purge {
  /** A chat was deleted. */
  wake(): void
  /** Stops after the piece that it is at; the rest goes at the next start. */
  close(): Promise<void>
}

/**
 * A deleted chat is gone with its row and its members. What else it held, however much, is deleted here, a piece at a time beside the
 * senders, and at the next start if this one did not come to it.
 */
export function purging(database: Database, warn: (message: string) => void = () => {}): Purge {
  const query = queryOn(database)
  const scrub = scrubbing(database)
  const pieces = purged.map((ranges) => pieceOf(query, ranges, PURGED_AT_ONCE[database.dialect]))
  const ending = new AbortController()
  const { signal } = ending
  let isWanted = false
  let running: Promise<void> | undefined
  const rest = (ms: number) => pause(ms, undefined, { signal, ref: false }).catch(() => undefined)

  async function run(): Promise<void> {
    while (isWanted && !signal.aborted) {
      isWanted = false
      await purgeAll().catch(async (error: unknown) => {
        warn(`What a deleted chat has left could not be deleted yet: ${(error as Error).message}`)
        isWanted = true
        await rest(AFTER_TROUBLE_MS)
      })
    }
    running = undefined
  }

  async function purgeAll(): Promise<void> {
    for (const { chat_id } of await query('select chat_id from {gone_chats} order by chat_id limit 1000', [])) {
      await purge(chat_id as string)
      if (signal.aborted) return
      await query.change(FORGET, [chat_id as string])
      await scrub.wanted()
      isWanted = true
    }
  }

  async function purge(chatId: string): Promise<void> {
    for (const piece of pieces)
      for (let from: Row | undefined, isDone = false; !isDone && !signal.aborted; isDone = from === undefined) {
        from = await piece(chatId, from)
        if (from) await rest(TURN_MS)
      }
  }

  function wake(): void {
    isWanted = true
    running ??= run()
  }

  wake()
  scrub.resume()
  return {
    wake,
    async close() {
      ending.abort()
      await running
      await scrub.close()
    },
  }
}

/**
 * Deletes the rows of a chat in a table, one range after the other, each behind where the last one ended, so that no statement passes over
 * what others have deleted. Returns where the next range begins; undefined after the last.
 */
function pieceOf(query: Query, { table, columns }: Ranges, rows: number) {
  const names = columns.join(', ')
  const parameters = (first: number) => columns.map((_, i) => `$${first + i}`).join(', ')
  const after = `chat_id = $1 and (${names}) > (${parameters(2)})`
  const until = (first: number) => `(${names}) <= (${parameters(first)})`
  const END = `order by ${names} limit 1 offset ${rows - 1}`
  return async (chatId: string, from: Row | undefined): Promise<Row | undefined> => {
    const start = from ? [chatId, ...columns.map((name) => from[name] as string | number)] : [chatId]
    const where = from ? after : 'chat_id = $1'
    const [end] = await query(`select ${names} from {${table}} where ${where} ${END}`, start)
    const upTo = end ? ` and ${until(start.length + 1)}` : ''
    await query.change(`delete from {${table}} where ${where}${upTo}`, [
      ...start,
      ...(end ? columns.map((name) => end[name] as string | number) : []),
    ])
    return end
  }
}

/** Another process may still be at it. */
const FORGET = `delete from {gone_chats} where chat_id = $1 ${purged
  .map(({ table }) => `and not exists (select 1 from {${table}} t where t.chat_id = $1)`)
  .join(' ')}`
