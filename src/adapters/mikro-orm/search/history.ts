import type { MessageRun, MessageWindow } from '../../../application/ports/views.ts'
import type { ChatId, UserId } from '../../../domain/ids.ts'
import { INT_MAX, isStorable, type Query, whole } from '../database/query.ts'
import { viewOf } from '../database/rows.ts'
import { isUuid } from '../database/schema.ts'
import { BLOCK, type Block } from './blocks.ts'
import { candidatesInChat, chunks, countAtOnce, countIn, matching, type Sought, whereIn } from './candidates.ts'

export interface Searched {
  readonly viewer: UserId
  readonly chatId: ChatId
  readonly filter: { readonly query: string; readonly senderId?: UserId | undefined }
  readonly window: MessageWindow
  readonly limit: number
  readonly isCounted: boolean
}

/** `show` is a statement whose parameters are the viewer, the chat, ids of messages in it, and what each of them must contain. */
export const searchingHistory =
  (query: Query, index: (blocks: readonly Block[]) => void, show: string) =>
  async ({ viewer, chatId, filter, window, limit, isCounted }: Searched): Promise<MessageRun | undefined> => {
    const canBe = isStorable(filter.query) && (filter.senderId === undefined || isUuid(filter.senderId))
    const sought = { viewer, filter }
    const candidates = canBe ? await candidatesInChat(query, sought, chatId) : []
    const walk = (way: Way) => nearest(query, sought, candidates, way)
    const { ids, ...beyond } = await within(window, limit, walk)
    const rows = await query(show, [viewer, chatId, ids, query.part(canBe ? filter.query : '')])
    if (rows.length === 0) return undefined
    const items = rows.filter((row) => row.id !== null).map(viewOf)
    const total = isCounted ? await countIn(query, sought, candidates) : undefined
    index(candidates.filter(({ isMissing }) => isMissing))
    return { items, ...beyond, total }
  }

/** Upwards from `from` on, or downwards below it. */
interface Way {
  readonly isUpward: boolean
  readonly from: number
  readonly skip?: number
  readonly limit: number
}
interface Found {
  readonly ids: readonly string[]
  /** Some were left out before these, and there are more behind them. */
  readonly isSkipped: boolean
  readonly isMore: boolean
}

async function nearest(
  query: Query,
  sought: Sought,
  candidates: readonly Block[],
  { isUpward, from, skip = 0, limit }: Way,
): Promise<Found> {
  const ahead = candidates.filter(({ block }) => (isUpward ? (block + 1) * BLOCK > from : block * BLOCK < from))
  const found: string[] = []
  const wanted = limit + 1
  let left = skip
  for await (const { blocks } of chunks(query, isUpward ? ahead : ahead.toReversed())) {
    const here = left > 0 ? await countAtOnce(query, sought, blocks) : 0
    const skipped = Math.min(left, here)
    left -= skipped
    if (left > 0) continue
    const parameters = whereIn(query, sought, blocks)
    const text = `select m.id ${matching(query, sought, parameters)} and +m.seq ${isUpward ? '>=' : '<'} $${parameters.push(from)}
      order by +m.seq ${isUpward ? 'asc' : 'desc'} limit $${parameters.push(wanted - found.length)} offset $${parameters.push(skipped)}`
    found.push(...(await query(text, parameters)).map((row) => row.id as string))
    if (found.length === wanted) break
  }
  return { ids: found.slice(0, limit), isSkipped: left < skip, isMore: found.length === wanted }
}

interface Shown extends Pick<MessageRun, 'hasOlder' | 'hasNewer'> {
  readonly ids: readonly string[]
}

async function within(window: MessageWindow, limit: number, walk: (way: Way) => Promise<Found>): Promise<Shown> {
  const up = (seq: number, limit: number) => walk({ isUpward: true, from: whole(seq), limit })
  const down = (seq: number, limit: number) => walk({ isUpward: false, from: whole(seq), limit })
  const isAny = async (found: Promise<Found>) => (await found).isMore
  switch (window.kind) {
    case 'newest': {
      const { ids, isMore } = await down(INT_MAX, limit)
      return { ids, hasOlder: isMore, hasNewer: false }
    }
    case 'before': {
      const { ids, isMore } = await down(window.seq, limit)
      return { ids, hasOlder: isMore, hasNewer: await isAny(up(window.seq, 0)) }
    }
    case 'after': {
      const from = Math.min(window.seq, Number.MAX_SAFE_INTEGER - 1) + 1
      const { ids, isMore } = await up(from, limit)
      return { ids, hasOlder: await isAny(down(from, 0)), hasNewer: isMore }
    }
    case 'around': {
      const half = Math.floor(limit / 2)
      const [older, newer] = [await down(window.seq, half), await up(window.seq, limit - half)]
      return { ids: [...older.ids, ...newer.ids], hasOlder: older.isMore, hasNewer: newer.isMore }
    }
    case 'offset': {
      const isUpward = !window.fromEnd
      const skip = Math.max(0, whole(window.offset))
      const { ids, isSkipped, isMore } = await walk({ isUpward, from: isUpward ? 0 : INT_MAX, skip, limit })
      return isUpward ? { ids, hasOlder: isSkipped, hasNewer: isMore } : { ids, hasOlder: isMore, hasNewer: isSkipped }
    }
  }
}
