import { GROUP_LIMIT_MAX } from '../../domain/chat.ts'
import type { ChatEvent } from '../../domain/event.ts'
import type { Count, Duration, Instant, Seq, UserId } from '../../domain/ids.ts'
import { leaverOf } from '../../domain/kinds/kinds.ts'
import { type LowestMarks, type Receipt, readByOthers } from '../../domain/receipt.ts'
import type { Ports } from '../ports/ports.ts'
import type { Marked } from '../ports/receipts.ts'
import { mark, type Seat, type Track } from './tracks.ts'

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

export function liveReceipts({ later }: Pick<Ports, 'later'>): LiveReceipts {
  const tracks = new Map<Track, Marks>()
  let isDue = false

  function flush(): void {
    isDue = false
    for (const [track, marks] of tracks)
      for (const [userId, news] of marks.news)
        if (!isKnown(track, news.receipt)) marks.news.delete(userId)
        else if (isTime(track, news)) deliver(track, marks, userId, news)
  }

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
      mark(track, receipt.at)
      const marks = tracks.get(track) ?? begun(tracks, track)
      if (!isNew(marks, receipt)) return
      bounded(marks.news, receipt.userId).set(receipt.userId, news)
      soon()
    },
    isNews(track, receipt) {
      const marks = tracks.get(track)
      return !marks || isNew(marks, receipt)
    },
    catchUp(seat, since) {
      const marks = tracks.get(seat.track)
      if (!marks) return
      // What came before anybody here had a position in the chat.
      if (marks.news.size > 0) soon()
      deliverSent(marks, seat, since)
    },
    passing(track, event) {
      const marks = tracks.get(track) ?? (leaverOf(event) === undefined ? undefined : begun(tracks, track))
      if (!marks) return
      drop(marks, event)
      if (marks.news.size > 0) soon()
    },
    forget(track) {
      tracks.delete(track)
    },
  }
}

/** Whether it is known here that its user is a member: one from before the track may be of somebody who has left. */
const isKnown = ({ knownFrom }: Track, { asOf }: Receipt) => asOf >= knownFrom

const isTime = ({ head }: Track, { receipt }: News) => head !== undefined && head >= receipt.asOf

function begun(tracks: Map<Track, Marks>, track: Track): Marks {
  const marks: Marks = { sent: new Map(), news: new Map(), left: new Map(), lowest: [] }
  tracks.set(track, marks)
  return marks
}

/** Delivers what was delivered to others while a reader was not caught up. */
function deliverSent({ sent }: Marks, seat: Seat, since: Instant): void {
  const { reader, track } = seat
  for (const [userId, receipt] of sent) {
    const { chatId, readSeq, at } = receipt
    const isTold =
      at >= since - CLOCKS_DIFFER && isLevel(seat, receipt) && (track.memberCount <= RECEIPT_MEMBERS || userId === reader.userId)
    if (isTold) reader.deliver({ type: 'receipt', chatId, userId, readSeq, at, unread: undefined, unreadMentions: undefined })
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

/**
 * A reader hears of nobody before having become a member, nor of whoever became one later. Nobody here knows whom a reader knows to have left
 * who has more than the track; nor of one who is being given what is missing, since a client that has resumed by a time may have it already.
 */
const isLevel = ({ position, joinedSeq, isMuted, track }: Seat, { asOf }: Receipt) =>
  position >= Math.max(asOf, joinedSeq) && position === track.head && !isMuted

/** As many as a chat has members, at most. */
function bounded<K, V>(map: Map<K, V>, next: K): Map<K, V> {
  if (map.size >= GROUP_LIMIT_MAX && !map.has(next)) map.delete(map.keys().next().value!)
  return map
}
