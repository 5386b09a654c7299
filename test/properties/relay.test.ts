import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Consumers } from '../../src/application/ports/consumers.ts'
import { type DatabaseKind, databases } from '../support/databases.ts'
import type { RelaySabotage } from '../support/relay/processes.ts'
import { type RelayPlace, relayPlaces } from '../support/relay/stores.ts'
import { busyStory, deadStory } from '../support/relay/stories.ts'
import { firstViolation } from '../support/simulated.ts'
import { tries } from '../support/tries.ts'

/** Worlds that are tried: hours of many processes, and fortnights in which nobody answers. */
const SEEDS: Readonly<Record<DatabaseKind, { readonly busy: number; readonly dead: number }>> = {
  memory: { busy: tries(400), dead: tries(40, 4) },
  sqlite: { busy: tries(60, 4), dead: tries(10, 1) },
  postgres: { busy: tries(10, 3), dead: tries(2, 1) },
}

interface Saboteur {
  readonly that: string
  readonly sabotage: RelaySabotage
  readonly notices: RegExp
  /** Hundreds of worlds go by before it shows: more than a database is asked for. */
  readonly isRare?: boolean
  /** The first worlds, in which it does not show; 0 unless given. */
  readonly passedOver?: number
}
const saboteurs: readonly Saboteur[] = [
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
    isRare: true,
  },
  {
    that: 'moves on over what has failed',
    sabotage: {
      consumers: (consumers) => ({
        ...consumers,
        move: (at, cursor) => consumers.move(at, cursor.frozen ? { ...cursor, seq: cursor.seq + 1, frozen: undefined } : cursor),
      }),
    },
    notices: /before|never delivered|had failed/,
  },
  {
    that: 'forgets which events a range was limited to',
    sabotage: {
      consumers: (consumers) => ({
        ...consumers,
        move: (at, cursor) => consumers.move(at, { ...cursor, frozen: cursor.frozen && { ...cursor.frozen, types: undefined } }),
      }),
    },
    notices: /had failed/,
  },
  {
    that: 'moves a cursor whatever it was',
    sabotage: {
      consumers: (consumers) => ({
        ...consumers,
        async move(at, cursor) {
          const consumer = await consumers.get(at.consumerId)
          const [position] = await consumers.positions(consumer!, [at.chatId])
          return consumers.move({ ...at, was: position?.cursor?.seq }, cursor)
        },
      }),
    },
    notices: /had failed|before/,
    isRare: true,
    passedOver: 4_000,
  },
  {
    that: 'remembers the epoch of a store that was restored',
    sabotage: { epoch: () => 'epoch 1' },
    notices: /which is over/,
  },
]

/**
 * Two to four processes with clocks up to ten minutes apart, killed anywhere, over a bus that loses, repeats and reorders, on a store that is
 * restored on the way: every event is acknowledged by every consumer that asks for it, one request at a time in each chat, in order; a
 * repeated request has the same events.
 */
describe.each(databases)('the relay on %s', { retry: 0 }, (kind) => {
  let place: RelayPlace
  beforeAll(async () => {
    place = await relayPlaces[kind]()
  })
  afterAll(() => place?.close())
  const violationsOf = (story: typeof busyStory, sabotage?: RelaySabotage) => async (seed: number) =>
    (await story(place, seed, sabotage)).violations

  it('keeps its promises', { timeout: 240_000 }, async () => {
    expect(await firstViolation(violationsOf(busyStory), SEEDS[kind].busy)).toBeUndefined()
  })

  it('gives nothing up while nothing is acknowledged, for fourteen days, and delivers everything afterwards', {
    timeout: 240_000,
  }, async () => {
    expect(await firstViolation(violationsOf(deadStory), SEEDS[kind].dead)).toBeUndefined()
  })

  it.each(saboteurs.filter(({ isRare }) => !isRare || kind === 'memory'))(
    'would notice one that $that',
    { timeout: 240_000 },
    async ({ sabotage, notices, passedOver = 0 }) => {
      const violations = violationsOf(busyStory, sabotage)
      const found = await firstViolation((seed) => violations(passedOver + seed), 1500, notices)
      expect(found?.violations.join('\n')).toMatch(notices)
    },
  )

  it('would notice one that counts attempts while nothing is acknowledged', { timeout: 240_000 }, async () => {
    const counting = (consumers: Consumers): Consumers => ({
      ...consumers,
      move: (at, cursor) => consumers.move(at, { ...cursor, counted: cursor.attempts }),
    })
    const found = await firstViolation(violationsOf(deadStory, { consumers: counting }), 10)
    expect(found?.violations.join('\n')).toMatch('is dead')
  })
})

it('the relay is tried in worlds in which much happens', async () => {
  const place = await relayPlaces.memory()
  for (const story of [busyStory, deadStory]) expect((await story(place, 3)).requests).toBeGreaterThan(40)
})
