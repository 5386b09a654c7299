import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StoreHarness } from '../../src/contracts/store-harness.ts'
import { databases } from '../support/databases.ts'
import { openMemory } from '../support/memory.ts'
import { openStore } from '../support/stores.ts'
import { tries } from '../support/tries.ts'
import { agreesWithModel } from './log-model.ts'
import { saboteurs } from './log-saboteurs.ts'

const runs = { memory: 300, sqlite: 40, postgres: 25 }

describe.each(databases)('a chat on %s', { retry: 0 }, (kind) => {
  let store: StoreHarness | undefined
  beforeAll(async () => {
    store = await openStore(kind)
  })
  afterAll(() => store?.close?.())

  it('agrees with a model on paper', { timeout: 120_000 }, async () => {
    const property = agreesWithModel(async () => store!)
    await expect(fc.assert(property, { numRuns: tries(runs[kind]) })).resolves.toBeUndefined()
  })
})

/** What only shows in times, pages, announcements or the order of those who do not wait is for the laws. */
const noticed = saboteurs.filter(({ that }) =>
  [
    'forgets keys',
    'leaves a hole',
    'acknowledges what it then forgets',
    'takes permission from a cache',
    'lets deleted messages be deleted again',
    'takes marks back',
    'stops short of the mark',
    'counts one unread message too few',
    'does not know its owner now and then',
  ].includes(that),
)

it.each(noticed)('the model would notice a store that $that', async ({ sabotage }) => {
  expect(noticed).toHaveLength(9)
  const outcome = await fc.check(
    agreesWithModel(async () => sabotage(await openMemory())),
    { numRuns: 5_000, endOnFailure: true },
  )
  expect(outcome).toMatchObject({ failed: true, errorInstance: { name: 'AssertionError' } })
})
