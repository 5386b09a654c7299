import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { type BusKind, type CampaignReport, campaign } from '../support/campaign.ts'
import { type CutReport, cutSockets, type StalledReport, stalledReaders } from '../support/crowd.ts'
import { startPostgres } from '../support/postgres.ts'
import { type Sabotage, saboteurs } from '../support/saboteurs.ts'
import { createDatabase } from '../support/sql.ts'
import { type FaultReport, markdown, shortcomings } from './report.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    bus: { type: 'string', default: 'postgres,redis,lying,none' },
    processes: { type: 'string', default: '2' },
    clients: { type: 'string', default: '8' },
    pace: { type: 'string', default: '300' },
    saboteurs: { type: 'string', default: 'on' },
    crowd: { type: 'string', default: 'on' },
    report: { type: 'string' },
  },
})

/** None of them: `--bus ''`, for the crowds alone. */
const buses = values.bus.split(',').filter(Boolean) as BusKind[]
const campaigns: CampaignReport[] = []
const noticed: Partial<Record<Sabotage, readonly string[]>> = {}
const crowds: (StalledReport | CutReport)[] = []
const began = performance.now()
const progress = (text: string) => console.error(`${clock(performance.now() - began)}  ${text}`)
const clock = (ms: number) => `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1_000) % 60).padStart(2, '0')}`
const report = (): FaultReport => ({ campaigns, crowds, saboteurs: noticed })
/** What is known by now: a long run that is interrupted has not been in vain. */
const keep = async () => {
  if (values.report) await writeFile(values.report, `${JSON.stringify(report(), undefined, 2)}\n`)
}

for (const bus of buses) {
  const seconds = (Number(values.minutes) * 60) / buses.length
  const { processes, clients, pace } = values
  const run = await campaign({ bus, seconds, processes: Number(processes), clients: Number(clients), paceMs: Number(pace), progress })
  campaigns.push(run)
  progress(`${run.violations.length} violations`)
  await keep()
}

for (const [name, { notices }] of values.saboteurs === 'off' ? [] : Object.entries(saboteurs)) {
  progress(`A service that ${name}`)
  const { violations } = await campaign({ bus: 'none', seconds: 12, scale: 0.2, paceMs: 150, sabotage: name as Sabotage, progress })
  const broken: readonly string[] = [...new Set(violations.map(({ property }) => property))]
  noticed[name as Sabotage] = notices.some((property: string) => broken.includes(property)) ? broken : []
  await keep()
}

if (values.crowd === 'on') {
  const postgres = await startPostgres()
  progress('2,000 sockets cut at once')
  crowds.push(await cutSockets({ sockets: 2_000, databaseUrl: postgres.url, progress }))
  progress('1,000 readers who never read')
  const { url } = await createDatabase(postgres.url)
  crowds.push(await stalledReaders({ readers: 1_000, megabytes: 6, probes: 300, databaseUrl: url, progress }))
  await postgres.remove()
}

await keep()
console.log(markdown(report()))
const isWrong =
  campaigns.some(({ violations, defects }) => violations.length + defects.length > 0) ||
  crowds.some((crowd) => shortcomings(crowd).length > 0) ||
  Object.values(noticed).some((by) => by.length === 0)
process.exit(isWrong ? 1 : 0)
