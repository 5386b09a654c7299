import { describe, expect, it } from 'vitest'
import { emptyBacklog } from '../../../src/adapters/ws/backlog.ts'
import { lookAfter } from '../../../src/adapters/ws/beat.ts'
import type { Outgoing } from '../../../src/adapters/ws/outgoing.ts'
import type { SocketState } from '../../../src/adapters/ws/socket-state.ts'
import { socketState } from './socket.ts'

const BEAT = 25_000

/** A connection that is looked after, with what it is sent and how it is closed. */
function looked(given: Partial<SocketState> = {}, isRenewed = false) {
  const asked: number[] = []
  const connection = {
    heads: (since: number) => {
      asked.push(since)
      return new Map()
    },
    asOf: () => undefined,
  } as unknown as SocketState['connection']
  const { state, socket } = socketState({ connection, nextBeatAt: 100_000, believedUntil: 500_000, ...given })
  const sent: string[] = []
  const closed: unknown[] = []
  const out = {
    ping: () => void sent.push('ping'),
    send: (_: SocketState, { type }: { type: string }) => void sent.push(type),
  } as unknown as Outgoing
  const needs = {
    out,
    close: (_: SocketState, code: number, why?: { readonly code: string }) => void closed.push([code, why?.code]),
    renew: () => isRenewed,
    heartbeatMs: BEAT,
  }
  return { state, socket, sent, closed, asked, at: (now: number) => lookAfter(needs, state, now) }
}

describe('a heartbeat', () => {
  it('comes when it is due, with the heads of the last two; the next is due one later', () => {
    const { state, sent, asked, at } = looked()
    at(99_999)
    expect(sent).toEqual([])
    at(100_000)
    expect([sent, asked, state.nextBeatAt]).toEqual([['ping', 'heads'], [50_000], 125_000])
    state.missed = 0
    at(130_000)
    expect([sent.length, state.nextBeatAt]).toEqual([4, 150_000])
  })

  it('is not made up for after a pause', () => {
    const { state, at } = looked()
    at(400_000 - 1)
    expect(state.nextBeatAt).toBe(399_999)
  })

  it('says nothing of heads where nobody is known', () => {
    const { sent, at } = looked({ connection: undefined })
    at(100_000)
    expect(sent).toEqual(['ping'])
  })

  it('of a connection that is over does nothing', () => {
    const { sent, closed, at } = looked({ isOver: true })
    at(600_000)
    expect([sent, closed]).toEqual([[], []])
  })
})

describe('a client', () => {
  it('of which nothing is heard for two heartbeats is given up', () => {
    const { closed, at } = looked()
    at(100_000)
    expect(closed).toEqual([])
    at(125_000)
    expect(closed).toEqual([[4001, undefined]])
  })

  it('lives while bytes come from it', () => {
    const { socket, closed, state, at } = looked()
    for (let beat = 0; beat < 5; beat++) {
      socket.bytesRead += beat % 2
      at(100_000 + beat * BEAT)
    }
    expect([closed, state.missed]).toEqual([[], 1])
  })

  it('lives while its commands are in work and more wait unread', () => {
    const { closed, at } = looked({ isPaused: true })
    for (let beat = 0; beat < 5; beat++) at(100_000 + beat * BEAT)
    expect(closed).toEqual([])
  })

  it('that reads slowly lives while it reads; heads wait until there is room', () => {
    const { state, closed, sent, at } = looked({ isPaused: true, backlog: emptyBacklog() })
    for (let beat = 0; beat < 3; beat++) {
      state.hasRead = true
      at(100_000 + beat * BEAT)
    }
    expect([closed, sent, state.owesHeads, state.hasRead]).toEqual([[], [], true, false])
    at(175_000)
    expect(closed).toEqual([])
    at(200_000)
    expect(closed).toEqual([[4001, undefined]])
  })

  it('that reads nothing is told so if something was dropped', () => {
    const { closed, at } = looked({ isPaused: true, backlog: { ...emptyBacklog(), hasDropped: true }, missed: 1 })
    at(100_000)
    expect(closed).toEqual([[4002, undefined]])
  })

  it('is closed when its token has expired, unless the host is asked again', () => {
    const { closed, at } = looked()
    at(499_999)
    expect(closed).toEqual([])
    at(500_000)
    expect(closed).toEqual([[4401, 'token-expired']])
    const renewed = looked({}, true)
    renewed.at(500_000)
    expect(renewed.closed).toEqual([])
    const unknown = looked({ connection: undefined })
    unknown.at(500_000)
    expect(unknown.closed).toEqual([[4401, undefined]])
  })
})
