import { readFileSync } from 'node:fs'
import { metricNames, PREFIX, rowOf } from '../../src/adapters/metrics/table.ts'
import { code, table } from './markdown.ts'

const [BEGIN, END] = ['<!-- The table is generated from the code by `npm run documents`. -->', '<!-- Here it ends. -->']

const rows = metricNames.map((name) => {
  const { kind, help, labels = [], where } = rowOf(name)
  return [code(PREFIX + name), kind, labels.map(code).join(', ') || '–', where === undefined ? help : `${help} (${where})`]
})

/** The page about metrics: what a person has written, with the table of all of them as the code has it. */
export function metricsPage(): string {
  const page = readFileSync(new URL('../../docs/operate/metrics.md', import.meta.url), 'utf8')
  const [before, after] = [page.slice(0, page.indexOf(BEGIN)), page.slice(page.indexOf(END))]
  return `${before}${BEGIN}\n\n${table(['Metric', 'Kind', 'Labels', 'Shows'], rows)}\n\n${after}`
}
