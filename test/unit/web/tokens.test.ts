import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'

const css = await readFile(new URL('../../../web/styles/tokens.css', import.meta.url), 'utf8')

/** The colours of a name, light and dark. */
function coloursOf(name: string): readonly string[] {
  const [, light, dark] = new RegExp(`--${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(css) ?? []
  if (light === undefined || dark === undefined) throw new Error(`no colours of ${name}`)
  return [light, dark]
}

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (light! + 0.05) / (dark! + 0.05)
}

const LEAST = 1.07
const pairs = ['bg-hover', 'bg-field'].flatMap((over) =>
  ['bg', 'bg-side', 'bg-raised'].flatMap((under) => [0, 1].map((scheme) => ({ over, under, scheme }))),
)
const isSeen = (over: string, under: string) => contrast(over, under) >= LEAST

it.each(pairs.filter(({ over, under }) => over !== 'bg-field' || under !== 'bg-side'))(
  'what has the colour $over is seen on $under, in scheme $scheme',
  ({ over, under, scheme }) => {
    expect(isSeen(coloursOf(over)[scheme]!, coloursOf(under)[scheme]!)).toBe(true)
  },
)

it('a menu whose line under the mouse had nearly its own colour would be noticed', () => {
  expect(isSeen('#1d2026', '#1e2126')).toBe(false)
})
