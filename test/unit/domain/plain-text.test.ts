import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { excerpt } from '../../../src/domain/plain-text.ts'

describe('the beginning of a text without its marks', () => {
  it.each([
    ['**Tea** at `five`?', 'Tea at five?'],
    ['||Tea||', '▒▒▒'],
    ['1234567890123', '12345678901…'],
    ['**1234567890**', '1234567890'],
    ['👩‍👩‍👧 👩‍👩‍👧 👩‍👩‍👧', '👩‍👩‍👧 👩‍👩‍👧…'],
    [`It was ||${'the butler '.repeat(10)}||`, 'It was ▒▒▒…'],
    [`It **was ||${'the butler '.repeat(10)}||**`, 'It **was ▒▒…'],
    [`a || b ${'c'.repeat(20)}`, 'a || b cccc…'],
  ])('of %j is %j', (text, shown) => {
    expect(excerpt(text, 'markdown', 12)).toBe(shown)
  })

  it('is as typed where the text has no format', () => {
    expect(excerpt(`**as** ||typed||${'!'.repeat(40)}`, 'text', 17)).toBe('**as** ||typed||…')
  })

  const lies = (make: typeof excerpt) =>
    fc.property(fc.nat({ max: 60 }), fc.nat({ max: 60 }), fc.integer({ min: 2, max: 40 }), (before, hidden, most) => {
      const shown = make(`${'a'.repeat(before)} ||${'x'.repeat(hidden + 1)}|| b`, 'markdown', most)
      return !shown.includes('x') && Array.from(shown).length <= most
    })

  it('never says what a spoiler hides, and is never longer', () => {
    expect(fc.check(lies(excerpt))).toMatchObject({ failed: false })
  })

  it.each<[string, typeof excerpt]>([
    ['cuts the text first', (text, format, most) => excerpt(text.slice(0, most), format, most)],
    ['takes it as typed', (text, _, most) => excerpt(text, 'text', most)],
    ['does not cut it', (text, format) => excerpt(text, format, 1_000)],
  ])('would be noticed if it %s', (_, wrong) => {
    expect(fc.check(lies(wrong))).toMatchObject({ failed: true })
  })
})
