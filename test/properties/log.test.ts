import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StoreHarness } from '../../src/contracts/store-harness.ts'
import { databases } from '../support/databases.ts'
import { openMemory } from '../support/memory.ts'
import { openBeside } from '../support/mikro-orm.ts'
import { openStore } from '../support/stores.ts'
import { tries } from '../support/tries.ts'
import { type Law, type LawName, laws } from './log-laws.ts'
import { saboteurs } from './log-saboteurs.ts'
import { devices, storyOf } from './log-story.ts'

/** However four people on several devices send, retry, edit, delete, join, leave and read, these laws hold. */
const holds = (open: () => Promise<StoreHarness>, wanted: readonly Law[]) =>
  fc.asyncProperty(fc.scheduler(), devices, async (scheduler, plan) => {
    const story = await storyOf(await open(), scheduler, plan)
    for (const law of wanted) await law(story)
  })

const runs = { memory: 200, sqlite: 40, postgres: 25 }
interface Where {
  readonly where: string
  readonly runs: number
  readonly open: () => Promise<StoreHarness>
}
const places = databases.flatMap((kind): Where[] =>
  kind === 'memory'
    ? [{ where: kind, runs: runs[kind], open: openMemory }]
    : [
        { where: kind, runs: runs[kind], open: () => openStore(kind) },
        { where: `${kind}, beside a host's tables`, runs: runs[kind] / 5, open: () => openBeside(kind) },
      ],
)

describe.each(places)('many people at once, on $where', { retry: 0 }, ({ open, runs }) => {
  let store: StoreHarness | undefined
  beforeAll(async () => {
    store = await open()
  })
  afterAll(() => store?.close?.())

  it('obey every law', { timeout: 120_000 }, async () => {
    const property = holds(async () => store!, Object.values(laws))
    await expect(fc.assert(property, { numRuns: tries(runs) })).resolves.toBeUndefined()
  })
})

describe.each(Object.entries(laws) as [LawName, Law][])('the law %s', (name, law) => {
  const against = saboteurs.filter((saboteur) => saboteur.law === name)

  it.each(against)('would notice a store that $that', async ({ sabotage }) => {
    const outcome = await fc.check(
      holds(async () => sabotage(await openMemory()), [law]),
      { numRuns: 5_000, endOnFailure: true },
    )
    expect(outcome).toMatchObject({ failed: true, errorInstance: { name: 'AssertionError' } })
  })

  it('has somebody to be tried against', () => {
    expect(against.length).toBeGreaterThan(0)
  })
})
