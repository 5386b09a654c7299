import { describe, expect, it } from 'vitest'
import { type BusKind, campaign } from '../support/campaign.ts'
import { withRedis } from '../support/databases.ts'
import { type Property, properties } from '../support/recording-checks.ts'

const buses: readonly BusKind[] = withRedis ? ['postgres', 'redis', 'lying', 'none'] : ['postgres', 'none']

/** A short run of what `npm run test:faults` does for many minutes. */
describe('everything that can go wrong', () => {
  it.each(buses)('breaks no promise with the bus: %s', { timeout: 120_000 }, async (bus) => {
    const report = await campaign({ bus, seconds: 6, scale: 0.2, paceMs: 150, leastKinds: 4 })
    expect(report.violations).toEqual([])
    expect(report.defects).toEqual([])
    expect(report.operations.send_message).toBeGreaterThan(50)
    for (const property of Object.keys(properties) as Property[]) expect(report.checks[property], property).toBeGreaterThan(10)
  })
})
