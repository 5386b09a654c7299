import { expect, it } from 'vitest'
import { cutSockets, stalledReaders } from '../support/crowd.ts'
import { freshDatabase } from '../support/databases.ts'

/**
 * Tenths of what `npm run test:faults` does. Memory is counted in whole processes, which grow by some 50 MiB while these bytes are written, with
 * one reader as with 100: fewer readers would be charged with that.
 */
it('does not let readers who never read hold up the others, and each comes back exactly', { timeout: 120_000 }, async () => {
  await using database = await freshDatabase()
  const report = await stalledReaders({ readers: 100, megabytes: 6, probes: 60, databaseUrl: database.url })
  expect(report.grownBytesPerReader).toBeLessThan(report.boundBytes)
  // A part of a second is what a busy processor may take.
  expect(report.p99DuringMs).toBeLessThan(2 * report.p99BeforeMs + 100)
  expect(report.exact).toBe(100)
})

it('has all sockets back and exact soon after they were cut at once', { timeout: 120_000 }, async () => {
  await using database = await freshDatabase()
  const report = await cutSockets({ sockets: 200, databaseUrl: database.url })
  expect(report.exact).toBe(200)
  expect(report.backAfterMs).toBeLessThan(30_000)
})
