import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Chats } from '../../../application/ports/chats.ts'
import type { UserId } from '../../../domain/ids.ts'
import type { Row } from '../database/connect.ts'
import type { Parameter, Query } from '../database/query.ts'
import { hasBlocked } from '../database/seeing.ts'
import { BLOCK, type Block, gramWord } from './blocks.ts'
import { bitsOf, gramsIn } from './grams.ts'

export interface Sought {
  readonly viewer: UserId
  readonly filter: Parameters<Chats['search']>[1]
}

/** A block that may hold a match: it is not indexed, or has all grams of what is sought. */
interface Candidate extends Block {
  readonly isMissing: boolean
}
export interface DatedCandidate extends Candidate {
  readonly oldestAt: number
  readonly newestAt: number
}

export async function candidatesOf(query: Query, { viewer, filter }: Sought): Promise<readonly DatedCandidate[]> {
  const parameters: Parameter[] = [viewer]
  const grams = gramsIn(filter.query)
  const chatId = filter.chatId && `$${parameters.push(filter.chatId)}`
  const own = chatId
    ? `select chat_id from {members} where user_id = $1 and chat_id = ${chatId}`
    : notRuledOut(hasGrams(query, parameters, grams, PACKS))
  const rows = await query(blocksToRead(own, hasGrams(query, parameters, grams, BLOCKS)), parameters)
  return rows.filter((row) => row.oldest_at !== null).map(candidateOf)
}

const candidateOf = (row: Row): DatedCandidate => ({
  chatId: row.chat_id as string,
  block: row.block as number,
  oldestAt: row.oldest_at as number,
  newestAt: (row.newest_at ?? 0) as number,
  isMissing: row.is_missing === 1,
})

/** Those of one chat, in their order. */
export async function candidatesInChat(query: Query, { viewer, filter }: Sought, chatId: string): Promise<readonly Candidate[]> {
  const parameters: Parameter[] = [viewer, chatId]
  const hit = hasGrams(query, parameters, gramsIn(filter.query), BLOCKS)
  const rows = Map.groupBy(await query(blocksOfChat(hit), parameters), ({ kind }) => kind as string)
  const [top] = rows.get('head') ?? []
  if (!top) return []
  const candidates = new Map(rows.get('hit')?.map(({ block }) => [block as number, false]))
  if ((top.missing as number) > 0) {
    const known = new Set(rows.get('indexed')?.map(({ block }) => block))
    for (let block = 0; block < (top.block as number); block++) if (!known.has(block)) candidates.set(block, true)
  }
  candidates.set(top.block as number, false)
  return [...candidates].map(([block, isMissing]) => ({ chatId, block, isMissing })).sort((a, b) => a.block - b.block)
}

/** In one statement, for the same reason. Which are indexed is told only where some are not. */
const blocksOfChat = (hit: string) => `with chat as materialized (
    select c.id, c.head_seq / ${BLOCK} as head, c.head_seq / ${BLOCK} - (select count(*) from {search_blocks} b where b.chat_id = c.id) as missing
    from {members} me join {chats} c on c.id = me.chat_id where me.user_id = $1 and me.chat_id = $2
  )
  select 'head' as kind, head as block, missing from chat
  union all select 'hit', b.block, 0 from chat c join {search_blocks} b on b.chat_id = c.id where true ${hit}
  union all select 'indexed', b.block, 0 from chat c join {search_blocks} b on b.chat_id = c.id where c.missing > 0`

/** Some of the grams tell as much as all. */
const ENOUGH = 8

/** What has grams: rows `of` a table, on SQLite by the full text index `words`. */
interface Indexed {
  readonly of: string
  readonly words: string
}
const BLOCKS: Indexed = { of: 'b', words: '{search_grams}' }
const PACKS: Indexed = { of: 'k', words: '{search_pack_grams}' }

function hasGrams(query: Query, parameters: Parameter[], grams: readonly number[], { of, words }: Indexed): string {
  if (grams.length === 0) return ''
  const step = Math.max(1, grams.length / ENOUGH)
  const some = Array.from({ length: Math.min(grams.length, ENOUGH) }, (_, i) => grams[Math.floor(i * step)]!)
  if (query.isPostgres)
    return some
      .flatMap(bitsOf)
      .map((bit) => `and get_bit(${of}.signature, $${parameters.push(bit)}) = 1`)
      .join(' ')
  const all = some.map((gram) => `"${gramWord(gram)}"`).join(' AND ')
  const has = `${of}.row in (select rowid from ${words} where ${words} match $${parameters.push(all)})`
  return of === PACKS.of ? `and (${of}.is_spoilt or ${has})` : `and ${has}`
}

