import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { metricNames, PREFIX, rowOf } from '../../src/adapters/metrics/table.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const page = readFileSync(`${root}docs/operate/metrics.md`, 'utf8')
const sources = readdirSync(`${root}src`, { recursive: true, withFileTypes: true })
  .filter((file) => file.isFile() && file.name.endsWith('.ts') && !`${file.parentPath}/${file.name}`.endsWith('metrics/table.ts'))
  .map((file) => readFileSync(`${file.parentPath}/${file.name}`, 'utf8'))
  .join('\n')

/** Metrics that a page has no row for. */
const missing = (text: string) => metricNames.filter((name) => !text.includes(`| \`${PREFIX}${name}\` | ${rowOf(name).kind} |`))
/** Metrics of the page that there are not. */
const made = (text: string) =>
  [...text.matchAll(/windi_chat_[a-z_]+/g)]
    .map(([name]) => name.slice(PREFIX.length).replace(/_(count|sum|bucket)$/, ''))
    .filter((name) => !(metricNames as readonly string[]).includes(name))
/** Metrics that nothing feeds. */
const unfed = (names: readonly string[]) => names.filter((name) => !sources.includes(`'${name}'`))

describe('the page about metrics', () => {
  it('names every metric, and no other', () => {
    expect(missing(page)).toEqual([])
    expect(made(page)).toEqual([])
  })

  it('would be found to lack one', () => {
    const row = page.split('\n').find((line) => line.startsWith('| `windi_chat_bus_connected` |'))!
    expect(missing(page.replace(row, ''))).toEqual(['bus_connected'])
    expect(made(`${page} windi_chat_made_up_total`)).toEqual(['made_up_total'])
  })
})

describe('the table of metrics', () => {
  it('has none that nothing feeds', () => {
    expect(unfed(metricNames)).toEqual([])
    expect(unfed(['nobody_total'])).toEqual(['nobody_total'])
  })

  it('has no label that a user could fill', () => {
    const known = ['version', 'node', 'store', 'operation', 'status', 'call', 'outcome', 'code', 'type', 'kind', 'state', 'chore']
    expect(metricNames.flatMap((name) => rowOf(name).labels ?? []).filter((label) => !known.includes(label))).toEqual([])
  })
})
