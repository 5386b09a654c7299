import { describe, expect, it } from 'vitest'
import { liveCircles } from '../../../src/application/live/circles.ts'
import type { Device } from '../../../src/application/live/device.ts'
import type { Published } from '../../../src/application/ports/bus.ts'
import type { Circle } from '../../../src/application/ports/consents.ts'
import type { UserId } from '../../../src/domain/ids.ts'
import { handClock } from '../../support/waiting.ts'
import { aUser } from './audience.ts'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
const NOBODY: Circle = { blocked: [], blockedBy: [], isHidden: false }
const [ann, bob, cid] = ['ann', 'bob', 'cid'].map(aUser) as [UserId, UserId, UserId]

/** What this process knows of whom its users are apart from; reads wait until a test answers them. */
function circles({ isHeld = false } = {}) {
  const clock = handClock()
  const connected = new Set([ann, bob])
  const stored = new Map<UserId, Circle>()
  const asked: (readonly UserId[])[] = []
  const changes: UserId[] = []
  const delivered: unknown[] = []
  const published: Published[] = []
  const state = { stamp: '1' as string | undefined, isFailing: false, stamps: 0 }
  const held: (() => void)[] = []
  const subject = liveCircles({
    consents: {
      circles: async (userIds: readonly UserId[]) => {
        asked.push(userIds)
        const answer = new Map(userIds.map((id) => [id, stored.get(id) ?? NOBODY]))
        if (isHeld) await new Promise<void>((resolve) => held.push(resolve))
        if (state.isFailing) throw new Error('down')
        return answer
      },
    } as never,
    commits: {
      async stamp() {
        state.stamps++
        return state.stamp
      },
    } as never,
    bus: { publish: (all: readonly Published[]) => void published.push(...all) } as never,
    clock: clock.now,
    devices: {
      of: (userId) => (connected.has(userId) ? [{ userId } as Device] : []),
      deliver: (userId, delivery) => void delivered.push([userId, delivery]),
    },
    onChange: (userId) => void changes.push(userId),
  })
  return { ...subject, clock, connected, stored, asked, changes, delivered, published, state, held }
}

describe('whom a user is apart from', () => {
  it('is not known at first, which counts as apart, and read once', async () => {
    const { learn, areTogether, isNoticeable, blockedBy, stored, asked, changes } = circles()
    stored.set(ann, { blocked: [bob], blockedBy: [], isHidden: true })
    expect([areTogether(ann, cid), isNoticeable(ann), blockedBy(ann)]).toEqual([false, false, []])
    await Promise.all([learn(ann), learn(ann)])
    await learn(ann)
    expect([asked, changes]).toEqual([[[ann]], [ann]])
    expect([areTogether(ann, cid), areTogether(ann, bob), areTogether(bob, ann), blockedBy(ann), isNoticeable(ann)]).toEqual([
      true,
      false,
      false,
      [bob],
      false,
    ])
    await learn(bob)
    expect([areTogether(bob, cid), isNoticeable(bob)]).toEqual([true, true])
  })

  it('is read again when it changes, and told to other processes and to the devices of who has blocked', async () => {
    const { learn, parted, areTogether, stored, published, delivered, asked, changes } = circles()
    await learn(ann)
    await learn(bob)
    stored.set(ann, { ...NOBODY, blocked: [bob] })
    stored.set(bob, { ...NOBODY, blockedBy: [ann] })
    parted(ann, bob, true)
    expect(areTogether(ann, bob)).toBe(false)
    await turn()
    expect([asked.slice(2), changes.slice(2)]).toEqual([
      [[ann], [bob]],
      [ann, bob],
    ])
    expect(delivered).toEqual([[ann, { type: 'blocked', userId: bob, isBlocked: true }]])
    expect(published.map(({ notice }) => notice)).toEqual([
      { type: 'circle', userId: ann, block: { userId: bob, isBlocked: true } },
      { type: 'circle', userId: bob, block: undefined },
    ])
    expect([areTogether(ann, bob), areTogether(ann, cid)]).toEqual([false, true])
  })

  it('of who is not connected is neither read nor told', async () => {
    const { receive, delivered, asked } = circles()
    receive(cid, { userId: ann, isBlocked: true })
    await turn()
    expect([asked, delivered]).toEqual([[], []])
  })

  it('is what was read last, though an earlier answer comes later', async () => {
    const { learn, changed, stored, held, areTogether } = circles({ isHeld: true })
    const learned = learn(ann)
    stored.set(ann, { ...NOBODY, blocked: [cid] })
    changed(ann)
    held[1]!()
    await turn()
    expect([areTogether(ann, cid), areTogether(ann, bob)]).toEqual([false, true])
    held[0]!()
    await learned
    expect([areTogether(ann, cid), areTogether(ann, bob)]).toEqual([false, true])
  })

  it('is not kept of who has gone meanwhile', async () => {
    const { learn, connected, held, changes, areTogether } = circles({ isHeld: true })
    const learned = learn(ann)
    connected.delete(ann)
    held[0]!()
    await learned
    expect([changes, areTogether(ann, cid)]).toEqual([[], false])
  })
})

describe('a refresh', () => {
  it('reads what could not be read, and forgets who has gone', async () => {
    const { receive, refresh, state, asked, connected, areTogether } = circles()
    state.isFailing = true
    receive(ann)
    await turn()
    expect(areTogether(ann, cid)).toBe(false)
    state.isFailing = false
    await refresh()
    expect([asked.length, areTogether(ann, cid)]).toEqual([2, true])
    await refresh()
    expect(asked).toHaveLength(2)
    connected.delete(ann)
    await refresh()
    expect([asked.length, areTogether(ann, cid)]).toEqual([2, false])
  })

  it('reads all every minute, if anything was committed since', async () => {
    const { learn, refresh, clock, asked, state } = circles()
    await learn(ann)
    await learn(bob)
    clock.advance(59_999)
    await refresh()
    expect([asked.length, state.stamps]).toEqual([2, 0])
    clock.advance(1)
    await refresh()
    expect([asked.slice(2), state.stamps]).toEqual([[[ann, bob]], 1])
    clock.advance(60_000)
    await refresh()
    expect([asked.length, state.stamps]).toEqual([3, 2])
    state.stamp = '2'
    clock.advance(60_000)
    await refresh()
    expect(asked).toHaveLength(4)
    state.stamp = undefined
    for (let i = 0; i < 2; i++) {
      clock.advance(60_000)
      await refresh()
    }
    expect(asked).toHaveLength(6)
  })

  it('reads many in parts, and is tried again where it fails', async () => {
    const { learn, refresh, clock, connected, asked, state } = circles()
    const many = Array.from({ length: 501 }, (_, i) => aUser(`user ${i}`))
    for (const id of many) {
      connected.add(id)
      await learn(id)
    }
    asked.length = 0
    clock.advance(60_000)
    await refresh()
    expect(asked.map(({ length }) => length)).toEqual([500, 1])
    state.isFailing = true
    state.stamp = '2'
    clock.advance(60_000)
    await expect(refresh()).rejects.toThrow('down')
    state.isFailing = false
    asked.length = 0
    clock.advance(60_000)
    await refresh()
    expect(asked).toHaveLength(2)
  })
})
