import { describe, expect, it } from 'vitest'
import { drain } from '../../../src/adapters/ws/drain.ts'
import type { Outgoing } from '../../../src/adapters/ws/outgoing.ts'
import type { SocketState } from '../../../src/adapters/ws/socket-state.ts'
import { socketState } from './socket.ts'

/** So many connections that are drained, on a clock that moves with every pause. */
function drained(count: number, { busy = 0, ends = true } = {}) {
  const all = Array.from({ length: count }, (_, i) => socketState({ inWork: i < busy ? 1 : 0 }))
  const states = new Set(all.map(({ state }) => state))
  const told: unknown[] = []
  /** When how many were closed, and with which codes. */
  const closed: (readonly [number, number])[] = []
  const pauses: number[] = []
  let now = 0
  const close = (state: SocketState, code: number) => {
    closed.push([now, code])
    if (ends) states.delete(state)
  }
  const out = { sendFirst: (_: SocketState, frame: unknown) => void told.push(frame) } as unknown as Outgoing
  const pause = async (length: number) => {
    pauses.push(length)
    now += length
  }
  const done = (deadline: number) => drain({ states, out, close, random: () => 0.5, pause }, deadline)
  const waves = () => [...Map.groupBy(closed, ([at]) => at)].map(([at, some]) => [at, some.length])
  return { done, told, closed, pauses, waves, all, states, now: () => now }
}

describe('connections that are drained', () => {
  it('are told where in the time they may come back, and closed in ten waves', async () => {
    const { done, told, waves, closed, now, all } = drained(1_000)
    await done(6_000)
    expect(told).toHaveLength(1_000)
    expect(told[0]).toEqual({ type: 'reconnect', after_ms: 1_000 })
    expect(waves()).toEqual(Array.from({ length: 10 }, (_, i) => [200 * (i + 1), 100]))
    expect(new Set(closed.map(([, code]) => code))).toEqual(new Set([4000]))
    expect(now()).toBe(2_000)
    expect(all.flatMap(({ deeds }) => deeds)).toEqual([])
  })

  it('are closed within half of the deadline, however many they are', async () => {
    const { done, told, waves, now } = drained(5_000)
    await done(6_000)
    expect(told[0]).toEqual({ type: 'reconnect', after_ms: 1_500 })
    expect(waves()).toEqual(Array.from({ length: 10 }, (_, i) => [300 * (i + 1), 500]))
    expect(now()).toBe(3_000)
  })

  it('wait for nothing when there are none', async () => {
    const { done, pauses } = drained(0)
    await done(6_000)
    expect(pauses).toEqual([])
  })

  it('are closed evenly where they are not a multiple of ten', async () => {
    const { done, waves } = drained(25)
    await done(6_000)
    expect(waves().map(([, count]) => count)).toEqual([3, 3, 3, 3, 3, 2, 2, 2, 2, 2])
  })

  it('with commands in work are left until these are answered, and terminated at the deadline', async () => {
    const { done, closed, all, states, now, pauses } = drained(10, { busy: 2 })
    await done(6_000)
    expect(closed).toHaveLength(8)
    expect([...states].map(({ isLeaving }) => isLeaving)).toEqual([true, true])
    expect(all.map(({ deeds }) => deeds.join())).toEqual(['terminate', 'terminate', ...Array(8).fill('')])
    expect(now()).toBe(6_020)
    expect(pauses.slice(10)).toEqual(Array(200).fill(30))
  })

  it('are looked at every few milliseconds while they take their time, and closed as soon as they may', async () => {
    const { done, closed, states, now, all } = drained(1, { busy: 1 })
    const [only] = all
    let looks = 0
    Object.defineProperty(only!.state, 'inWork', { get: () => (++looks < 5 ? 1 : 0) })
    await done(600)
    expect([closed.length, states.size, now()]).toEqual([1, 0, 2 + 4 * 10])
    expect(only!.deeds).toEqual([])
  })

  it('that do not answer the close are terminated at the deadline', async () => {
    const { done, all, now } = drained(1, { ends: false })
    await done(600)
    expect(now()).toBeGreaterThanOrEqual(600)
    expect(all[0]!.deeds).toEqual(['terminate'])
  })
})
