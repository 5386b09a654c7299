import { describe, expect, it } from 'vitest'
import { detachedSeats } from '../../../src/application/live/detached.ts'
import type { Device } from '../../../src/application/live/device.ts'
import { connectedDevices } from '../../../src/application/live/devices.ts'
import { liveOwn, ownOf, placeOf } from '../../../src/application/live/own.ts'
import type { Seat } from '../../../src/application/live/tracks.ts'
import type { Published } from '../../../src/application/ports/bus.ts'
import type { Owned } from '../../../src/application/ports/own.ts'
import { handClock } from '../../support/waiting.ts'
import { aChat, aReader, aSeat, aTrack, aUser } from './audience.ts'

const chat = aChat('chat')
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A connection as its process sees it. */
function aDevice(name: string, sessionId = 'session', deviceId?: string) {
  const ended: string[] = []
  const told: unknown[] = []
  const viewer = {
    userId: aUser(name),
    sessionId,
    deviceId,
    end: (why: string) => void ended.push(why),
    deliver: (one: unknown) => void told.push(one),
  }
  const reader = aReader(name)
  const device = Object.assign(reader, { viewer, stage: 'live', own: undefined }) as unknown as Device & { stage: string }
  return { device, ended, told, handed: reader.handed }
}

describe('the devices of users', () => {
  it('say whether they are the first and the last of a user, and who is here', () => {
    const devices = connectedDevices()
    const [one, two] = [aDevice('ann').device, aDevice('ann').device]
    expect([devices.add(one, 1), devices.add(two, 2), devices.of(aUser('ann')).length]).toEqual([true, false, 2])
    expect(devices.isHere(aUser('ann'))).toBe(true)
    one.stage = two.stage = 'open' as never
    expect(devices.isHere(aUser('ann'))).toBe(false)
    expect([devices.remove(one), devices.of(aUser('ann')), devices.remove(two), devices.people.size]).toEqual([false, [two], true, 0])
  })

  it('are ended by a later one with the same id, and by no earlier one', () => {
    const devices = connectedDevices()
    const [phone, other, nameless] = [aDevice('ann', 's1', 'phone'), aDevice('ann', 's2', 'other'), aDevice('ann', 's3')]
    for (const [i, { device }] of [phone, other, nameless].entries()) devices.add(device, i + 1)
    devices.replace(aUser('ann'), undefined)
    devices.replace(aUser('ann'), 'phone', 1)
    expect([phone.ended, other.ended, nameless.ended]).toEqual([[], [], []])
    devices.replace(aUser('ann'), 'phone', 2)
    devices.replace(aUser('ann'), 'other')
    expect([phone.ended, other.ended, nameless.ended]).toEqual([['replaced'], ['replaced'], []])
  })

  it('are ended with their session, and told of others alone', () => {
    const devices = connectedDevices()
    const [one, two] = [aDevice('ann', 's1'), aDevice('ann', 's2')]
    for (const { device } of [one, two]) devices.add(device, 1)
    const notice = { sessionId: 's1' } as never
    devices.tell(aUser('ann'), notice)
    expect([one.told, two.told]).toEqual([[], [{ type: 'notice', notice }]])
    devices.end(aUser('ann'), ['s2' as never], 'session-ended')
    expect([one.ended, two.ended]).toEqual([[], ['session-ended']])
    devices.deliver(aUser('ann'), { type: 'reset' } as never)
    expect([one.handed.length, two.handed.length]).toEqual([1, 1])
  })
})

