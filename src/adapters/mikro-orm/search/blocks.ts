import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Database, PgQuery, PostgresDatabase, Row, SqliteHandle } from '../database/connect.ts'
import { gramsOf, signatureOf } from './grams.ts'

/** So many numbers of a chat's log are indexed together: fewer make a finer index, more a smaller one. */
export const BLOCK = 128

export interface Block {
  readonly chatId: string
  /** It holds the numbers from `block * BLOCK` on. */
  readonly block: number
}

/** How many blocks wait to be indexed at most; the others wait for another search. */
const WAITING = 50_000
/** A synchronous database keeps everybody else waiting for as long as it takes. */
const AT_ONCE = { postgres: 4, sqlite: 1 }

/**
 * Puts blocks into the index, in the background and one after the other: nobody waits for it, and sending pays nothing for it.
 * Only full blocks may be given. When texts of a block change, triggers take it out again; until it is back, searches read it itself.
 */
export function blockIndexer(database: Database): (blocks: readonly Block[]) => void {
  const index = database.dialect === 'sqlite' ? onSqlite(database.handle) : onPostgres(database)
  const atOnce = AT_ONCE[database.dialect]
  let isBusy = false
  async function work(blocks: readonly Block[]) {
    isBusy = true
    try {
      for (let i = 0; i < blocks.length; i += atOnce) {
        for (const [chatId, some] of Map.groupBy(blocks.slice(i, i + atOnce), (block) => block.chatId)) await index(chatId, some)
        await nextTurn()
      }
    } catch {
      // Without it searches are slower and as right: the next one tries again.
    } finally {
      isBusy = false
    }
  }
  return (blocks) => {
    if (!isBusy && blocks.length > 0) void work(blocks.slice(0, WAITING))
  }
}

const TEXTS = 'select at, folded from {messages} where chat_id = $1 and seq between $2 and $3 order by seq'
const bounds = (block: number) => [block * BLOCK, block * BLOCK + BLOCK - 1] as const

interface Content {
  readonly oldestAt: number
  readonly newestAt: number
  readonly grams: ReadonlySet<number>
}

function contentOf(rows: readonly Row[]): Content {
  const texts = rows.map((row) => row.folded).filter((folded) => typeof folded === 'string')
  return { oldestAt: (rows[0]?.at ?? 0) as number, newestAt: (rows.at(-1)?.at ?? 0) as number, grams: gramsOf(texts) }
}

type Index = (chatId: string, blocks: readonly Block[]) => Promise<void>

/** The lock on the chat keeps edits out between reading the texts and being in the index, where the triggers find the block. */
function onPostgres({ pool, patienceMs }: PostgresDatabase): Index {
  return async (chatId, blocks) => {
    const client = await pool.connect()
    const ask = (query: PgQuery) => client.query({ ...query, query_timeout: patienceMs })
    let isBroken = true
    try {
      await ask({ text: 'begin' })
      const { rows: chat } = await ask({ name: 'search-lock', text: 'select id from {chats} where id = $1 for share', values: [chatId] })
      // Of a deleted chat nothing would remove it again.
      for (const { block } of chat.length > 0 ? blocks : []) {
        const { rows } = await ask({ name: 'search-texts', text: TEXTS, values: [chatId, ...bounds(block)] })
        const { oldestAt, newestAt, grams } = contentOf(rows)
        const text = `insert into {search_blocks} (chat_id, block, oldest_at, newest_at, signature) values ($1, $2, $3, $4, $5) on conflict do nothing`
        await ask({
          name: 'search-index',
          text,
          values: [chatId, block, oldestAt, newestAt, Buffer.from(signatureOf(grams).buffer)],
        })
      }
      await ask({ text: 'commit' })
      isBroken = false
    } finally {
      client.release(isBroken)
    }
  }
}

function onSqlite(handle: SqliteHandle): Index {
  return async (chatId, blocks) => {
    if (handle.inTransaction) return
    handle.exec('begin immediate')
    try {
      const chat = handle.prepare('select id from {chats} where id = $1').all({ 1: chatId })
      for (const { block } of chat.length > 0 ? blocks : []) {
        const [low, high] = bounds(block)
        const { oldestAt, newestAt, grams } = contentOf(handle.prepare(TEXTS).all({ 1: chatId, 2: low, 3: high }))
        const [added] = handle
          .prepare(
            `insert into {search_blocks} (chat_id, block, oldest_at, newest_at) values ($1, $2, $3, $4) on conflict do nothing returning row`,
          )
          .all({ 1: chatId, 2: block, 3: oldestAt, 4: newestAt })
        if (added)
          handle
            .prepare('insert into {search_grams} (rowid, grams) values ($1, $2)')
            .run({ 1: added.row as number, 2: Array.from(grams, gramWord).join(' ') })
      }
      handle.exec('commit')
    } catch (error) {
      handle.exec('rollback')
      throw error
    }
  }
}

/** A gram as a word of the full text index. */
export const gramWord = (gram: number): string => gram.toString(36)
