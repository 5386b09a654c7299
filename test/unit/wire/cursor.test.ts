import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCursor, encodeCursor, type Filters } from '../../../src/adapters/wire/cursor.ts'
import { endpoints } from '../../../src/adapters/wire/endpoints.ts'
import { parse } from '../../../src/adapters/wire/parse/parse.ts'
import { messageWindow } from '../../../src/adapters/wire/windows.ts'
import type { ChatId, UserId } from '../../../src/domain/ids.ts'
import { isRefusal } from '../../../src/domain/refusal.ts'

const id = '0190a6f0-0000-7000-8000-000000000001' as ChatId & UserId

const isForeign = (decode: () => unknown): boolean => {
  try {
    decode()
    return false
  } catch (thrown) {
    return isRefusal(thrown, 'invalid') && thrown.facts.errors[0]?.pointer === '/cursor'
  }
}

const filters: fc.Arbitrary<Filters> = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(undefined)))

describe('a cursor', () => {
  it('names its position for the same filters, in whatever order they are given', () => {
    const positions = fc.record({ name: fc.string({ unit: 'binary', size: 'max', maxLength: 128 }), id: fc.uuid() as fc.Arbitrary<UserId> })
    fc.assert(
      fc.property(filters, positions, (given, position) => {
        const cursor = encodeCursor('findUsers', given, position)
        expect(cursor).toMatch(/^[A-Za-z0-9_-]{1,2048}$/)
        const turned = Object.fromEntries(Object.entries(given).reverse())
        expect(decodeCursor('findUsers', { ...turned, absent: undefined }, cursor)).toEqual(position)
      }),
    )
  })

  it('is foreign to other filters and other lists', () => {
    const cursor = encodeCursor('listChats', { query: 'tea' }, { at: 5, id })
    expect(decodeCursor('listChats', { query: 'tea' }, cursor)).toEqual({ at: 5, id })
    expect(isForeign(() => decodeCursor('listChats', { query: 'te' }, cursor))).toBe(true)
    expect(isForeign(() => decodeCursor('listChats', {}, cursor))).toBe(true)
    expect(isForeign(() => decodeCursor('searchMessages', { query: 'tea' }, cursor))).toBe(true)
  })

  it('that was made up is refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String()), (text) => {
        expect(isForeign(() => decodeCursor('listChats', {}, text))).toBe(true)
      }),
    )
  })

  it('with the right print and a position of another shape is refused', () => {
    const places = [{ at: 'now', id }, { at: 1.5, id }, { at: 1, id: 'x' }, { at: 1, id, more: 1 }, null, [], 7]
    for (const place of places) {
      const cursor = encodeCursor('listChats', {}, place as { at: number; id: ChatId })
      expect(
        isForeign(() => decodeCursor('listChats', {}, cursor)),
        JSON.stringify(place),
      ).toBe(true)
    }
  })

  it('is good for ever: this one was made by the first version', () => {
    const first = 'WyIxbWRtbXg3Iix7ImtpbmQiOiJiZWZvcmUiLCJzZXEiOjd9XQ'
    expect(encodeCursor('listMessages', { chat_id: id, order: 'asc' }, { kind: 'before', seq: 7 })).toBe(first)
    expect(decodeCursor('listMessages', { chat_id: id, order: 'asc' }, first)).toEqual({ kind: 'before', seq: 7 })
  })
})

describe('the messages that are asked for', () => {
  const window = (query: Record<string, string>) => messageWindow({ chatId: id, query: parse(endpoints.listMessages.query, query) })

  it('are the newest, or those at a place', () => {
    expect(window({})).toEqual({ kind: 'newest' })
    expect(window({ before: '3' })).toEqual({ kind: 'before', seq: 3 })
    expect(window({ after: '0' })).toEqual({ kind: 'after', seq: 0 })
    expect(window({ around: '9' })).toEqual({ kind: 'around', seq: 9 })
    expect(window({ offset: '0' })).toEqual({ kind: 'offset', offset: 0, fromEnd: false })
    expect(window({ offset: '20', order: 'desc' })).toEqual({ kind: 'offset', offset: 20, fromEnd: true })
  })

  it('go on from a cursor whatever the limit, but not with another order or filter', () => {
    const cursor = encodeCursor('listMessages', { chat_id: id, order: 'asc', sender_id: undefined }, { kind: 'after', seq: 4 })
    expect(window({ cursor, limit: '3', count: 'true' })).toEqual({ kind: 'after', seq: 4 })
    expect(isForeign(() => window({ cursor, order: 'desc' }))).toBe(true)
    expect(isForeign(() => window({ cursor, query: 'tea' }))).toBe(true)
  })
})
