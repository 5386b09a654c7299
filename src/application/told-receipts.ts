import { type ChatEvent, leaverOf } from '../domain/event.ts'
import type { Millis, Seq, UserId } from '../domain/ids.ts'
import type { Receipt } from '../domain/receipt.ts'
import type { Seat, Track } from './feed.ts'
import type { Marked, Ports } from './ports.ts'

/** In larger chats receipts go to the reader's own devices, and to the others when everybody has read. */
export const RECEIPT_MEMBERS = 100
/** Receipts are gathered for so long: many marks of one reader become one frame. */
const GATHERED_FOR: Millis = 50
const REMEMBERED = 256

type News = Pick<Marked, 'receipt' | 'memberCount' | 'lowest'> & { readonly unread: number | undefined }

/** Tells the audience of a chat how far its members have read: merged per reader, never going back, never before its time. */
export interface ToldReceipts {
  hear(track: Track, news: News): void
  /** What was said while a seat was not level yet. */
  catchUp(seat: Seat, since: Millis): void
  passing(track: Track, event: ChatEvent): void
  forget(track: Track): void
}

interface Marks {
  /** The latest said of each reader; what was not said yet stands in `news`. */
  readonly told: Map<UserId, Receipt>
  readonly news: Map<UserId, News>
  lowest: Seq
}

export function toldReceipts({ later }: Pick<Ports, 'later'>): ToldReceipts {
  const tracks = new Map<Track, Marks>()
  let isDue = false

  function flush(): void {
    isDue = false
    for (const [track, marks] of tracks) for (const [userId, news] of marks.news) if (isTime(track, news)) tell(track, marks, userId, news)
  }

  const isTime = (track: Track, { receipt }: News) => track.head !== undefined && track.head >= receipt.asOf

  function tell(track: Track, marks: Marks, userId: UserId, { receipt, unread, memberCount, lowest }: News): void {
    marks.news.delete(userId)
    bounded(marks.told).set(userId, receipt)
    const { chatId, readSeq, at } = receipt
    const own = { type: 'receipt', chatId, userId, readSeq, at, unread } as const
    const isLarge = memberCount > RECEIPT_MEMBERS
    const toOthers = isLarge ? { ...own, userId: undefined, readSeq: lowest, unread: undefined } : { ...own, unread: undefined }
    const isForOthers = !isLarge || lowest > marks.lowest
    marks.lowest = Math.max(marks.lowest, lowest)
    for (const seat of track.seats) {
      if (!isLevel(seat, receipt)) continue
      if (seat.reader.userId === userId) seat.reader.deliver(own)
      else if (isForOthers) seat.reader.deliver(toOthers)
    }
  }

  function soon(): void {
    if (isDue) return
    isDue = true
    later(flush, GATHERED_FOR)
  }

  return {
    hear(track, news) {
      const { receipt } = news
      const marks = tracks.get(track) ?? { told: new Map<UserId, Receipt>(), news: new Map<UserId, News>(), lowest: 0 }
      tracks.set(track, marks)
      const known = Math.max(marks.told.get(receipt.userId)?.readSeq ?? 0, marks.news.get(receipt.userId)?.receipt.readSeq ?? 0)
      if (receipt.readSeq <= known) return
      bounded(marks.news).set(receipt.userId, news)
      soon()
    },
    catchUp(seat, since) {
      const { reader, track } = seat
      for (const [userId, { chatId, readSeq, at, asOf }] of tracks.get(track)?.told ?? [])
        if (at >= since && seat.position >= asOf && (track.memberCount <= RECEIPT_MEMBERS || userId === reader.userId))
          reader.deliver({ type: 'receipt', chatId, userId, readSeq, at, unread: undefined })
    },
    passing(track, event) {
      const marks = tracks.get(track)
      if (!marks) return
      const leaver = leaverOf(event)
      if (leaver !== undefined) marks.news.delete(leaver)
      if (marks.news.size > 0) soon()
    },
    forget(track) {
      tracks.delete(track)
    },
  }
}

const isLevel = ({ position, isMuted }: Seat, { asOf }: Receipt) => position >= asOf && Number.isFinite(position) && !isMuted

function bounded<K, V>(map: Map<K, V>): Map<K, V> {
  if (map.size >= REMEMBERED) map.delete(map.keys().next().value!)
  return map
}
