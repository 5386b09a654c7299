import { isReached, type Line } from '../measure/rounds.ts'

/** Three figures are all that a short run can tell. */
export function figure(value: number | undefined): string {
  if (value === undefined) return 'n/a'
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2
  return value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

const blank = (value: number | undefined) => (value === undefined ? '' : figure(value))

export const heads = [
  'What',
  'Ours',
  'Limit',
  'Ratio: median (least – most)',
  'Target',
  'Reached',
  'p50 / p99 ms',
  'CPU µs: server + database',
  'CPU µs: limit',
]

export function cells(line: Line): string[] {
  const { ratio, target } = line
  const reached = isReached(line)
  const hasCpu = line.serverCpu !== undefined
  return [
    line.title,
    `${figure(line.subject)} ${line.unit}`,
    `${figure(line.limit)} ${line.unit} (${line.limitIs})`,
    ratio ? `**${figure(ratio.median)}** (${figure(ratio.min)} – ${figure(ratio.max)})` : figure(undefined),
    target ? `${target.is === 'at least' ? '≥' : '≤'} ${target.ratio}` : '',
    reached === undefined ? '' : reached ? 'yes' : '**no**',
    line.p99 === undefined ? '' : `${figure(line.p50)} / ${figure(line.p99)}`,
    hasCpu ? `${figure(line.serverCpu)} + ${line.databaseCpu === undefined ? 'n/a' : figure(line.databaseCpu)}` : '',
    blank(line.limitCpu),
  ]
}

/** For a terminal. */
export function plainTable(lines: readonly Line[]): string {
  const rows = [heads, ...lines.map(cells)].map((row) => row.map((cell) => cell.replaceAll('**', '')))
  const widths = heads.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)))
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export const markdownTable = (lines: readonly Line[]): string =>
  [heads, heads.map(() => '---'), ...lines.map(cells)].map((row) => `| ${row.join(' | ')} |`).join('\n')
