import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Chats, Page, Window } from '../../application/ports.ts'
import type { MessageId, Millis, UserId } from '../../domain/ids.ts'
import type { Connection, Row } from './connect.ts'
import { bitsOf, gramsIn } from './grams.ts'
import { pageOf, placed } from './page.ts'
import { isStorable, type Parameter, type Query, time, whole } from './query.ts'
import { MESSAGE, READ, viewOf } from './rows.ts'
import { isUuid } from './schema.ts'
import { BLOCK, type Block, blockIndexer, gramWord } from './search-blocks.ts'

type Position = { readonly at: Millis; readonly id: MessageId }
type Filter = Parameters<Chats['search']>[1]

interface Candidate extends Block {
  readonly newestAt: Millis
  readonly isMissing: boolean
}

interface Search {
  readonly viewer: UserId
  readonly filter: Filter
  readonly window: Window<Position>
}

/**
 * Reads the blocks that may hold a match, newest first, until nothing newer can come. A block may hold one if it is not indexed or has
 * all grams of what is sought: so a rare word costs few blocks, a common one is found in the first, and no send waits for an index.
 */
export function mikroOrmSearch(connection: Connection, query: Query): Pick<Chats, 'search'> {
  const index = blockIndexer(connection)
  return {
    async search(viewer, filter, window) {
      const { chatId, senderId } = filter
      if (!isStorable(filter.query) || [chatId, senderId].some((id) => id !== undefined && !isUuid(id))) return empty(window)
      const search = { viewer, filter, window }
      const candidates = await candidatesOf(query, search)
      const page = pageOf(await matches(query, search, candidates), window, {
        item: viewOf,
        position: (row) => ({ at: row.at as number, id: row.id as MessageId }),
      })
      const total = window.count ? await count(query, search, candidates) : undefined
      index(candidates.filter((candidate) => candidate.isMissing))
      return { ...page, ...(total !== undefined && { total }) }
    },
  }
}

const empty = <T, P>({ count: isCounted }: Window<P>): Page<T, P> => ({
  items: [],
  next: undefined,
  prev: undefined,
  ...(isCounted && { total: 0 }),
})

/** Newest first. */
async function candidatesOf(query: Query, { viewer, filter, window }: Search): Promise<readonly Candidate[]> {
  const parameters: Parameter[] = [viewer]
  const inChat = filter.chatId !== undefined ? `and me.chat_id = $${parameters.push(filter.chatId)}` : ''
  const hit = hasGrams(query, parameters, gramsIn(filter.query))
  const until = window.from && !window.count ? window.from.at : Number.POSITIVE_INFINITY
  const rows = await query(blocksToRead(inChat, hit), parameters)
  return rows
    .filter((row) => row.oldest_at !== null && (row.oldest_at as number) <= until)
    .map((row) => ({
      chatId: row.chat_id as string,
      block: row.block as number,
      newestAt: (row.newest_at ?? 0) as number,
      isMissing: row.is_missing === 1,
    }))
    .sort((a, b) => b.newestAt - a.newestAt)
}

/** Some of the grams tell as much as all. */
const ENOUGH = 8

function hasGrams(query: Query, parameters: Parameter[], grams: readonly number[]): string {
  if (grams.length === 0) return ''
  const step = Math.max(1, grams.length / ENOUGH)
  const some = Array.from({ length: Math.min(grams.length, ENOUGH) }, (_, i) => grams[Math.floor(i * step)]!)
  if (query.isPostgres)
    return some
      .flatMap(bitsOf)
      .map((bit) => `and get_bit(b.signature, $${parameters.push(bit)}) = 1`)
      .join(' ')
  const words = some.map((gram) => `"${gramWord(gram)}"`).join(' AND ')
  return `and b.row in (select rowid from search_grams where search_grams match $${parameters.push(words)})`
}

/**
 * One statement, since a block may go into the index or out of it at any time. The unfinished block at each chat's head is never in;
 * the others are looked for only where some are missing.
 */
