import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Inline, parse, plain } from '../../../web/timeline/format/parse.ts'

const brief = (of: Inline): unknown => {
  if (typeof of === 'string') return of
  if (of.kind === 'mark') return { [of.mark]: of.children.map(brief) }
  return { [of.kind]: of.text }
}
const blocks = (text: string) =>
  parse(text).map((block) =>
    block.kind === 'code' ? { [`code ${block.language ?? ''}`]: block.text } : { [block.kind]: block.children.map(brief) },
  )
const line = (text: string) => blocks(text).flatMap((block) => ('text' in block ? block.text : [block]))

/** The source of what was read. */
function written(of: Inline): string {
  if (typeof of === 'string') return of
  if (of.kind === 'mark') return of.mark + of.children.map(written).join('') + of.mark
  if (of.kind === 'code') return of.ticks + of.text + of.ticks
  return of.kind === 'labelled' ? of.raw : of.text
}
describe('formatting', () => {
  it.each<[string, unknown]>([
    ['plain', ['plain']],
    ['**bold** text', [{ '**': ['bold'] }, ' text']],
    ['*it* and _it_', [{ '*': ['it'] }, ' and ', { '_': ['it'] }]],
    ['~~gone~~', [{ '~~': ['gone'] }]],
    ['||boo||', [{ '||': ['boo'] }]],
    ['`a *b*`', [{ code: 'a *b*' }]],
    ['``a ` b``', [{ code: 'a ` b' }]],
    ['**a *b* c**', [{ '**': ['a ', { '*': ['b'] }, ' c'] }]],
    ['**a *b**', [{ '**': ['a *b'] }]],
    ['snake_case_name', ['snake_case_name']],
    ['2*3*4', ['2*3*4']],
    ['2 * 3 * 4', ['2 * 3 * 4']],
    ['**not closed', ['**not closed']],
    ['****', ['****']],
    ['[here](https://e.com/a)', [{ labelled: 'here' }]],
    ['[here](javascript:alert(1))', ['[here](javascript:alert(1))']],
    ['**https://e.com/_a_b_**', [{ '**': [{ link: 'https://e.com/_a_b_' }] }]],
    ['# no heading\n- no list', ['# no heading\n- no list']],
    ['<b>no html</b>', ['<b>no html</b>']],
  ])('reads %s', (text, expected) => {
    expect(line(text)).toEqual(expected)
  })

  it('reads fences with their language, and quotes', () => {
    expect(blocks('Look:\n```ts\nconst a = `b`\n```\n> so **he** said\n> twice\nindeed')).toEqual([
      { text: ['Look:\n'] },
      { 'code ts': 'const a = `b`' },
      { quote: ['so ', { '**': ['he'] }, ' said\ntwice\n'] },
      { text: ['indeed'] },
    ])
    expect(blocks('```\nnot closed')).toEqual([{ text: ['```\nnot closed'] }])
  })

  const pieces = fc.constantFrom(
    '*',
    '**',
    '_',
    '`',
    '```',
    '```\n',
    '~~',
    '||',
    '> ',
    ' ',
    '\n',
    '[',
    '](',
    ')',
    'a',
    'https://e.com',
    '@',
  )
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(pieces, { maxLength: 60 }).map((all) => all.join('')),
  )

  it('loses no character of any text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const read = parse(text)
        expect(read.map(({ raw }) => raw).join('')).toBe(text)
        for (const block of read) {
          if (block.kind === 'code') continue
          const bare = block.kind === 'quote' ? block.raw.replace(/^> ?/gm, '') : block.raw
          expect(block.children.map(written).join('')).toBe(bare)
        }
        expect(plain(text).map(written).join('')).toBe(text)
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    '*',
    '**',
    '*a',
    '_a_',
    '`',
    '`a``b',
    '[',
    '[a](',
    '[a](https://',
    '> ',
    '>',
    '~~a',
    '||',
    '**_`[',
    '```\n',
    '**a *b ~~c ||d _e ',
    'a@',
    'https://',
    '(',
    'www.',
  ])('reads 4,096 characters of %j within 5 ms', (piece) => {
    const text = piece.repeat(Math.ceil(4_096 / piece.length)).slice(0, 4_096)
    const times = Array.from({ length: 7 }, () => {
      const begun = performance.now()
      parse(text)
      return performance.now() - begun
    })
    expect(Math.min(...times)).toBeLessThan(5)
  })
})
