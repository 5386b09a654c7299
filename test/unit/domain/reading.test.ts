import { describe, expect, it } from 'vitest'
import { advance, isRead, readByOthers, withinLog } from '../../../src/domain/receipt.ts'
import { id } from './given.ts'

const marks = (...all: [name: string, readSeq: number][]) => all.map(([name, readSeq]) => ({ userId: id(name), readSeq }))

describe('a mark', () => {
  it('only grows, and ends at the head', () => {
    expect([advance(3, 5), advance(5, 3), advance(5, 5)]).toEqual([5, 5, 5])
    expect([withinLog(3, 10), withinLog(1_000_000, 10)]).toEqual([3, 10])
  })
})

describe('a message is read', () => {
  const message = { seq: 5, senderId: id('ann') }
  it('when everybody but its sender has reached it', () => {
    expect(isRead(message, marks(['ann', 1], ['bob', 5]))).toBe(true)
    expect(isRead(message, marks(['bob', 4], ['ann', 9]))).toBe(false)
    expect(isRead(message, marks(['bob', 5], ['cid', 7]))).toBe(true)
  })

  it('when its sender has gone and all who are left have reached it', () => {
    expect(isRead({ ...message, senderId: id('gone') }, marks(['bob', 5], ['cid', 7]))).toBe(true)
  })

  it('never when nobody else is there', () => {
    expect(isRead(message, marks(['ann', 9]))).toBe(false)
    expect(isRead(message, [])).toBe(false)
  })
})

describe('what others have read', () => {
  it('is the lowest mark but one’s own, and none when alone', () => {
    expect(readByOthers(id('ann'), marks(['ann', 1], ['bob', 5]))).toBe(5)
    expect(readByOthers(id('bob'), marks(['ann', 1], ['bob', 5]))).toBe(1)
    expect(readByOthers(id('cid'), marks(['ann', 1], ['bob', 5]))).toBe(1)
    expect(readByOthers(id('ann'), marks(['ann', 1]))).toBeUndefined()
  })
})