const blocksToRead = (inChat: string, hit: string) => `with recursive blocks (chat_id, head, block, missing) as (
    select c.id, c.head_seq / ${BLOCK}, c.head_seq / ${BLOCK},
      c.head_seq / ${BLOCK} - (select count(*) from search_blocks b where b.chat_id = c.id)
    from members me join chats c on c.id = me.chat_id where me.user_id = $1 and c.head_n > 0 ${inChat}
    union all
    select chat_id, head, block - 1, missing from blocks where block > 0 and missing > 0
  ), unindexed as materialized (
    select * from blocks a where not exists (select 1 from search_blocks b where b.chat_id = a.chat_id and b.block = a.block)
  )
  select b.chat_id, b.block, 0 as is_missing, b.oldest_at, b.newest_at from members me join search_blocks b on b.chat_id = me.chat_id
  where me.user_id = $1 ${inChat} ${hit}
  union all
  select a.chat_id, a.block, case when a.block < a.head then 1 else 0 end as is_missing,
    (select m.at from messages m where m.chat_id = a.chat_id and m.seq >= a.block * ${BLOCK} order by m.seq limit 1) as oldest_at,
    (select m.at from messages m where m.chat_id = a.chat_id and m.seq < (a.block + 1) * ${BLOCK} order by m.seq desc limit 1) as newest_at
  from unindexed a`

/** The newest matches behind the window's start, one more than it shows. */
async function matches(query: Query, search: Search, candidates: readonly Candidate[]): Promise<readonly Row[]> {
  const { filter, window } = search
  const wanted = whole(window.limit) + 1
  const found: Row[] = []
  for await (const { blocks, next } of chunks(query, candidates)) {
    const parameters = whereIn(query, search, blocks)
    const behind = window.from
      ? `and (m.at, m.id) < ($${parameters.push(time(window.from.at))}, $${parameters.push(placed(window.from.id))})`
      : ''
    const text = `select ${MESSAGE}, ${READ} ${matching(query, filter, parameters)} ${behind} order by m.at desc, m.id desc limit $${parameters.push(wanted)}`
    found.push(...(await query(text, parameters)))
    found.sort(newestFirst).splice(wanted)
    if (found.length === wanted && (!next || (found.at(-1)!.at as number) > next.newestAt)) break
  }
  return found
}

async function count(query: Query, search: Search, candidates: readonly Candidate[]): Promise<number> {
  let total = 0
  for await (const { blocks } of chunks(query, candidates)) {
    const parameters = whereIn(query, search, blocks)
    const [row] = await query(`select count(*) as total ${matching(query, search.filter, parameters)}`, parameters)
    total += row!.total as number
  }
  return total
}

/** The parameters of `matching`. */
const whereIn = (query: Query, { viewer, filter }: Search, blocks: readonly Block[]): Parameter[] => [
  viewer,
  blocks.map(({ chatId }) => chatId),
  blocks.map(({ block }) => block),
  query.part(filter.query),
]

/** Membership is looked at with every read of messages. */
function matching(query: Query, { senderId }: Filter, parameters: Parameter[]): string {
  return `from ${query.blocks} join members me on me.chat_id = g.chat_id and me.user_id = $1
    join messages m on m.chat_id = g.chat_id and m.seq >= g.block * ${BLOCK} and m.seq < (g.block + 1) * ${BLOCK} join users s on s.id = m.sender_id
    where ${query.contains('m.folded', 4)} ${senderId !== undefined ? `and m.sender_id = $${parameters.push(senderId)}` : ''}`
}

const FIRST = 16
/** A synchronous database keeps everybody else waiting for as long as a statement runs. */
const LARGEST = { postgres: 1_024, sqlite: 64 }

/** Ever larger parts: most searches end in the first. */
async function* chunks(query: Query, candidates: readonly Candidate[]) {
  const largest = query.isPostgres ? LARGEST.postgres : LARGEST.sqlite
  for (let start = 0, size = FIRST; start < candidates.length; start += size, size = Math.min(size * 4, largest)) {
    if (start > 0) await nextTurn()
    yield { blocks: candidates.slice(start, start + size), next: candidates[start + size] }
  }
}

const newestFirst = (a: Row, b: Row): number => (b.at as number) - (a.at as number) || ((a.id as string) < (b.id as string) ? 1 : -1)
