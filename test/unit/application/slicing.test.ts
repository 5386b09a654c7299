import { describe, expect, it } from 'vitest'
import { oldestFirst, sliceOf } from '../../../src/application/slicing.ts'

const made = (createdAt: number, id: string) => ({ createdAt, id })
const all = [made(1, 'a'), made(2, 'b'), made(2, 'c'), made(3, 'a')]

describe('a slice of a list', () => {
  it('has as many as are asked for, and where the next one begins', () => {
    expect(sliceOf(all, { limit: 3 }, oldestFirst)).toEqual({ items: all.slice(0, 3), next: { at: 2, id: 'c' }, prev: undefined })
    expect(sliceOf(all, { limit: 4 }, oldestFirst)).toEqual({ items: all, next: undefined, prev: undefined })
    expect(sliceOf(all, { limit: 0 }, oldestFirst)).toEqual({ items: [], next: undefined, prev: undefined })
  })

  it('begins after a position, whether or not something is there', () => {
    const after = (at: number, id: string) => sliceOf(all, { limit: 10, from: { at, id } }, oldestFirst).items
    expect(after(2, 'b')).toEqual(all.slice(2))
    expect(after(2, 'bb')).toEqual(all.slice(2))
    expect(after(1, 'z')).toEqual(all.slice(1))
    expect(after(3, 'a')).toEqual([])
  })

  it('counts the whole list where that is asked for', () => {
    expect(sliceOf(all, { limit: 1, from: { at: 2, id: 'c' }, count: true }, oldestFirst)).toMatchObject({ items: [all[3]], total: 4 })
    expect(sliceOf(all, { limit: 1, count: false }, oldestFirst)).not.toHaveProperty('total')
  })
})