/** The viewer's chats that are in no pack, and those of packs that have the grams. */
const notRuledOut = (hit: string) => `select p.chat_id from {search_places} p where p.user_id = $1 and p.pack is null
    union all select p.chat_id from {search_packs} k join {search_places} p on p.user_id = $1 and p.pack = k.pack where k.user_id = $1 ${hit}`

/**
 * One statement, since a block may go into the index or out of it at any time. The unfinished block at each chat's head is never in;
 * the others are looked for only where some are missing.
 */
const blocksToRead = (own: string, hit: string) => `with recursive own as materialized (${own}), pieces (chat_id, head, block, missing) as (
    select c.id, c.head_seq / ${BLOCK}, c.head_seq / ${BLOCK},
      c.head_seq / ${BLOCK} - (select count(*) from {search_blocks} b where b.chat_id = c.id)
    from own join {chats} c on c.id = own.chat_id where c.head_n > 0
    union all
    select chat_id, head, block - 1, missing from pieces where block > 0 and missing > 0
  ), unindexed as materialized (
    select * from pieces a where not exists (select 1 from {search_blocks} b where b.chat_id = a.chat_id and b.block = a.block)
  )
  select b.chat_id, b.block, 0 as is_missing, b.oldest_at, b.newest_at from own join {search_blocks} b on b.chat_id = own.chat_id where true ${hit}
  union all
  select a.chat_id, a.block, case when a.block < a.head then 1 else 0 end as is_missing,
    (select m.at from {messages} m where m.chat_id = a.chat_id and m.seq >= a.block * ${BLOCK} order by m.seq limit 1) as oldest_at,
    (select m.at from {messages} m where m.chat_id = a.chat_id and m.seq < (a.block + 1) * ${BLOCK} order by m.seq desc limit 1) as newest_at
  from unindexed a`

/** The parameters of `matching`. */
export const whereIn = (query: Query, { viewer, filter }: Sought, blocks: readonly Block[]): Parameter[] => [
  viewer,
  blocks.map(({ chatId }) => chatId),
  blocks.map(({ block }) => block),
  query.part(filter.query),
]

/** Membership is looked at with every read of messages. What people say whom the viewer has blocked is not found. */
export function matching(query: Query, { filter: { senderId } }: Sought, parameters: Parameter[]): string {
  return `from ${query.blocks} join {members} me on me.chat_id = g.chat_id and me.user_id = $1
    join {messages} m on m.chat_id = g.chat_id and m.seq >= g.block * ${BLOCK} and m.seq < (g.block + 1) * ${BLOCK} join {users} s on s.id = m.sender_id
    where ${query.contains('m.folded', 4)} and not ${hasBlocked('$1', 'm.sender_id')} ${senderId !== undefined ? `and m.sender_id = $${parameters.push(senderId)}` : ''}`
}

export async function countIn(query: Query, sought: Sought, candidates: readonly Block[]): Promise<number> {
  let total = 0
  for await (const { blocks } of chunks(query, candidates)) total += await countAtOnce(query, sought, blocks)
  return total
}

export async function countAtOnce(query: Query, sought: Sought, blocks: readonly Block[]): Promise<number> {
  const parameters = whereIn(query, sought, blocks)
  const [row] = await query(`select count(*) as total ${matching(query, sought, parameters)}`, parameters)
  return row!.total as number
}

const FIRST = 16
/** A synchronous database keeps everybody else waiting for as long as a statement runs. */
const LARGEST = { postgres: 1_024, sqlite: 64 }

/** Ever larger parts, others having a turn in between: most searches end in the first. */
export async function* chunks<C extends Block>(query: Query, candidates: readonly C[]) {
  const largest = query.isPostgres ? LARGEST.postgres : LARGEST.sqlite
  for (let start = 0, size = FIRST; start < candidates.length; start += size, size = Math.min(size * 4, largest)) {
    if (start > 0) await nextTurn()
    yield { blocks: candidates.slice(start, start + size), next: candidates[start + size] }
  }
}
