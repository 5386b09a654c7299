import { expect, it } from 'vitest'
import type { Delivery } from '../../../src/application/live/delivery.ts'
import { liveReceipts } from '../../../src/application/live/receipts.ts'
import type { Seat, Track } from '../../../src/application/live/tracks.ts'
import type { ChatId, UserId } from '../../../src/domain/ids.ts'

const chatId = 'chat' as ChatId
const [ann, bob] = ['ann', 'bob'] as UserId[] as [UserId, UserId]
const mark = { chatId, userId: bob, readSeq: 5, at: 100, asOf: 6 }
const news = { receipt: mark, unread: 0, unreadMentions: 0, memberCount: 2, lowest: [] }

/** A chat at event 14 of which Ann, who has resumed by a time, has been given 11: her client may have more. */
function beingBrought() {
  const handed: Delivery[] = []
  const due: (() => void)[] = []
  const receipts = liveReceipts({ later: (run) => void due.push(run) })
  const reader = {
    userId: ann,
    deliver: (delivery: Delivery) => void handed.push(delivery),
    onScreen: undefined,
    seats: new Map(),
    digest: undefined,
    isDetached: false,
  }
  const given = { chatId, seats: new Set<Seat>(), head: 14, changedAt: 0, markedAt: 0, memberSeq: 6, memberCount: 2, isStrange: false }
  const track: Track = { ...given, held: undefined, knownFrom: 0, repair: undefined }
  const seat: Seat = { reader, track, position: 11, joinedSeq: 1, isOnScreen: true, isMuted: false }
  track.seats.add(seat)
  return { track, seat, receipts, flush: () => due.splice(0).forEach((run) => run()), told: () => handed.map(({ type }) => type) }
}

it('is told to a reader who is being given what is missing once that is over', () => {
  const { track, seat, receipts, flush, told } = beingBrought()
  receipts.receive(track, news)
  flush()
  expect(told()).toEqual([])
  seat.position = 14
  receipts.catchUp(seat, 100)
  expect(told()).toEqual(['receipt'])
})

it('is not told any more if its user has left until then', () => {
  const { track, seat, receipts, flush, told } = beingBrought()
  receipts.receive(track, news)
  flush()
  receipts.passing(track, { type: 'member.removed', chatId, seq: 15, at: 200, actorId: ann, userId: bob })
  Object.assign(track, { head: 15 })
  seat.position = 15
  receipts.catchUp(seat, 100)
  expect(told()).toEqual([])
})
