import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Cursor, cursorAt, isBehind, leap, learn, receive, skip } from '../../../src/client/copy/cursor.ts'

interface Numbered {
  readonly seq: number
}
const seqs = (events: readonly Numbered[]) => events.map(({ seq }) => seq)

describe('every client’s rule', () => {
  it('applies the next, ignores earlier ones, holds later ones', () => {
    const cursor = cursorAt<Numbered>(3)
    expect(seqs(receive(cursor, { seq: 3 }))).toEqual([])
    expect(seqs(receive(cursor, { seq: 6 }))).toEqual([])
    expect(isBehind(cursor)).toBe(true)
    expect(seqs(receive(cursor, { seq: 4 }))).toEqual([4])
    expect(seqs(receive(cursor, { seq: 5 }))).toEqual([5, 6])
    expect(isBehind(cursor)).toBe(false)
  })

  it('moves over a skip that touches, and keeps one that does not', () => {
    const cursor = cursorAt<Numbered>(3)
    receive(cursor, { seq: 9 })
    expect(seqs(skip(cursor, 6, 8))).toEqual([])
    expect(cursor.last).toBe(3)
    expect(seqs(receive(cursor, { seq: 4 }))).toEqual([4])
    expect(seqs(receive(cursor, { seq: 5 }))).toEqual([5, 9])
    expect(cursor.last).toBe(9)
  })

  it('is behind a larger head, and leaps over what is not to be told', () => {
    const cursor = cursorAt<Numbered>(3)
    learn(cursor, 10)
    expect(isBehind(cursor)).toBe(true)
    receive(cursor, { seq: 11 })
    expect(seqs(leap(cursor, 10))).toEqual([11])
    expect(isBehind(cursor)).toBe(false)
  })

  type Receive = (cursor: Cursor<Numbered>, event: Numbered) => Numbered[]

  /** Whatever arrives in whatever order and however often: applied is 1, 2, 3 … up to the first that never came. */
  const inOrder = (rule: Receive) =>
    fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { size: 'max', maxLength: 80 }), (arriving) => {
      const cursor = cursorAt<Numbered>(0)
      const applied = arriving.flatMap((seq) => seqs(rule(cursor, { seq })))
      const came = new Set(arriving)
      const expected: number[] = []
      while (came.has(expected.length + 1)) expected.push(expected.length + 1)
      expect(applied).toEqual(expected)
    })

  it('holds for any arrivals', () => {
    expect(() => fc.assert(inOrder(receive))).not.toThrow()
  })

  const saboteurs: readonly (readonly [string, Receive])[] = [
    [
      'forgets what it held',
      (cursor, event) => {
        const ready = receive(cursor, event).slice(0, 1)
        if (ready[0]) cursor.last = ready[0].seq
        cursor.held.clear()
        return ready
      },
    ],
    ['applies what it has', (cursor, event) => [...receive(cursor, event), ...(event.seq < cursor.last ? [event] : [])]],
    ['does not wait', (cursor, event) => (event.seq > cursor.last ? leap(cursor, event.seq).concat(event) : [])],
  ]
  it.each(saboteurs)('would notice a rule that %s', (_, rule) => {
    expect(fc.check(inOrder(rule))).toMatchObject({ failed: true })
  })
})
