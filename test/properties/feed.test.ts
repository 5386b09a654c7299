import { describe, expect, it } from 'vitest'
import { firstViolation } from '../support/simulated.ts'
import { type Sabotage, simulate } from '../support/simulation.ts'
import { saboteurs } from './feed-saboteurs.ts'

const SEEDS = Number(process.env.WINDI_SEEDS ?? 800)

const violationsOf = (sabotage: Sabotage) => async (seed: number) => (await simulate(seed, sabotage)).violations

/**
 * Several processes, devices that come and go, members that come and go: whoever is a member sees every event once, in order, without
 * holes; whoever is not sees none; what was acknowledged is in the log once; receipts never go back on a connection, nor ahead of the log.
 */
describe('the feed', { retry: 0 }, () => {
  it.each([
    ['that is honest', { bus: 'honest' }],
    ['that loses and repeats and reorders', {}],
    ['that is dead', { bus: 'dead' }],
  ] as const)('keeps its promises over a bus %s', { timeout: 120_000 }, async (_, sabotage) => {
    expect(await firstViolation(violationsOf(sabotage), SEEDS)).toBeUndefined()
  })

  it('lives through the same world when it has the same seed', async () => {
    expect(await simulate(7)).toEqual(await simulate(7))
  })

  it('is tried in worlds in which much happens', async () => {
    const { counts } = await simulate(4)
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(3)
  })

  it.each(saboteurs)('would notice a world that $that', { timeout: 60_000 }, async ({ sabotage, notices }) => {
    const found = await firstViolation(violationsOf(sabotage), 400)
    expect(found?.violations.join('\n')).toMatch(notices)
  })
})
