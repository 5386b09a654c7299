import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StoreHarness } from '../../src/contracts/store-harness.ts'
import { databases } from '../support/databases.ts'
import { openMemory } from '../support/memory.ts'
import { openStore } from '../support/stores.ts'
import { tries } from '../support/tries.ts'
import { farSighted, searchIsExact, shortSighted, windowsAreExact } from './history.ts'

const runs = { memory: 300, sqlite: 60, postgres: 40 }

describe.each(databases)('a history on %s', { retry: 0 }, (kind) => {
  let store: StoreHarness | undefined
  beforeAll(async () => {
    store = await openStore(kind)
  })
  afterAll(() => store?.close?.())
  const numRuns = tries(runs[kind])

  it('shows the same in every window as a walk through it', { timeout: 120_000 }, async () => {
    await expect(
      fc.assert(
        windowsAreExact(async () => store!),
        { numRuns },
      ),
    ).resolves.toBeUndefined()
  })

  it('is searched as if every text were read', { timeout: 120_000 }, async () => {
    await expect(
      fc.assert(
        searchIsExact(async () => store!),
        { numRuns },
      ),
    ).resolves.toBeUndefined()
  })
})

const tried = { numRuns: 5_000, endOnFailure: true }
const isNoticed = { failed: true, errorInstance: { name: 'AssertionError' } }

it.each(Object.entries(shortSighted))('windows would notice a store that %s', async (_, sabotage) => {
  expect(
    await fc.check(
      windowsAreExact(async () => sabotage(await openMemory())),
      tried,
    ),
  ).toMatchObject(isNoticed)
})

it.each(Object.entries(farSighted))('searches would notice a store that %s', async (_, sabotage) => {
  expect(
    await fc.check(
      searchIsExact(async () => sabotage(await openMemory())),
      tried,
    ),
  ).toMatchObject(isNoticed)
})
