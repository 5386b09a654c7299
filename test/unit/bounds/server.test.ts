import { describe, expect, it } from 'vitest'
import { memoryLimiter } from '../../../src/adapters/limits/memory-limiter.ts'
import { limits } from '../../../src/adapters/limits/table.ts'
import type { ChatApi } from '../../../src/application/chat-api.ts'
import { activity } from '../../../src/application/identity/activity.ts'
import { journaled } from '../../../src/application/journal.ts'
import { keeping } from '../../../src/application/kept.ts'
import { feed } from '../../../src/application/live/feed.ts'
import { livePresence } from '../../../src/application/live/presence.ts'
import { liveReceipts } from '../../../src/application/live/receipts.ts'
import type { Reader, Seat, Track } from '../../../src/application/live/tracks.ts'
import type { Published } from '../../../src/application/ports/bus.ts'
import { KNOWN, places } from '../../../src/application/relay/places.ts'
import { GROUP_LIMIT_MAX } from '../../../src/domain/chat.ts'
import { asId, type ChatId, type SessionId, type UserId } from '../../../src/domain/ids.ts'
import { asEvent } from '../../../src/domain/kinds/kinds.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import { withKeptMaps } from '../../support/kept-maps.ts'

/** What is kept in memory has a bound: each of these is tried with more. */

const many = (count: number) => Array.from({ length: count }, (_, i) => i)
const chatId = 'chat' as ChatId
const reader = (deliver: Reader['deliver'] = () => {}): Reader => ({
  userId: 'ann' as UserId,
  deliver,
  onScreen: undefined,
  seats: new Map(),
  digest: undefined,
  isDetached: false,
})
const track = (no: number | string): Track => ({
  chatId: `chat ${no}` as ChatId,
  seats: new Set(),
  head: 1,
  changedAt: 0,
  markedAt: 0,
  memberSeq: 1,
  memberCount: 2,
  isStrange: false,
  held: undefined,
  knownFrom: 0,
  repair: undefined,
})
const sit = (to: Track, one: Reader): Seat => {
  const seat = { reader: one, track: to, position: 1, joinedSeq: 1, isOnScreen: true, isMuted: false }
  to.seats.add(seat)
  return seat
}

describe('of what comes too early', () => {
  it('a process holds 256 events of a chat, and reads the rest', async () => {
    const stuck = new Promise<never>(() => {})
    const nothing = () => {}
    const followed = feed(
      { log: { read: () => stuck } as never, clock: () => 0, watch: {} },
      {
        readersOf: function* () {},
        unseated: nothing,
        unmeasured: nothing,
        passing: nothing,
        followed: nothing,
        unfollowed: nothing,
        failed: nothing,
      },
    )
    const seat = followed.enter(reader(), chatId)
    followed.learn(seat.track, { headSeq: 1, memberSeq: 1, memberCount: 2, guard: 0 })
    const event = (seq: number) => asEvent({ type: 'chat.renamed', chatId, seq, at: 1, actorId: 'ann' as UserId })
    for (const i of many(1_000)) followed.receive(chatId, [event(i + 3)])
    expect(seat.track.held?.size).toBe(256)
  })

  it('a chat keeps the read positions of as many users as it may have members', () => {
    let told = 0
    const due: (() => void)[] = []
    const receipts = liveReceipts({ later: (run) => void due.push(run) })
    const one = track(1)
    sit(
      one,
      reader(() => told++),
    )
    for (const i of many(GROUP_LIMIT_MAX + 100)) {
      const receipt = { chatId: one.chatId, userId: `user ${i}` as UserId, readSeq: 1, asOf: 1, at: 1 }
      receipts.receive(one, { receipt, unread: 0, unreadMentions: 0, memberCount: 3, lowest: [] })
    }
    for (const run of due) run()
    expect(told).toBe(GROUP_LIMIT_MAX)
  })
})

describe('at once', () => {
  it('a process asks about the presence in 1,000 chats on screen', () => {
    const published: number[] = []
    let now = 0
    const presence = livePresence({
      bus: { publish: (told: readonly Published[]) => void published.push(told.length) } as never,
      clock: () => now,
      node: 'node',
      isHere: () => true,
      circles: { areTogether: () => true, isNoticeable: () => true },
    })
    const viewer = reader()
    for (const i of many(1_500)) {
      const one = track(i)
      sit(one, viewer)
      presence.shown(one)
    }
    now = 20_000
    published.length = 0
    presence.sweep()
    expect(published).toEqual([1_000])
    presence.sweep()
    expect(published).toEqual([1_000, 500])
  })
})

describe('remembered are', () => {
  it('10,000 users and sessions between two writes of who was active', async () => {
    const written: number[] = []
    const note = async (noted: ReadonlyMap<unknown, unknown>) => void written.push(noted.size)
    const { note: seen, flush } = activity({
      people: { seen: note } as never,
      sessions: { used: note, usedExternal: note } as never,
      clock: () => 0,
    })
    for (const i of many(10_500))
      seen({ userId: `${i}` as UserId, sessionId: `${i}` as SessionId, via: i % 100 === 0 ? 'issuer' : 'session' })
    for (const i of many(10_500)) seen({ userId: `${i}` as UserId, sessionId: `${i}` as SessionId, via: 'issuer' })
    await flush()
    expect(written).toEqual([10_000, 10_000, 10_000])
  })

  it('10,000 answers, the oldest forgotten first', () => {
    const kept = keeping<number>(() => 0, 1)
    for (const i of many(10_001)) kept.set(`${i}`, i)
    expect([kept.get('0'), kept.get('1'), kept.get('10000')]).toEqual([undefined, 1, 10_000])
  })

  it('1,000 subjects of the security log', async () => {
    const refuse = () => Promise.reject(new Refusal('too-many-requests', { retryAfterMs: 1 }))
    const { built, grown } = withKeptMaps(() => journaled({ getMe: refuse } as unknown as ChatApi, { note() {} }, () => 0))
    for (const i of many(2_500)) await built.getMe({ userId: `${i}` as UserId, sessionId: asId('') }).catch(() => {})
    expect(grown().map(({ entries }) => entries.length)).toEqual([500])
  })

  it('50,000 keys of each limit: then those not heard of for longest begin anew', async () => {
    const { admit } = memoryLimiter(() => 0, { ...limits, recover: { times: 1, within: 1_000 } })
    const attempt = async (key: string) => admit('recover', key)
    const isAdmitted = (key: string) =>
      attempt(key).then(
        () => true,
        () => false,
      )
    for (const i of many(50_000)) await admit('recover', `${i}`)
    expect(await isAdmitted('0')).toBe(false)
    for (const i of many(2)) await admit('recover', `further ${i}`)
    expect([await isAdmitted('1'), await isAdmitted('0')]).toEqual([true, false])
  })

  it('10,000 chats in which a consumer is behind, and as many in which it is not', () => {
    expect(KNOWN).toBe(10_000)
    const { built, grown } = withKeptMaps(() => places(100))
    expect(many(101).map((i) => built.heard(`${i}` as ChatId, 1))).toEqual(many(101).map((i) => i < 100))
    for (const i of many(300)) {
      for (const place of built.unread) {
        place.seq = 1
        built.level(place)
      }
      built.heard(`further ${i}` as ChatId, 1)
    }
    expect(Math.max(...grown().map(({ entries }) => entries.length))).toBe(100)
  })
})
