import { describe, expect, it } from 'vitest'
import { digestOf, NOWHERE, readAsOf, writeAsOf } from '../../../src/application/live/as-of.ts'
import { aChat } from './audience.ts'

describe('where a client stood', () => {
  it('is read as it was written, whatever the epoch is called', () => {
    for (const epoch of ['1', 'a.b', 'line\nof two', '-']) {
      const asOf = { epoch, at: 1_900_000_000_000, chats: digestOf([aChat('one')]) }
      expect(readAsOf(writeAsOf(asOf))).toEqual(asOf)
    }
    expect(readAsOf(NOWHERE)).toEqual({ epoch: '-', at: 0, chats: digestOf([]) })
  })

  it.each([
    ['nothing', ''],
    ['something before it', '!0.00000000000000000.e'],
    ['a time that is too long', `${'z'.repeat(11)}.00000000000000000.e`],
    ['a digest that is none', '0.0.e'],
    ['no epoch', '0.00000000000000000.'],
    ['another text', 'as of now'],
  ])('is not read out of %s', (_, text) => {
    expect(readAsOf(text)).toBeUndefined()
  })
})

describe('the digest of chats', () => {
  it('is that of the set, in whatever order, and of no other set', () => {
    const [a, b, c] = ['a', 'b', 'ab'].map(aChat) as [never, never, never]
    expect(digestOf([a, b, c])).toBe(digestOf([c, a, b]))
    const sets = [[], [a], [b], [c], [a, b], [a, c], [b, c], [a, b, c], [a, a], [aChat('')]]
    expect(new Set(sets.map((ids) => digestOf(ids))).size).toBe(sets.length)
  })

  /** Of the test vectors of FNV-1a with 32 bits: "foobar" is 0xbf9cf968. */
  it('is made of FNV-1a', () => {
    expect(digestOf([aChat('foobar')]).slice(0, 8)).toBe('bf9cf968')
    expect(digestOf([]).slice(0)).toBe('00000000000000000')
  })
})
