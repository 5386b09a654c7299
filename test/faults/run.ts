import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { type BusKind, type CampaignReport, campaign } from '../support/campaign.ts'
import { type CutReport, cutSockets, type StalledReport, stalledReaders } from '../support/crowd.ts'
import { startPostgres } from '../support/postgres.ts'
import { type Property, properties } from '../support/recording-checks.ts'
import { type Sabotage, saboteurs } from '../support/saboteurs.ts'
import { createDatabase } from '../support/sql.ts'

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
const reports: CampaignReport[] = []
const caught: Record<string, string> = {}
const crowds: (StalledReport | CutReport)[] = []
const began = performance.now()
const progress = (text: string) => console.error(`${clock(performance.now() - began)}  ${text}`)
const rounded = (value: number) => Math.round(value * 10) / 10
const clock = (ms: number) => `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1_000) % 60).padStart(2, '0')}`
/** What is known by now: a long run that is interrupted has not been in vain. */
const keep = async () => {
  const { report } = values
  if (report) await writeFile(report, `${JSON.stringify({ campaigns: reports, crowds, saboteurs: caught }, undefined, 2)}\n`)
}

for (const bus of buses) {
  const seconds = (Number(values.minutes) * 60) / buses.length
  const { processes, clients, pace } = values
  const report = await campaign({ bus, seconds, processes: Number(processes), clients: Number(clients), paceMs: Number(pace), progress })
  reports.push(report)
  progress(`${report.violations.length} violations`)
  await keep()
}

for (const [name, { notices }] of values.saboteurs === 'off' ? [] : Object.entries(saboteurs)) {
  progress(`A service that ${name}`)
  const { violations } = await campaign({ bus: 'none', seconds: 12, scale: 0.2, paceMs: 150, sabotage: name as Sabotage, progress })
  const noticed = [...new Set(violations.map(({ property }) => property))]
  const isNoticed = (notices as readonly string[]).some((property) => noticed.includes(property as Property))
  caught[name] = isNoticed ? noticed.join(', ') : 'not noticed'
  await keep()
}

/** What a crowd was promised and did not get. */
const shortcomings = (crowd: StalledReport | CutReport): readonly string[] =>
  ('sockets' in crowd
    ? [crowd.exact < crowd.sockets && 'not all exact', crowd.backAfterMs > 30_000 && 'back too late']
    : [
        crowd.exact < crowd.readers && 'not all exact',
        crowd.withGap < crowd.readers && 'not all were too slow',
        crowd.grownBytesPerReader > crowd.boundBytes && 'grown beyond the bound',
        crowd.p99DuringMs > 2 * crowd.p99BeforeMs && 'the others were held up',
      ]
  ).filter((shortcoming) => shortcoming !== false)

if (values.crowd === 'on') {
  const postgres = await startPostgres()
  progress('2,000 sockets cut at once')
  crowds.push(await cutSockets({ sockets: 2_000, databaseUrl: postgres.url, progress }))
  progress('1,000 readers who never read')
  const { url } = await createDatabase(postgres.url)
  crowds.push(await stalledReaders({ readers: 1_000, megabytes: 6, probes: 300, databaseUrl: url, progress }))
  await postgres.remove()
}

if (reports.length > 0) console.log(readable(reports))
for (const crowd of crowds) {
  console.log(['\n| | |', '|---|---:|', ...Object.entries(crowd).map(([name, value]) => `| ${name} | ${rounded(value)} |`)].join('\n'))
  for (const shortcoming of shortcomings(crowd)) console.log(shortcoming)
}
console.log(
  ['\n| A service that … | is noticed by |', '|---|---|', ...Object.entries(caught).map((row) => `| ${row.join(' | ')} |`)].join('\n'),
)
await keep()
const missed = Object.values(caught).filter((by) => by === 'not noticed').length + crowds.flatMap(shortcomings).length
const violations = reports.reduce((sum, report) => sum + report.violations.length + report.defects.length, 0)
process.exit(violations + missed > 0 ? 1 : 0)

function readable(all: readonly CampaignReport[]): string {
  const names = all.map(({ bus }) => bus)
  const table = (title: string, rows: readonly string[], value: (report: CampaignReport, row: string) => number | string) => [
    `\n| ${title} | ${names.join(' | ')} |`,
    `|---|${names.map(() => '---:').join('|')}|`,
    ...rows.map((row) => `| ${row} | ${all.map((report) => value(report, row)).join(' | ')} |`),
  ]
  const named = (part: 'operations' | 'faults') => [...new Set(all.flatMap((report) => Object.keys(report[part])))].toSorted()
  const whole = { seconds: 'seconds of faults', settledAfterMs: 'ms until everybody had everything' } as const
  return [
    ...table('Bus', Object.keys(whole), (report, row) => report[row as keyof typeof whole]),
    ...table('Operations', named('operations'), ({ operations }, row) => operations[row] ?? 0),
    ...table('Faults', named('faults'), ({ faults }, row) => faults[row] ?? 0),
    ...table('Checks (violations)', Object.keys(properties), ({ checks, violations }, row) => {
      const broken = violations.filter(({ property }) => property === row).length
      return `${checks[row as keyof typeof properties]} (${broken})`
    }),
    ...all.flatMap(({ violations, defects }) => [
      ...violations.slice(0, 20).map(({ property, what }) => `${property}: ${what}`),
      ...defects,
    ]),
  ].join('\n')
}
