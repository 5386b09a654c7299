import type { BusKind, CampaignReport } from '../support/campaign.ts'
import type { CutReport, StalledReport } from '../support/crowd.ts'
import { properties } from '../support/recording-checks.ts'
import type { Sabotage } from '../support/saboteurs.ts'

export interface FaultReport {
  readonly campaigns: readonly CampaignReport[]
  readonly crowds: readonly (StalledReport | CutReport)[]
  /** What noticed them. */
  readonly saboteurs: Partial<Record<Sabotage, readonly string[]>>
}

const buses: Readonly<Record<BusKind, string>> = {
  postgres: '`LISTEN/NOTIFY` of the database',
  redis: 'sharded publish/subscribe of Redis',
  lying: 'the same Redis, of whose notices 10 % are lost, 20 % come twice and 30 % come up to 1.5 s late and out of turn',
  none: 'no bus at all: the polls alone',
}

/** What a crowd was promised and did not get. */
export const shortcomings = (crowd: StalledReport | CutReport): readonly string[] =>
  ('sockets' in crowd
    ? [crowd.exact < crowd.sockets && 'not all exact', crowd.backAfterMs > 30_000 && 'back too late']
    : [
        crowd.exact < crowd.readers && 'not all exact',
        crowd.withGap < crowd.readers && 'not all were too slow',
        crowd.grownBytesPerReader > crowd.boundBytes && 'grown beyond the bound',
        crowd.p99DuringMs > 2 * crowd.p99BeforeMs && 'the others were held up',
      ]
  ).filter((shortcoming) => shortcoming !== false)

/** The report of a run for people, as Markdown. */
export const markdown = ({ campaigns, crowds, saboteurs }: FaultReport): string =>
  [...(campaigns.length > 0 ? campaignText(campaigns) : []), ...crowds.flatMap(crowdText), ...saboteurText(saboteurs)].join('\n')

function campaignText(all: readonly CampaignReport[]): string[] {
  const names = all.map(({ bus }) => bus)
  const table = (title: string, rows: readonly string[], value: (report: CampaignReport, row: string) => number | string) => [
    `| ${title} | ${names.join(' | ')} |`,
    `|---|${names.map(() => '---:').join('|')}|`,
    ...rows.map((row) => `| ${row} | ${all.map((report) => value(report, row)).join(' | ')} |`),
    '',
  ]
  const named = (part: 'operations' | 'faults') => [...new Set(all.flatMap((report) => Object.keys(report[part])))].toSorted()
  const brokenIn = ({ violations }: CampaignReport, row: string) => violations.filter(({ property }) => property === row).length
  const whole = {
    'seconds of faults': 'seconds',
    'ms until everybody had everything': 'settledAfterMs',
    'processes': 'processes',
    'people': 'clients',
  } as const
  return [
    '## Under faults',
    '',
    ...names.map((name) => `- \`${name}\`: ${buses[name]}`),
    '',
    ...table('On the bus', Object.keys(whole), (report, row) => report[whole[row as keyof typeof whole]]),
    ...table('Operations', named('operations'), ({ operations }, row) => operations[row] ?? 0),
    ...table('Faults', named('faults'), ({ faults }, row) => faults[row] ?? 0),
    ...table(
      'Checks (violations)',
      Object.keys(properties),
      (report, row) => `${report.checks[row as keyof typeof properties]} (${brokenIn(report, row)})`,
    ),
    ...Object.entries(properties).map(([name, meaning]) => `- *${name}*: ${meaning}`),
    ...all.flatMap(({ violations, defects }) => [
      ...violations.slice(0, 20).map(({ property, what }) => `- VIOLATION of *${property}*: ${what}`),
      ...defects.map((defect) => `- DEFECT: ${defect}`),
    ]),
    '',
  ]
}

function crowdText(crowd: StalledReport | CutReport): string[] {
  const [title, rows] = 'sockets' in crowd ? cutRows(crowd) : stalledRows(crowd)
  return [
    `## ${title}`,
    '',
    '| | |',
    '|---|---:|',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
    ...shortcomings(crowd).map((shortcoming) => `- NOT AS PROMISED: ${shortcoming}`),
  ]
}

type Rows = readonly [title: string, rows: readonly (readonly [string, string | number])[]]

const cutRows = (crowd: CutReport): Rows => [
  'Sockets cut at once',
  [
    ['sockets', crowd.sockets],
    ['processes', crowd.processes],
    ['s until all were back and level with the log', (crowd.backAfterMs / 1_000).toFixed(1)],
    ['messages sent from the cut on', crowd.sentMeanwhile],
    ['exact in the end', crowd.exact],
  ],
]

const stalledRows = (crowd: StalledReport): Rows => [
  'Readers who never read',
  [
    ['readers', crowd.readers],
    ['memory by which the process grew for each, bytes', Math.round(crowd.grownBytesPerReader)],
    ['bound of the queue of each, bytes', crowd.boundBytes],
    ['of the others: p50 / p99 before, ms', `${crowd.p50BeforeMs.toFixed(1)} / ${crowd.p99BeforeMs.toFixed(1)}`],
    ['of the others: p50 / p99 meanwhile, ms', `${crowd.p50DuringMs.toFixed(1)} / ${crowd.p99DuringMs.toFixed(1)}`],
    ['were told of a gap', crowd.withGap],
    ['s until all who read again had everything', (crowd.caughtUpAfterMs / 1_000).toFixed(1)],
    ['exact in the end', crowd.exact],
  ],
]

function saboteurText(saboteurs: FaultReport['saboteurs']): string[] {
  const rows = Object.entries(saboteurs).map(([name, by]) => `| ${name} | ${by.join(', ') || 'NOTHING'} |`)
  return rows.length > 0 ? ['## Saboteurs', '', '| A service that … | is noticed by |', '|---|---|', ...rows, ''] : []
}
