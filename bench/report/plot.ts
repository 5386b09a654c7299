import { isReached, type Line } from '../measure/rounds.ts'
import type { Spread } from '../measure/statistics.ts'
import { figure } from './table.ts'

const ROW = 22
const TOP = 46
const LEFT = 470
const WIDTH = 520
const RIGHT = 90
const colours = { reached: '#2f855a', missed: '#c05621', none: '#64748b', target: '#1a202c', text: '#1a202c', faint: '#cbd5e1' }
const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]

/** A line with a ratio: without one there is nothing to draw. */
type Drawn = Line & { readonly ratio: Spread }

/** Bars of the ratios on a logarithmic scale: the median, a whisker from the least to the most, and a mark at the target. */
export function plot(all: readonly Line[]): string {
  const lines = all.filter((line): line is Drawn => line.ratio !== undefined)
  const values = lines.flatMap(({ ratio, target }) => [ratio.min, ratio.max, target?.ratio ?? 1])
  const low = STEPS.findLast((step) => step <= Math.min(0.5, ...values)) ?? STEPS[0]!
  const high = STEPS.find((step) => step >= Math.max(2, ...values)) ?? STEPS.at(-1)!
  const x = (ratio: number) => LEFT + (Math.log(Math.min(high, Math.max(low, ratio)) / low) / Math.log(high / low)) * WIDTH
  const height = TOP + lines.length * ROW + 16
  const grid = STEPS.filter((step) => step >= low && step <= high).map(
    (step) =>
      `<line x1="${px(x(step))}" y1="${TOP - 8}" x2="${px(x(step))}" y2="${height - 10}" stroke="${colours.faint}" stroke-width="${step === 1 ? 2 : 1}"/>` +
      `<text x="${px(x(step))}" y="${TOP - 14}" text-anchor="middle">${step}×</text>`,
  )
  const bars = lines.map((line, i) => bar(line, TOP + i * ROW, x))
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${LEFT + WIDTH + RIGHT}" height="${height}" viewBox="0 0 ${LEFT + WIDTH + RIGHT} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="${colours.text}">
<title>Ratios to the limits</title>
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="8" y="18" font-size="14" font-weight="600">Each beside its limit: median, least and most of the rounds; | is the target</text>
${grid.join('\n')}
${bars.join('\n')}
</svg>
`
}

function bar(line: Drawn, y: number, x: (ratio: number) => number): string {
  const { ratio, target, title } = line
  const reached = isReached(line)
  const colour = reached === undefined ? colours.none : reached ? colours.reached : colours.missed
  const [from, to] = [Math.min(x(1), x(ratio.median)), Math.max(x(1), x(ratio.median))]
  const middle = y + ROW / 2
  const mark = target
    ? `<line x1="${px(x(target.ratio))}" y1="${y + 2}" x2="${px(x(target.ratio))}" y2="${y + ROW - 2}" stroke="${colours.target}" stroke-width="3"/>`
    : ''
  return `<text x="${LEFT - 10}" y="${middle + 4}" text-anchor="end">${escaped(title)}</text>
<rect x="${px(from)}" y="${y + 5}" width="${px(Math.max(1, to - from))}" height="${ROW - 10}" fill="${colour}" fill-opacity="0.75"/>
<line x1="${px(x(ratio.min))}" y1="${middle}" x2="${px(x(ratio.max))}" y2="${middle}" stroke="${colour}" stroke-width="2"/>
${mark}<text x="${LEFT + WIDTH + 8}" y="${middle + 4}">${figure(ratio.median)}×</text>`
}

const px = (value: number): string => value.toFixed(1)
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
