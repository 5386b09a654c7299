import { GROUP_LIMIT_MAX } from '../../domain/chat.ts'
import type { ChatEvent } from '../../domain/event.ts'
import type { Count, Duration, Instant, Seq, UserId } from '../../domain/ids.ts'
import { leaverOf } from '../../domain/kinds/kinds.ts'
import { type LowestMarks, type Receipt, readByOthers } from '../../domain/receipt.ts'
import type { Ports } from '../ports/ports.ts'
import type { Marked } from '../ports/receipts.ts'
import type { Seat, Track } from './tracks.ts'

/** In larger chats a receipt goes to the devices of its user, and to other members when all members but them have read. */
export const RECEIPT_MEMBERS = 100
/** Receipts are gathered for this long, so that many marks of one user become one frame. */
const GATHERED_FOR: Duration = 50
/** How far the clocks of processes may differ: marks are dated by the process that writes them. */
const CLOCKS_DIFFER: Duration = 60_000

/** Undefined where a poll has found the mark. */
interface Unread {
  readonly unread: Count | undefined
  readonly unreadMentions: Count | undefined
}
type News = Pick<Marked, 'receipt' | 'memberCount' | 'lowest'> & Unread

/** Delivers to the audience of a chat how far its members have read: merged per user, never going back, never ahead of the log. */
export interface LiveReceipts {
  receive(track: Track, news: News): void
  /** Whether a mark is later than those received so far. */
  isNews(track: Track, receipt: Receipt): boolean
  /** Delivers what came while a seat was not caught up yet. */
  catchUp(seat: Seat, since: Instant): void
  passing(track: Track, event: ChatEvent): void
  forget(track: Track): void
}

interface Marks {
  /** The latest receipt of each user that was delivered; those that were not yet stand in `news`. */
  readonly sent: Map<UserId, Receipt>
  readonly news: Map<UserId, News>
  /** The `seq` at which users left: what was written before may arrive later, and is dropped. */
  readonly left: Map<UserId, Seq>
  lowest: LowestMarks
}

const noMarks = (): Marks => ({ sent: new Map(), news: new Map(), left: new Map(), lowest: [] })

export function liveReceipts({ later }: Pick<Ports, 'later'>): LiveReceipts {
  const tracks = new Map<Track, Marks>()
  let isDue = false

  function flush(): void {
    isDue = false
    for (const [track, marks] of tracks)
      for (const [userId, news] of marks.news) if (isTime(track, news)) deliver(track, marks, userId, news)
  }

  const isTime = (track: Track, { receipt }: News) => track.head !== undefined && track.head >= receipt.asOf

  function deliver(track: Track, marks: Marks, userId: UserId, { receipt, unread, unreadMentions, memberCount, lowest }: News): void {
    marks.news.delete(userId)
    bounded(marks.sent, userId).set(userId, receipt)
    const { chatId, readSeq, at } = receipt
    const own = { type: 'receipt', chatId, userId, readSeq, at, unread, unreadMentions } as const
    const toOthers = { ...own, unread: undefined, unreadMentions: undefined }
    const isLarge = memberCount > RECEIPT_MEMBERS
    const before = marks.lowest
    if (isLarge && isLater(lowest, before)) marks.lowest = lowest
    for (const seat of track.seats) {
      const { reader } = seat
      if (!isLevel(seat, receipt)) continue
      if (reader.userId === userId) reader.deliver(own)
      else if (!isLarge) reader.deliver(toOthers)
      else if (marks.lowest !== before) {
        const by = readByOthers(reader.userId, marks.lowest) ?? 0
        if (by > (readByOthers(reader.userId, before) ?? 0)) reader.deliver({ ...toOthers, userId: undefined, readSeq: by })
      }
    }
  }

  function soon(): void {
    if (isDue) return
    isDue = true
    later(flush, GATHERED_FOR)
  }

  return {
    receive(track, news) {
      const { receipt } = news
      const marks = tracks.get(track) ?? noMarks()
      tracks.set(track, marks)
      if (!isNew(marks, receipt)) return
      bounded(marks.news, receipt.userId).set(receipt.userId, news)
      soon()
    },
    isNews(track, receipt) {
      const marks = tracks.get(track)
      return !marks || isNew(marks, receipt)
    },
    catchUp(seat, since) {
      const { reader, track } = seat
      for (const [userId, { chatId, readSeq, at, asOf }] of tracks.get(track)?.sent ?? [])
        if (at >= since - CLOCKS_DIFFER && seat.position >= asOf && (track.memberCount <= RECEIPT_MEMBERS || userId === reader.userId))
          reader.deliver({ type: 'receipt', chatId, userId, readSeq, at, unread: undefined, unreadMentions: undefined })
    },
    passing(track, event) {
      const marks = tracks.get(track)
      if (!marks) return
      drop(marks, event)
      if (marks.news.size > 0) soon()
    },
    forget(track) {
      tracks.delete(track)
    },
  }
}

/** Forgets the receipts of a user who leaves. */
function drop({ sent, news, left }: Marks, event: ChatEvent): void {
  const leaver = leaverOf(event)
  if (leaver === undefined) return
  news.delete(leaver)
  sent.delete(leaver)
  bounded(left, leaver).set(leaver, event.seq)
}

const isNew = ({ sent, news, left }: Marks, { userId, readSeq, asOf }: Receipt) =>
  asOf >= (left.get(userId) ?? 0) && readSeq > Math.max(sent.get(userId)?.readSeq ?? 0, news.get(userId)?.receipt.readSeq ?? 0)

/** Marks only grow, and who joins has read everything: neither of the two ever goes back. */
const isLater = ([a, b]: LowestMarks, [x, y]: LowestMarks) =>
  (a?.readSeq ?? 0) > (x?.readSeq ?? 0) || (a?.readSeq === x?.readSeq && (b?.readSeq ?? 0) > (y?.readSeq ?? 0))

const isLevel = ({ position, isMuted }: Seat, { asOf }: Receipt) => position >= asOf && Number.isFinite(position) && !isMuted

/** As many as a chat has members, at most. */
function bounded<K, V>(map: Map<K, V>, next: K): Map<K, V> {
  if (map.size >= GROUP_LIMIT_MAX && !map.has(next)) map.delete(map.keys().next().value!)
  return map
}
