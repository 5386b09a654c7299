import { describe, expect, it } from 'vitest'
import type { Consumer, ConsumerState, Consumers } from '../../../src/application/ports/consumers.ts'
import { health } from '../../../src/application/relay/health.ts'
import { againIn, GIVEN_UP, probeIn } from '../../../src/application/relay/verdicts.ts'
import { handClock } from '../../support/waiting.ts'

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000]

function patient(state: ConsumerState = 'ok', lastError?: string) {
  const clock = handClock(0)
  const reports: Parameters<Consumers['report']>[1][] = []
  let recoveries = 0
  const consumers = { report: async (_id: string, report: Parameters<Consumers['report']>[1]) => void reports.push(report) }
  const needs = { elapsed: clock.now, consumers, recovered: () => void recoveries++ }
  const made = health(needs, { id: 'c', state, report: { lastError } } as Consumer)
  return { made, clock, reports, recoveries: () => recoveries }
}

describe('a consumer', () => {
  it('is failing when nothing was acknowledged for three minutes since its first failure', () => {
    const { made, clock } = patient()
    made.check()
    expect(made.state).toBe('ok')
    made.failed('away')
    clock.advance(MINUTE)
    made.failed('away')
    clock.advance(2 * MINUTE - 1)
    made.check()
    expect([made.state, made.failedAt]).toEqual(['ok', 0])
    clock.advance(1)
    made.check()
    expect(made.state).toBe('failing')
  })

  it('is not failing when something was acknowledged in between', () => {
    const { made, clock, recoveries } = patient()
    made.failed('away')
    clock.advance(2 * MINUTE)
    made.succeeded()
    expect([made.failedAt, made.successes, recoveries()]).toEqual([undefined, 1, 0])
    made.failed('away')
    clock.advance(2 * MINUTE)
    made.check()
    expect([made.state, made.failedAt]).toEqual(['ok', 2 * MINUTE])
  })

  it('that fails is probed after 5 and 30 seconds, 2 and 10 minutes, and every 10 from then on, until it recovers', () => {
    const { made, clock, recoveries } = patient()
    made.failed('away')
    clock.advance(3 * MINUTE)
    made.check()
    for (const wait of [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 10 * MINUTE]) {
      clock.advance(wait - 1)
      made.check()
      expect(made.mayProbe()).toBe(false)
      clock.advance(1)
      expect(made.mayProbe()).toBe(true)
      made.failed('away')
    }
    made.succeeded()
    expect([made.state, recoveries()]).toEqual(['ok', 1])
    made.failed('away')
    clock.advance(3 * MINUTE)
    made.check()
    clock.advance(5 * SECOND)
    expect([made.state, made.mayProbe()]).toEqual(['failing', true])
  })

  it('that is off is not checked', () => {
    const { made, clock } = patient()
    made.failed('gone')
    made.off()
    clock.advance(HOUR)
    made.check()
    expect(made.state).toBe('off')
  })

  it('that was failing before may be probed at once', () => {
    expect(patient('failing').made.mayProbe()).toBe(true)
  })
})

describe('a report', () => {
  it('says how long ago what was', async () => {
    const { made, clock, reports } = patient('ok', 'earlier')
    await made.report(4)
    expect(reports).toEqual([{ state: 'ok', failingFor: undefined, succeededAgo: undefined, behind: 4, lastError: 'earlier' }])
    clock.advance(SECOND)
    made.succeeded()
    clock.advance(SECOND)
    await made.report(0)
    expect(reports[1]).toEqual({ state: 'ok', failingFor: undefined, succeededAgo: SECOND, behind: 0, lastError: undefined })
    made.failed('away')
    clock.advance(2 * SECOND)
    await made.report(0)
    expect(reports[2]).toEqual({ state: 'ok', failingFor: 2 * SECOND, succeededAgo: 3 * SECOND, behind: 0, lastError: 'away' })
  })

  it('is stored once a second at most, and only if there is news', async () => {
    const { made, clock, reports } = patient()
    await made.report(1)
    await made.report(2)
    clock.advance(SECOND - 1)
    await made.report(2)
    expect(reports).toHaveLength(1)
    clock.advance(1)
    await made.report(2)
    clock.advance(SECOND)
    await made.report(2)
    expect(reports.map(({ behind }) => behind)).toEqual([1, 2])
    clock.advance(SECOND)
    made.failed('away')
    await made.report(2)
    clock.advance(SECOND)
    made.failed('gone')
    await made.report(2)
    clock.advance(SECOND)
    made.off()
    await made.report(2)
    expect(reports.slice(2).map(({ state, lastError }) => [state, lastError])).toEqual([
      ['ok', 'away'],
      ['ok', 'gone'],
      ['off', 'gone'],
    ])
  })
})

describe('the next attempt', () => {
  it('comes after a wait that grows, a fifth shorter or longer by chance', () => {
    const waits = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 8 * HOUR, 8 * HOUR]
    for (const [i, wait] of waits.entries()) {
      expect(againIn(i + 1, undefined, 0)).toBeCloseTo(0.8 * wait, 3)
      expect(againIn(i + 1, undefined, 0.5)).toBeCloseTo(wait, 3)
      expect(againIn(i + 1, undefined, 1)).toBeCloseTo(1.2 * wait, 3)
    }
    expect(waits).toHaveLength(GIVEN_UP + 1)
  })

  it('is later if the receiver asks for it, by an hour at most', () => {
    expect(againIn(1, MINUTE, 0.5)).toBe(MINUTE)
    expect(againIn(1, SECOND, 0.5)).toBeCloseTo(5 * SECOND, 3)
    expect(againIn(1, 2 * HOUR, 0.5)).toBe(HOUR)
    expect(againIn(7, 3 * HOUR, 0.5)).toBeCloseTo(2 * HOUR, 3)
  })

  it('of a failing consumer comes within ten minutes', () => {
    expect([0, 1, 2, 3, 4, 100].map(probeIn)).toEqual([5, 30, 120, 600, 600, 600].map((seconds) => seconds * SECOND))
  })
})
