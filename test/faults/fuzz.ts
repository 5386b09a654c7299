import { parseArgs } from 'node:util'
import { fuzzCampaign, growthOf } from '../support/fuzz/campaign.ts'
import { startPostgres } from '../support/postgres.ts'

/**
 * Fuzzes the built program for long: `node test/faults/fuzz.ts --rounds 200 --seed 7 --database postgres`. What it finds is repeated by the
 * seed that it names.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    requests: { type: 'string', default: '1000' },
    frames: { type: 'string', default: '3000' },
    database: { type: 'string', default: 'sqlite' },
  },
})
/** In MiB: caches that are bounded fill up. */
const GROWTH = 8

const postgres = values.database === 'postgres' ? await startPostgres() : undefined
const report = await fuzzCampaign({
  seed: Number(values.seed),
  rounds: Number(values.rounds),
  requests: Number(values.requests),
  frames: Number(values.frames),
  env: postgres ? { DATABASE_URL: postgres.url } : {},
  progress: console.error,
})
await postgres?.remove()
console.log(JSON.stringify({ seed: Number(values.seed), ...report, growth: growthOf(report.memory) }, undefined, 2))
const { faults, defects, memory } = report
process.exit(faults.length + defects.length > 0 || growthOf(memory) > GROWTH ? 1 : 0)
