import { describe, expect, it } from 'vitest'
import type { Consumers } from '../../src/application/ports/consumers.ts'
import { type RelaySabotage, relayWorld } from '../support/relay-world.ts'
import { firstViolation } from '../support/simulated.ts'

const SEEDS = Number(process.env.WINDI_SEEDS ?? 400)

const violationsOf = (sabotage?: RelaySabotage) => async (seed: number) => (await relayWorld(seed, sabotage)).violations

const saboteurs: readonly { readonly that: string; readonly sabotage: RelaySabotage; readonly notices: RegExp }[] = [
  {
    that: 'moves the cursor before it delivers',
    sabotage: {
      sink: (sink, consumers) => ({
        ...sink,
        async deliver(range, moving) {
          if (moving) await consumers.move(moving.at, { seq: moving.to })
          return sink.deliver(range, moving)
        },
      }),
    },
    notices: /before|never delivered|had failed/,
  },
  {
    that: 'never looks into the store',
    sabotage: {
      consumers: (consumers) => ({
        ...consumers,
        recent: async () => new Map(),
        sweep: async () => ({ behind: [], next: undefined }),
      }),
    },
    notices: /never delivered/,
  },
  {
    that: 'gives up what has failed once',
    sabotage: {
      consumers: (consumers) => ({
        ...consumers,
        move: (at, { seq, frozen, attempts = 0 }) => consumers.move(at, { seq: attempts > 0 && frozen ? frozen.to : seq }),
      }),
    },
    notices: /before|never delivered|had failed/,
  },
  {
    that: 'does not ask for leases',
    sabotage: { consumers: (consumers) => ({ ...consumers, hold: async () => true }) },
    notices: /under way/,
  },
  {
    that: 'lets a range grow',
    sabotage: { consumers: (consumers) => ({ ...consumers, move: (at, cursor) => consumers.move(at, { ...cursor, frozen: undefined }) }) },
    notices: /had failed/,
  },
  {
    that: 'forgets the cursor of what a filter skips',
    sabotage: {
      consumers: (consumers: Consumers) => ({
        ...consumers,
        move: (at, cursor) => consumers.move(at, { ...cursor, seq: cursor.seq + (cursor.frozen ? 1 : 0) }),
      }),
    },
    notices: /before|never delivered|had failed/,
  },
]

/**
 * Several processes with clocks ten minutes apart, killed anywhere, over a bus that loses, repeats and reorders: every event is acknowledged by
 * every consumer that asks for it, one request at a time in each chat, in order; a repeated request has the same events.
 */
describe('the relay', { retry: 0 }, () => {
  it('keeps its promises', { timeout: 240_000 }, async () => {
    expect(await firstViolation(violationsOf(), SEEDS)).toBeUndefined()
  })

  it('is tried in worlds in which much happens', async () => {
    expect((await relayWorld(3)).requests).toBeGreaterThan(20)
  })

  it.each(saboteurs)('would notice one that $that', { timeout: 120_000 }, async ({ sabotage, notices }) => {
    const found = await firstViolation(violationsOf(sabotage), 200, notices)
    expect(found?.violations.join('\n')).toMatch(notices)
  })
})
