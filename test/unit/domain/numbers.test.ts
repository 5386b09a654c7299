import { expect, it } from 'vitest'
import type { Count, Duration, Instant, Seq } from '../../../src/domain/ids.ts'

const [seq, count, instant, duration]: [Seq, Count, Instant, Duration] = [1, 2, 3, 4]

it('takes a number of one kind for no other', () => {
  const wrong: readonly number[] = [
    // @ts-expect-error
    ((of: Seq) => of)(count),
    // @ts-expect-error
    ((of: Seq) => of)(instant),
    // @ts-expect-error
    ((of: Count) => of)(seq),
    // @ts-expect-error
    ((of: Count) => of)(duration),
    // @ts-expect-error
    ((of: Instant) => of)(duration),
    // @ts-expect-error
    ((of: Instant) => of)(seq),
    // @ts-expect-error
    ((of: Duration) => of)(instant),
    // @ts-expect-error
    ((of: Duration) => of)(count),
  ]
  expect(wrong).toHaveLength(8)
})

it('takes plain numbers and what is computed from numbers', () => {
  const next: Seq = seq + 1
  const later: Instant = instant + duration
  const apart: Duration = later - instant
  const more: Count = count + 1
  expect([next, later, apart, more]).toEqual([2, 7, 4, 3])
})
