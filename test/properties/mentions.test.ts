import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StoreHarness } from '../../src/contracts/store-harness.ts'
import { databases } from '../support/databases.ts'
import { openSqlite } from '../support/mikro-orm.ts'
import { openStore } from '../support/stores.ts'
import { tries } from '../support/tries.ts'
import { concernsAsSaid, saboteurs } from './mentions.ts'

const runs = { memory: 150, sqlite: 40, postgres: 10 }

describe.each(databases)('whom messages concern on %s', { retry: 0 }, (kind) => {
  let store: StoreHarness | undefined
  beforeAll(async () => {
    store = await openStore(kind)
  })
  afterAll(() => store?.close?.())

  it('is what looking through all messages finds, after every step', { timeout: 120_000 }, async () => {
    await expect(
      fc.assert(
        concernsAsSaid(async () => store!),
        { numRuns: tries(runs[kind]) },
      ),
    ).resolves.toBeUndefined()
  })
})

describe('the law of mentions', () => {
  it.each(saboteurs)('would notice a store that %s', { timeout: 60_000 }, async (_, sabotage) => {
    // A store that reads no more of a chat than an edit names.
    const store = await openSqlite()
    const sabotaged = sabotage(store)
    const law = concernsAsSaid(async () => sabotaged)
    expect(await fc.check(law, { numRuns: 400, endOnFailure: true })).toMatchObject({ failed: true })
    await store.close?.()
  })
})
