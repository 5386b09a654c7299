import { describe, expect, it } from 'vitest'
import { keeping } from '../../../src/application/kept.ts'
import { handClock } from '../../support/waiting.ts'

describe('an answer that is kept', () => {
  it('is had until its time is over', () => {
    const clock = handClock()
    const kept = keeping<string>(clock.now, 1_000)
    kept.set('a', 'one')
    clock.advance(999)
    expect([kept.get('a'), kept.get('b')]).toEqual(['one', undefined])
    clock.advance(1)
    expect(kept.get('a')).toBeUndefined()
  })

  it('begins anew when it is set again', () => {
    const clock = handClock()
    const kept = keeping<string>(clock.now, 1_000)
    kept.set('a', 'one')
    clock.advance(999)
    kept.set('a', 'two')
    clock.advance(999)
    expect(kept.get('a')).toBe('two')
  })

  it('is forgotten when that is asked for, alone or with all others', () => {
    const kept = keeping<number>(() => 0, 1_000)
    for (const [i, key] of ['a', 'b', 'c'].entries()) kept.set(key, i)
    kept.forget('a')
    expect(['a', 'b', 'c'].map(kept.get)).toEqual([undefined, 1, 2])
    kept.clear()
    expect(['b', 'c'].map(kept.get)).toEqual([undefined, undefined])
  })

  it('makes room for a newer one: the one that was set longest ago goes', () => {
    const kept = keeping<number>(() => 0, 1_000, 2)
    kept.set('a', 1)
    kept.set('b', 2)
    expect([kept.get('a'), kept.get('b')]).toEqual([1, 2])
    kept.set('a', 3)
    kept.set('c', 4)
    expect(['a', 'b', 'c'].map(kept.get)).toEqual([3, undefined, 4])
  })

  it('is one of at most ten thousand', () => {
    const kept = keeping<number>(() => 0, 1_000)
    for (let i = 0; i <= 10_000; i++) kept.set(`${i}`, i)
    expect([kept.get('0'), kept.get('1'), kept.get('10000')]).toEqual([undefined, 1, 10_000])
  })

  it('takes up no room when its time is over', () => {
    const clock = handClock()
    const kept = keeping<number>(clock.now, 1_000, 2)
    kept.set('a', 1)
    clock.advance(500)
    kept.set('b', 2)
    clock.advance(500)
    expect(kept.get('a')).toBeUndefined()
    kept.set('c', 3)
    expect([kept.get('b'), kept.get('c')]).toEqual([2, 3])
  })
})
