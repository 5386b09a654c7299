import { describe, expect, it } from 'vitest'
import { firstViolation } from '../support/simulated.ts'
import { type Sabotage, simulate } from '../support/simulation.ts'
import { tries } from '../support/tries.ts'
import { saboteurs } from './feed-saboteurs.ts'

const SEEDS = tries(800)

const violationsOf = (sabotage: Sabotage) => async (seed: number) => (await simulate(seed, sabotage)).violations

/**
 * Several processes, devices that come and go, members that come and go: whoever is a member sees every event once, in order, without
 * holes; whoever is not sees none, and finds why in the log; what was acknowledged is in the log once; receipts never go back on a connection, nor ahead of the log,
 * nor come to a device that does not have the chat.
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
    const worlds = await Promise.all(Array.from({ length: 20 }, (_, seed) => simulate(seed + 1)))
    const totals = worlds[0]!.counts
    for (const name of Object.keys(totals) as (keyof typeof totals)[])
      expect(
        worlds.reduce((sum, { counts }) => sum + counts[name], 0),
        name,
      ).toBeGreaterThan(10)
  })

  it.each(saboteurs)('would notice a world that $that', { timeout: 60_000 }, async ({ sabotage, notices }) => {
    const found = await firstViolation(violationsOf(sabotage), 400, notices)
    expect(found?.violations.join('\n')).toMatch(notices)
  })
})
