import { setTimeout as pause } from 'node:timers/promises'
import type { Database, SqliteDatabase } from './connect.ts'
import { patiently, queryOn } from './query.ts'

export interface Scrub {
  /** Texts have gone that nobody may find any more, whoever reads the file. Resolves when that is noted; the work goes on beside others. */
  wanted(): Promise<void>
  /** Does what an earlier process was asked for. */
  resume(): void
  /** Ends what is under way. */
  close(): Promise<void>
}

/**
 * What SQLite leaves in its file of texts that are gone. What rows held is overwritten with them (`secure_delete`), but a full text index only
 * notes that they are gone until it merges its parts, and the log in front of the file holds pages as they were. Postgres does as much by itself, in its
 * own time.
 */
export function scrubbing(database: Database): Scrub {
  let scrub = scrubs.get(database)
  if (!scrub) scrubs.set(database, (scrub = database.dialect === 'sqlite' ? onSqlite(database) : onPostgres))
  return scrub
}
const scrubs = new WeakMap<Database, Scrub>()

const onPostgres: Scrub = { wanted: async () => {}, resume() {}, close: async () => {} }

const INDEXES = ['search_grams', 'search_pack_grams', 'search_people_grams']
/** A synchronous database keeps everybody else waiting for as long as a merge takes. */
const PAGES_AT_ONCE = 64
const TURN_MS = 10
const READER_PATIENCE_MS = 5_000

function onSqlite(database: SqliteDatabase): Scrub {
  const { handle } = database
  const query = queryOn(database)
  const ending = new AbortController()
  let running: Promise<void> | undefined
  /** Keeps no program running but one that waits for the end. */
  const rest = (ms: number): Promise<void> =>
    ending.signal.aborted ? pause(0) : pause(ms, undefined, { ref: false, signal: ending.signal }).catch(() => undefined)

  /** Answers whether there was anything to do. */
  const merge = (index: string, pages: number): Promise<boolean> =>
    patiently(() => {
      const changes = () => handle.prepare('select total_changes() as n').all()[0]!.n as number
      const before = changes()
      handle.prepare(`insert into {${index}} ({${index}}, rank) values ('merge', $1)`).run({ 1: pages })
      return changes() - before > 1
    })

  /** Whoever reads keeps the log as it is. */
  async function isLogEmpty(): Promise<boolean> {
    for (let waited = 0; waited <= READER_PATIENCE_MS; waited += 100) {
      if (!handle.inTransaction && (handle.pragma('wal_checkpoint(truncate)') as readonly { readonly busy: number }[])[0]!.busy === 0)
        return true
      await rest(100)
    }
    return false
  }

  async function run(): Promise<void> {
    for (;;) {
      const [wish] = await query('select value from {settings} where key = $1', [WISH])
      if (!wish) return
      // Less than nothing: all parts become one.
      for (const index of INDEXES) for (let pages = -PAGES_AT_ONCE; await merge(index, pages); pages = PAGES_AT_ONCE) await rest(TURN_MS)
      if (!(await isLogEmpty())) return
      await query.change('delete from {settings} where key = $1 and value = $2', [WISH, wish.value as string])
    }
  }

  function resume(): void {
    running ??= run()
      // The wish stays, and the next start does what is left.
      .catch(() => undefined)
      .finally(() => (running = undefined))
  }

  return {
    async wanted() {
      await query.change(WISHED, [WISH])
      resume()
    },
    resume,
    async close() {
      ending.abort()
      await running
    },
  }
}

const WISH = 'scrub'
const WISHED = `insert into {settings} (key, value) values ($1, lower(hex(randomblob(8))))
  on conflict (key) do update set value = excluded.value`
