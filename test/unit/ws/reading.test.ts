import { describe, expect, it } from 'vitest'
import { limits } from '../../../src/adapters/wire/limits.ts'
import { emptyBacklog } from '../../../src/adapters/ws/backlog.ts'
import { reading } from '../../../src/adapters/ws/reading.ts'
import type { SocketState } from '../../../src/adapters/ws/socket-state.ts'
import { asId } from '../../../src/domain/ids.ts'
import { socketState } from './socket.ts'

const frame = (ref: string) => Buffer.from(JSON.stringify({ type: 'ping', ref }))
const FULL = limits.commands_in_work

/** A connection of somebody, which reads what it is given; commands stay in work until a test ends them. */
function heard(given: Partial<SocketState> = {}) {
  const caller = { userId: asId('ann') } as unknown as SocketState['caller']
  const socket = socketState({ caller, connection: {} as SocketState['connection'], ...given })
  const begun: string[] = []
  const refused: unknown[] = []
  const closed: number[] = []
  const noted: number[] = []
  let now = 10_000
  const { take, goOn } = reading({
    activity: { note: () => void noted.push(now) },
    clock: () => now,
    carryOut(state, job) {
      state.inWork++
      begun.push(job.frame.ref ?? '')
    },
    refuse: (_, { ref, number }, thrown) =>
      void refused.push([ref, number, typeof thrown === 'string' ? thrown : (thrown as { code: string }).code]),
    close(state, code) {
      closed.push(code)
      state.isOver = true
    },
  })
  const { state } = socket
  return {
    ...socket,
    begun,
    refused,
    closed,
    noted,
    take: (...all: Buffer[]) => {
      for (const one of all) take(state, one)
    },
    goOn: () => goOn(state),
    pass: (ms: number) => void (now += ms),
  }
}

describe('frames of a connection', () => {
  it('are read as they come, and wait while as many commands are in work as may be', () => {
    const { state, take, goOn, begun, deeds } = heard({ inWork: FULL - 2 })
    take(frame('a'), frame('b'))
    expect([begun, deeds]).toEqual([['a', 'b'], []])
    take(frame('c'), frame('d'), frame('e'))
    expect(begun).toEqual(['a', 'b'])
    expect(deeds).toEqual(['pause', 'pause', 'pause'])
    goOn()
    expect(begun).toEqual(['a', 'b'])
    state.inWork -= 2
    goOn()
    expect([begun, state.isPaused]).toEqual([['a', 'b', 'c', 'd'], true])
    state.inWork--
    goOn()
    expect([begun.at(-1), state.unread, state.isPaused]).toEqual(['e', undefined, true])
    state.inWork--
    goOn()
    expect([state.isPaused, deeds.at(-1)]).toEqual([false, 'resume'])
  })

  it('wait behind those that wait, though there is room by now', () => {
    const { state, take, goOn, begun } = heard({ inWork: FULL })
    take(frame('a'))
    state.inWork = 0
    take(frame('b'))
    expect(begun).toEqual([])
    goOn()
    expect(begun).toEqual(['a', 'b'])
  })

  it('do not wait for reactions in work', () => {
    const { take, begun } = heard({ inWork: FULL + 4, apart: 5 })
    take(frame('a'), frame('b'))
    expect(begun).toEqual(['a'])
  })

  it.each([{ isChecking: true }, { isLeaving: true }, { backlog: emptyBacklog() }])('wait while %o', (why) => {
    const { state, take, goOn, begun, deeds } = heard(why)
    take(frame('a'))
    goOn()
    expect([begun, deeds]).toEqual([[], ['pause']])
    Object.assign(state, { isChecking: false, isLeaving: false, backlog: undefined })
    goOn()
    expect([begun, deeds]).toEqual([['a'], ['pause', 'resume']])
    goOn()
    expect(deeds).toEqual(['pause', 'resume'])
  })

  it('are read no more once the connection is over, also by one of them', () => {
    const over = heard({ inWork: FULL })
    over.take(frame('a'))
    Object.assign(over.state, { inWork: 0, isOver: true })
    over.goOn()
    expect(over.begun).toEqual([])

    const wrong = heard({ isChecking: true })
    wrong.take(...Array.from({ length: 22 }, () => Buffer.from('{')), frame('a'))
    wrong.state.isChecking = false
    wrong.goOn()
    expect([wrong.refused.length, wrong.closed, wrong.begun, wrong.deeds.includes('resume')]).toEqual([21, [4400], [], false])
  })

  it('that are not JSON are refused, and are too many when they are more than twenty in a row', () => {
    const { take, refused, closed } = heard()
    const wrong = Array.from({ length: 20 }, () => Buffer.from('{'))
    take(...wrong, frame('a'), ...wrong)
    expect(closed).toEqual([])
    expect([refused[0], refused.at(-1)]).toEqual([
      [null, 1, 'bad-json'],
      [null, 41, 'bad-json'],
    ])
    take(Buffer.from('{'))
    expect(closed).toEqual([4400])
  })

  it('before anybody is known are refused, a hundred of them', () => {
    const { take, refused, closed, begun } = heard({ caller: undefined, connection: undefined })
    take(...Array.from({ length: 100 }, () => frame('a')))
    expect([refused.at(-1), closed, begun]).toEqual([['a', 100, 'unauthenticated'], [], []])
    take(frame('a'))
    expect(closed).toEqual([4401])
  })

  it('are a sign that their user is there, noted every five seconds', () => {
    const { state, take, noted, pass } = heard()
    take(frame('a'))
    pass(4_999)
    take(frame('b'))
    pass(1)
    state.inWork = 0
    take(frame('c'))
    expect(noted).toEqual([10_000, 15_000])
  })
})
