import { expect, it } from 'vitest'
import type { Plan } from '../../../bench/measure/plan.ts'
import { isReached, measureRounds } from '../../../bench/measure/rounds.ts'
import { plot } from '../../../bench/report/plot.ts'
import { markdownTable, plainTable } from '../../../bench/report/table.ts'

const target = { is: 'at most', ratio: 2 } as const
const plan = (title: string, subject: number, limits: readonly number[]): Plan => {
  const left = [...limits]
  const limit = async () => ({ value: left.shift()! })
  return { title, unit: 'KiB', limitIs: 'bare', target, subject: async () => ({ value: subject }), limit }
}

it('says that there is no ratio where the limit came out as nothing', async () => {
  const lines = await measureRounds([plan('Nothing', 3, [0, 0]), plan('Once', 3, [0, 2]), plan('Both', 0, [2, 2])], 2, () => {})
  expect(lines.map(({ ratio }) => ratio?.median)).toEqual([undefined, 1.5, 0])
  expect(lines.map(isReached)).toEqual([undefined, true, true])
  expect(markdownTable(lines)).toContain('| Nothing | 3.00 KiB | 0.00 KiB (bare) | n/a |')
  const drawn = plot(lines)
  expect(drawn).not.toContain('Nothing')
  expect(drawn).toContain('Once')
  expect(`${markdownTable(lines)}${plainTable(lines)}${drawn}`).not.toMatch(/NaN|Infinity|undefined/)
})
