import { describe, expect, it } from 'vitest'
import { liveReceipts, RECEIPT_MEMBERS } from '../../../src/application/live/receipts.ts'
import type { Track } from '../../../src/application/live/tracks.ts'
import type { ChatEvent } from '../../../src/domain/event.ts'
import type { LowestMarks } from '../../../src/domain/receipt.ts'
import { aReader, aSeat, aTrack, aUser } from './audience.ts'

const MINUTE = 60_000

/** What readers of a chat are told of marks, each as `user:seq`; a mark of all others has no user. */
function marked(given: Partial<Track> = {}) {
  const due: (() => void)[] = []
  const receipts = liveReceipts({ later: (run) => void due.push(run) })
  const track = aTrack('chat', given)
  const receive = (name: string, readSeq: number, more: { at?: number; asOf?: number; lowest?: LowestMarks; unread?: number } = {}) => {
    const { at = 1_000, asOf = readSeq, lowest = [], unread = 0 } = more
    const receipt = { chatId: track.chatId, userId: aUser(name), readSeq, at, asOf }
    receipts.receive(track, { receipt, unread, unreadMentions: 0, memberCount: track.memberCount, lowest })
  }
  const told = ({ handed }: ReturnType<typeof aReader>) =>
    handed
      .splice(0)
      .map((one) => (one.type === 'receipt' ? `${one.userId ?? ''}:${one.readSeq}${one.unread === undefined ? '' : '!'}` : one.type))
  const flush = () => {
    for (const run of due.splice(0)) run()
  }
  return { receipts, track, receive, told, flush, due }
}
const lowest = (...marks: readonly (readonly [string, number])[]): LowestMarks =>
  marks.map(([name, readSeq]) => ({ userId: aUser(name), readSeq }))
const left = (name: string, seq: number) => ({ type: 'member.left', actorId: aUser(name), userId: aUser(name), seq }) as ChatEvent

describe('marks', () => {
  it('are told once for many, to all; how much is unread to the own devices alone', () => {
    const { track, receive, told, flush, due } = marked()
    const [ann, bob] = [aReader('ann'), aReader('bob')]
    for (const reader of [ann, bob]) aSeat(reader, track)
    for (const seq of [3, 5, 4]) receive('bob', seq)
    expect(due).toHaveLength(1)
    flush()
    expect([told(ann), told(bob)]).toEqual([['bob:5'], ['bob:5!']])
    receive('bob', 5)
    expect(due).toHaveLength(0)
    receive('bob', 6)
    flush()
    expect(told(ann)).toEqual(['bob:6'])
  })

  it('note in the chat when the latest was written', () => {
    const { track, receive } = marked()
    receive('bob', 3, { at: 5_000 })
    receive('bob', 2, { at: 4_000 })
    expect(track.markedAt).toBe(5_000)
  })

  it('wait until the log is as far as they are', () => {
    const { track, receive, told, flush, due, receipts } = marked({ head: undefined })
    const ann = aReader('ann')
    const seat = aSeat(ann, track)
    receive('bob', 3, { asOf: 11 })
    flush()
    track.head = seat.position = 10
    receipts.passing(track, left('cid', 10))
    flush()
    expect(told(ann)).toEqual([])
    track.head = seat.position = 11
    receipts.passing(track, { type: 'message.sent', actorId: aUser('cid'), seq: 11 } as ChatEvent)
    expect(due).toHaveLength(1)
    flush()
    expect(told(ann)).toEqual(['bob:3'])
    receipts.passing(track, left('cid', 12))
    expect(due).toHaveLength(0)
  })

  it('of who may have left before the track began are dropped', () => {
    const { track, receive, told, flush } = marked({ knownFrom: 7 })
    const ann = aReader('ann')
    aSeat(ann, track)
    receive('bob', 3, { asOf: 6 })
    receive('cid', 3, { asOf: 7 })
    flush()
    flush()
    expect(told(ann)).toEqual(['cid:3'])
  })

  it('from before somebody left are not told, those of who came again are', () => {
    const { receipts, track, receive, told, flush } = marked({ head: 20 })
    const ann = aReader('ann')
    aSeat(ann, track)
    receive('bob', 3)
    receipts.passing(track, left('bob', 8))
    receive('bob', 4, { asOf: 7 })
    flush()
    expect(told(ann)).toEqual([])
    receive('bob', 8, { asOf: 8 })
    flush()
    expect(told(ann)).toEqual(['bob:8'])
  })

  it('of who left are new again, however far they had read', () => {
    const { receipts, track, receive, told, flush } = marked({ head: 20 })
    const ann = aReader('ann')
    aSeat(ann, track)
    receive('bob', 9)
    flush()
    receipts.passing(track, left('bob', 9))
    receive('bob', 5, { asOf: 12 })
    flush()
    expect(told(ann)).toEqual(['bob:9', 'bob:5'])
  })

  it('are not told to who is muted, is not level, or joined after them', () => {
    for (const given of [{ isMuted: true }, { position: 9 }, { position: 8, joinedSeq: 9 }, { joinedSeq: 11 }]) {
      const { track, receive, told, flush } = marked()
      const ann = aReader('ann')
      aSeat(ann, track, given)
      receive('bob', 5)
      flush()
      expect(told(ann)).toEqual([])
    }
  })

  it('are news until they were received', () => {
    const { receipts, track, receive } = marked()
    const receipt = { chatId: track.chatId, userId: aUser('bob'), readSeq: 5, at: 1, asOf: 5 }
    expect(receipts.isNews(track, receipt)).toBe(true)
    receive('bob', 5)
    expect([receipts.isNews(track, receipt), receipts.isNews(track, { ...receipt, readSeq: 6 })]).toEqual([false, true])
    receipts.forget(track)
    expect(receipts.isNews(track, receipt)).toBe(true)
  })
})

