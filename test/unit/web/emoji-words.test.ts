import { describe, expect, it } from 'vitest'
import { emojiAt, type Named, searchEmoji } from '../../../web/composer/emoji-words.ts'

const all: readonly Named[] = [
  { emoji: '🥶', label: 'cold face', tags: ['freezing'], order: 3 },
  { emoji: '☕', label: 'hot beverage', tags: ['coffee', 'tea'], order: 2 },
  { emoji: '⚰', label: 'coffin', order: 4 },
  { emoji: '🍵', label: 'teacup without handle', tags: ['beverage', 'tea'], order: 1 },
  { emoji: '🇨', label: 'regional indicator C' },
]
const found = (query: string, most = 8) => searchEmoji(all, query, most).map(({ emoji }) => emoji)

describe('an emoji by its name', () => {
  it.each([
    [':te', 3, { start: 0, query: 'te' }],
    ['so :Coff', 8, { start: 3, query: 'coff' }],
    ['(:te', 4, { start: 1, query: 'te' }],
    ['a\n:коф', 6, { start: 2, query: 'коф' }],
    [':te and more', 3, { start: 0, query: 'te' }],
    [':t', 2, undefined],
    ['at 12:30', 8, undefined],
    ['https://example.org', 19, undefined],
    [':te ', 4, undefined],
    [':)', 2, undefined],
    [`:${'a'.repeat(33)}`, 34, undefined],
  ])('is asked for by %j at %i: %j', (text, caret, asked) => {
    expect(emojiAt(text, caret)).toEqual(asked)
  })

  it('is found by whole words before parts, by its name before other words; what is only a part of others is not', () => {
    expect(found('tea')).toEqual(['🍵', '☕'])
    expect(found('coff')).toEqual(['⚰', '☕'])
    expect(found('beverage')).toEqual(['🍵', '☕'])
    expect(found('without')).toEqual(['🍵'])
    expect(found('hot_bev')).toEqual(['☕'])
    expect(found('regional')).toEqual([])
    expect(found('c', 2)).toHaveLength(2)
  })
})
