import { describe, expect, it } from 'vitest'
import { newId, uuidv7 } from '../../../src/adapters/system/random.ts'

describe.each([
  ['as this Node makes them', newId],
  ['as they are made for one that cannot', () => uuidv7(Date.now())],
])('ids, %s,', (_, make) => {
  it('are UUIDs of version 7 that begin with the time', () => {
    const before = Date.now()
    const id = make()
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    const time = Number.parseInt(id.replace('-', '').slice(0, 12), 16)
    expect(time).toBeGreaterThanOrEqual(before)
    expect(time).toBeLessThanOrEqual(Date.now())
  })

  it('are never the same', () => {
    expect(new Set(Array.from({ length: 10_000 }, make)).size).toBe(10_000)
  })
})

it('sort by the millisecond in which they were made', () => {
  const times = [0, 1, 255, 4_096, 1_645_557_742_000, 2 ** 48 - 1]
  const ids = times.map(uuidv7)
  expect(ids.toSorted()).toEqual(ids)
  expect(ids[4]).toMatch(/^017f22e2-79b0-7/)
})
