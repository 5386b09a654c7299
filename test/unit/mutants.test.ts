import { describe, expect, it } from 'vitest'
import { emptyGlobs, rooms, testsOf } from '../../tools/mutants/rooms.ts'

describe('a room that is mutated', () => {
  it.each(Object.entries(rooms))('%s has files and tests for each of its globs', (_, room) => {
    expect(emptyGlobs(room)).toEqual([])
    expect(testsOf(room).length).toBeGreaterThan(0)
  })

  it('is refused with what was moved away', () => {
    const mutate = ['tools/mutants/*.ts', 'tools/moved/*.ts', '!tools/none/**']
    expect(emptyGlobs({ mutate, tests: ['test/unit/moved/*.test.ts'] })).toEqual(['tools/moved/*.ts', 'test/unit/moved/*.test.ts'])
  })
})