describe('an own state', () => {
  const state = (at: number, head: number, me: object = { isArchived: true, isHidden: false }) =>
    ({ userId: aUser('ann'), chatId: chat, me, at, head }) as unknown as Owned
  const owning = () => {
    const devices = connectedDevices()
    const { device, handed } = aDevice('ann')
    devices.add(device, 1)
    const track = aTrack('chat')
    const seat = aSeat(device, track)
    const due: (() => void)[] = []
    const published: Published[] = []
    const failures: string[] = []
    const stored = { owned: undefined as Owned | undefined, isFailing: false, asked: 0 }
    const own = liveOwn({
      devices,
      bus: { publish: (all: readonly Published[]) => void published.push(...all) } as never,
      own: {
        get: async () => {
          stored.asked++
          if (stored.isFailing) throw new Error('down')
          return stored.owned
        },
      } as never,
      later: (run) => void due.push(run),
      failed: () => void failures.push('failed'),
    })
    const flush = () => {
      for (const run of due.splice(0)) run()
    }
    return { ...own, device, handed, track, seat, due, flush, published, failures, stored }
  }

  it('is told where it stands among the events, once, and the latest', () => {
    const { changed, handed, track, published } = owning()
    changed(state(5, 10))
    changed(state(4, 10))
    changed(state(5, 10))
    expect([handed, track.markedAt, published.length]).toMatchObject([[{ type: 'my_chat', chatId: 'chat' }], 5, 3])
    changed(state(6, 10, { isArchived: false, isHidden: false }))
    expect(handed).toHaveLength(2)
  })

  it('waits for the events before it, at most five seconds', () => {
    const { receive, handed, seat, due, flush } = owning()
    receive(state(5, 12))
    expect([handed.length, due.length]).toEqual([0, 1])
    flush()
    seat.position = 12
    flush()
    expect([handed.length, due.length]).toEqual([1, 0])
    receive(state(6, 20))
    for (let look = 0; look < 49; look++) flush()
    expect(handed).toHaveLength(1)
    flush()
    expect(handed).toHaveLength(2)
  })

  it('that waits is told no more when a later one was, or the connection has closed', () => {
    const { receive, handed, device, due, flush } = owning()
    receive(state(5, 12))
    receive(state(6, 10))
    flush()
    expect([handed.length, due.length]).toEqual([1, 0])
    receive(state(7, 12))
    device.stage = 'closed'
    flush()
    expect(handed).toHaveLength(1)
  })

  it('that comes after events which may have changed it is asked for again', async () => {
    const { receive, handed, stored, failures } = owning()
    stored.owned = state(9, 10)
    receive(state(5, 8))
    await turn()
    expect([stored.asked, handed.length]).toEqual([1, 1])
    stored.isFailing = true
    receive(state(10, 8))
    await turn()
    expect(failures).toEqual(['failed'])
    const plain = owning()
    plain.receive(state(5, 8, { isArchived: false, isHidden: false }))
    expect([plain.stored.asked, plain.handed.length]).toEqual([0, 1])
  })

  it('is not told of a muted chat, nor before the connection has resumed', () => {
    const { receive, handed, seat, device } = owning()
    seat.isMuted = true
    receive(state(5, 10))
    seat.isMuted = false
    device.stage = 'open'
    receive(state(6, 10))
    expect(handed).toEqual([])
  })

  it('stands early, late, or where it is', () => {
    const { device, seat } = owning()
    const hidden = (head: number) => placeOf(device, state(1, head, { isArchived: false, isHidden: true }))
    expect([hidden(9), hidden(10), hidden(11)]).toEqual(['late', 'now', 'early'])
    seat.position = Number.POSITIVE_INFINITY
    expect(hidden(11)).toBe('now')
    device.seats.clear()
    expect(hidden(11)).toBe('now')
  })

  it('is the later one of what the store said and what was received', () => {
    const { device, receive, recheck, stored } = owning()
    const standing = (ownAt: number, headSeq = 10) => ({ chatId: chat, me: { isArchived: true, isHidden: false }, ownAt, headSeq }) as never
    expect(ownOf(device, standing(3))).toMatchObject({ at: 3, head: 10, userId: 'ann' })
    receive(state(5, 10))
    expect([ownOf(device, standing(4)).at, ownOf(device, standing(5)), ownOf(device, standing(6)).at]).toMatchObject([5, { at: 5 }, 6])
    expect(ownOf(device, standing(5, 9)).head).toBe(9)
    recheck(device, standing(6, 10))
    expect(stored.asked).toBe(0)
    recheck(device, standing(6, 9))
    expect(stored.asked).toBe(1)
  })
})