describe('who is caught up later', () => {
  it('is told what the others were told since a minute before, in small chats, and of the own in all', () => {
    const { receipts, track, receive, told, flush } = marked()
    const ann = aReader('ann')
    const seat = aSeat(ann, track, { position: 0 })
    aSeat(aReader('dan'), track)
    receive('bob', 3, { at: MINUTE - 1 })
    receive('cid', 4, { at: MINUTE })
    receive('ann', 5, { at: 3 * MINUTE })
    flush()
    expect(told(ann)).toEqual([])
    receipts.catchUp(seat, 2 * MINUTE)
    expect(told(ann)).toEqual([])
    seat.position = 10
    receipts.catchUp(seat, 2 * MINUTE)
    expect(told(ann)).toEqual(['cid:4', 'ann:5'])
    track.memberCount = RECEIPT_MEMBERS
    receipts.catchUp(seat, 2 * MINUTE)
    expect(told(ann)).toEqual(['cid:4', 'ann:5'])
    track.memberCount = RECEIPT_MEMBERS + 1
    receipts.catchUp(seat, 2 * MINUTE)
    expect(told(ann)).toEqual(['ann:5'])
  })

  it('has told what came before anybody had a position', () => {
    const { receipts, track, receive, flush, due, told } = marked({ head: undefined })
    const ann = aReader('ann')
    const seat = aSeat(ann, track, { position: Number.POSITIVE_INFINITY })
    receipts.catchUp(seat, 0)
    receive('bob', 3)
    flush()
    track.head = seat.position = 10
    receipts.catchUp(seat, 0)
    expect(due).toHaveLength(1)
    flush()
    receipts.catchUp(seat, 0)
    expect([due.length, told(ann)]).toEqual([0, ['bob:3', 'bob:3']])
  })
})

describe('in a large chat', () => {
  const large = () => {
    const given = marked({ memberCount: RECEIPT_MEMBERS + 1 })
    const readers = ['ann', 'bob', 'cid'].map((name) => aReader(name))
    for (const reader of readers) aSeat(reader, given.track)
    const read = (name: string, seq: number, marks: LowestMarks) => {
      given.receive(name, seq, { lowest: marks })
      given.flush()
      return readers.map((reader) => given.told(reader))
    }
    return { ...given, read }
  }

  it('a mark goes to its user, and to others how far all others have read, when that moves', () => {
    const { read } = large()
    expect(read('bob', 3, lowest(['ann', 2], ['cid', 2]))).toEqual([[':2'], ['bob:3!'], [':2']])
    expect(read('bob', 4, lowest(['ann', 2], ['cid', 2]))).toEqual([[], ['bob:4!'], []])
    expect(read('ann', 5, lowest(['cid', 2], ['bob', 4]))).toEqual([['ann:5!'], [], [':4']])
    expect(read('cid', 6, lowest(['bob', 4], ['ann', 5]))).toEqual([[':4'], [':5'], ['cid:6!']])
  })

  it('what is told later of it never takes anything back', () => {
    const { read } = large()
    read('bob', 5, lowest(['ann', 4], ['cid', 5]))
    expect(read('bob', 6, lowest(['ann', 3], ['cid', 9]))).toEqual([[], ['bob:6!'], []])
    expect(read('bob', 7, lowest(['ann', 4], ['cid', 4]))).toEqual([[], ['bob:7!'], []])
    expect(read('bob', 8, lowest(['ann', 4], ['cid', 6]))).toEqual([[':6'], ['bob:8!'], []])
  })

  it('of a hundred members every mark is told to everybody', () => {
    const { track, read } = large()
    track.memberCount = RECEIPT_MEMBERS
    expect(read('bob', 3, lowest(['ann', 2], ['cid', 2]))).toEqual([['bob:3'], ['bob:3!'], ['bob:3']])
  })
})
