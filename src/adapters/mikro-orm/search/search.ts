import type { Chats } from '../../../application/ports/chats.ts'
import type { Page, Window } from '../../../application/ports/lists.ts'
import type { Instant, MessageId } from '../../../domain/ids.ts'
import type { Row } from '../database/connect.ts'
import { pageOf, placed } from '../database/page.ts'
import { isStorable, type Query, time, whole } from '../database/query.ts'
import { MESSAGE, viewOf } from '../database/rows.ts'
import { isUuid } from '../database/schema.ts'
import { READ } from '../receipts/unread.ts'
import type { Block } from './blocks.ts'
import { candidatesOf, chunks, countIn, type DatedCandidate, matching, type Sought, whereIn } from './candidates.ts'
import type { Settle } from './settle.ts'

type Position = { readonly at: Instant; readonly id: MessageId }

/**
 * Reads the blocks that may hold a match, newest first, until nothing newer can come: so a rare word costs few blocks, a common one is
 * found in the first, and no send waits for an index.
 */
export function mikroOrmSearch(query: Query, index: (blocks: readonly Block[]) => void, settle: Settle): Pick<Chats, 'search'> {
  return {
    async search(viewer, filter, window) {
      const { chatId, senderId } = filter
      if (!isStorable(filter.query) || [chatId, senderId].some((id) => id !== undefined && !isUuid(id))) return empty(window)
      const sought = { viewer, filter }
      const until = window.from && !window.count ? window.from.at : Number.POSITIVE_INFINITY
      const candidates = (await candidatesOf(query, sought))
        .filter(({ oldestAt }) => oldestAt <= until)
        .sort((a, b) => b.newestAt - a.newestAt)
      const page = pageOf(await matches(query, { ...sought, window }, candidates), window, {
        item: viewOf,
        position: (row) => ({ at: row.at as number, id: row.id as MessageId }),
      })
      const total = window.count ? await countIn(query, sought, candidates) : undefined
      index(candidates.filter((candidate) => candidate.isMissing))
      if (chatId === undefined) settle(viewer, new Set(candidates.map((candidate) => candidate.chatId)).size)
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

/** The newest matches behind the window's start, one more than it shows. */
async function matches(
  query: Query,
  { window, ...sought }: Sought & { readonly window: Window<Position> },
  candidates: readonly DatedCandidate[],
): Promise<readonly Row[]> {
  const wanted = whole(window.limit) + 1
  const found: Row[] = []
  for await (const { blocks, next } of chunks(query, candidates)) {
    const parameters = whereIn(query, sought, blocks)
    const behind = window.from
      ? `and (m.at, m.id) < ($${parameters.push(time(window.from.at))}, $${parameters.push(placed(window.from.id))})`
      : ''
    const text = `select ${MESSAGE}, ${READ} ${matching(query, sought, parameters)} ${behind} order by m.at desc, m.id desc limit $${parameters.push(wanted)}`
    found.push(...(await query(text, parameters)))
    found.sort(newestFirst).splice(wanted)
    if (found.length === wanted && (!next || (found.at(-1)!.at as number) > next.newestAt)) break
  }
  return found
}

const newestFirst = (a: Row, b: Row): number => (b.at as number) - (a.at as number) || ((a.id as string) < (b.id as string) ? 1 : -1)