describe('the seats of a connection that has closed', () => {
  const level = { epoch: 'e', at: 100, from: 50 } as never
  function keeping(limits = { fromChats: 2, seats: 5, for: 1_000 }) {
    const clock = handClock()
    const state = { isConnected: true as boolean | undefined, levelAt: 200 }
    const dismissed: Seat[] = []
    const due: (() => void)[] = []
    const bus = { isConnected: () => state.isConnected } as never
    const feed = {
      dismiss(seat: Seat) {
        dismissed.push(seat)
        seat.reader.seats.delete(seat.track.chatId)
      },
    }
    const subject = detachedSeats({ bus, clock: clock.now, later: (run) => void due.push(run), feed, levelAt: () => state.levelAt }, limits)
    const closing = (name: string, count: number, given: object = {}) => {
      const reader = Object.assign(aReader(name), { level, ...given })
      for (let i = 0; i < count; i++) aSeat(reader, aTrack(`${name} ${i}`))
      return reader
    }
    return { ...subject, clock, state, dismissed, due, closing }
  }

  it('are kept if they are many, level, and not too many', () => {
    const { keep, of, closing } = keeping()
    expect([
      keep(closing('ann', 1)),
      keep(closing('ann', 2)),
      keep(closing('bob', 6)),
      keep(closing('cid', 2, { level: undefined })),
    ]).toEqual([false, true, false, false])
    const behind = closing('dan', 2)
    behind.seats.values().next().value!.position = 1
    expect([keep(behind), of(aUser('ann'))?.seats.size, of(aUser('dan')), of(aUser('ann'))?.isDetached]).toEqual([
      false,
      2,
      undefined,
      true,
    ])
    expect(keep(closing('eve', 5))).toBe(true)
  })

  it('are taken by the next connection of their user, once', () => {
    const { keep, of, take, closing, dismissed } = keeping()
    const first = closing('ann', 2)
    keep(first)
    expect([first.seats.size, of(aUser('ann'))?.level]).toEqual([0, { epoch: 'e', at: 200, from: 50 }])
    const next = aReader('ann')
    take(of(aUser('ann'))!, next)
    expect([next.seats.size, of(aUser('ann')), dismissed]).toEqual([2, undefined, []])
  })

  it('give way to those of who has closed last, the first of them first', () => {
    const { keep, of, closing, dismissed } = keeping()
    for (const name of ['ann', 'bob']) keep(closing(name, 2))
    keep(closing('cid', 3))
    expect([of(aUser('ann')), of(aUser('bob'))?.seats.size, of(aUser('cid'))?.seats.size, dismissed.length]).toEqual([undefined, 2, 3, 2])
    keep(closing('bob', 2))
    expect([of(aUser('bob'))?.seats.size, of(aUser('cid'))?.seats.size, dismissed.length]).toEqual([2, 3, 4])
  })

  it('of two connections with the same chats tell of the earlier time', () => {
    const { keep, of, closing } = keeping({ fromChats: 1, seats: 10, for: 1_000 })
    const [one, same, other] = [closing('ann', 1), aReader('ann'), aReader('ann')]
    const track = [...one.seats.values()][0]!.track
    aSeat(same, track)
    aSeat(other, track)
    aSeat(other, aTrack('more'))
    keep(one)
    keep(Object.assign(same, { level: { epoch: 'e', at: 100, from: 70 } as never }))
    expect(of(aUser('ann'))?.level.from).toBe(50)
    keep(Object.assign(other, { level: { epoch: 'e', at: 300, from: 80 } as never }))
    expect(of(aUser('ann'))?.level).toEqual({ epoch: 'e', at: 300, from: 80 })
  })

  it('are given up after a while, and all where messages of other processes are lost', () => {
    const { keep, of, sweep, clock, state, closing, dismissed } = keeping()
    keep(closing('ann', 2))
    clock.advance(999)
    sweep()
    expect(of(aUser('ann'))).toBeDefined()
    clock.advance(1)
    sweep()
    expect([of(aUser('ann')), dismissed.length]).toEqual([undefined, 2])
    keep(closing('bob', 2))
    state.isConnected = undefined
    sweep()
    expect(of(aUser('bob'))).toBeDefined()
    state.isConnected = false
    sweep()
    expect([of(aUser('bob')), dismissed.length]).toEqual([undefined, 4])
  })

  it('are given up in slices', () => {
    const { keep, closing, dismissed, due, clock, sweep } = keeping({ fromChats: 1, seats: 5_000, for: 1 })
    keep(closing('ann', 1_500))
    clock.advance(1)
    sweep()
    expect(dismissed).toHaveLength(1_000)
    for (const run of due.splice(0)) run()
    expect(new Set(dismissed).size).toBe(1_500)
  })
})
