import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bitsOf, gramsIn, gramsOf, signatureOf } from '../../src/adapters/mikro-orm/search/grams.ts'

const text = fc.string({ unit: fc.constantFrom(...Array.from('abc щю東京 😀')), size: 'max', maxLength: 200 })

type MightContain = (texts: readonly string[], part: string) => boolean
const bySet: MightContain = (texts, part) => gramsIn(part).every((gram) => gramsOf(texts).has(gram))
const bySignature: MightContain = (texts, part) => {
  const signature = signatureOf(gramsOf(texts))
  return gramsIn(part).every((gram) => bitsOf(gram).every((bit) => (signature[bit >> 3]! & (1 << (bit & 7))) !== 0))
}

/** Whatever part of whatever text is sought, the block of that text is not passed over. */
const neverMisses = (mightContain: MightContain) =>
  fc.property(fc.array(text, { minLength: 1 }), fc.nat(), fc.nat(), fc.integer({ min: 1, max: 20 }), (texts, which, start, length) => {
    const points = Array.from(texts[which % texts.length]!)
    const part = points
      .slice(start % (points.length + 1))
      .slice(0, length)
      .join('')
    return mightContain(texts, part)
  })

describe('the grams of texts', () => {
  it.each([
    ['a set', bySet],
    ['a signature', bySignature],
  ])('never hide a match, kept as %s', (_, mightContain) => {
    expect(fc.check(neverMisses(mightContain))).toMatchObject({ failed: false })
  })

  it.each<[string, MightContain]>([
    ['counts halves of surrogate pairs', (texts, part) => bySet(texts, part.slice(0, -1))],
    ['expects more than is sought', (texts, part) => gramsIn(`${part} `).every((gram) => gramsOf(texts).has(gram))],
  ])('would be caught by the law if it %s', (_, mightContain) => {
    expect(fc.check(neverMisses(mightContain)).failed).toBe(true)
  })

  it('pass over almost all blocks that hold nothing of what is sought', () => {
    const block = (n: number) => Array.from({ length: 128 }, (_, i) => `сообщение ${n * 128 + i} о чём-то`)
    const passed = Array.from({ length: 200 }, (_, n) => bySignature(block(n), 'экзотика'))
    expect(passed.filter(Boolean).length).toBeLessThan(4)
  })

  it('do not run over the border between two texts', () => {
    expect(bySet(['ab', 'cd'], 'bc')).toBe(false)
  })

  it('are none for a single character, which is sought everywhere', () => {
    expect(gramsIn('щ')).toEqual([])
  })
})
