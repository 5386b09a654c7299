import { describe, expect, it } from 'vitest'
import type { Cursor, Position } from '../../../src/application/ports/consumers.ts'
import { type Place, type Places, places } from '../../../src/application/relay/places.ts'
import type { ChatId, UserId } from '../../../src/domain/ids.ts'

const a = 'a' as ChatId
const b = 'b' as ChatId
const c = 'c' as ChatId
const position = (chatId: ChatId, head: number, cursor?: Cursor, deletedBy?: UserId): Position => ({
  chatId,
  head,
  headAt: 50,
  deletedBy,
  cursor,
})
const only = (set: Set<Place>): Place => {
  expect(set.size).toBe(1)
  return [...set][0]!
}
const shown = ({ unread, ready, resting }: Places) => [unread, ready, resting].map((set) => [...set].map(({ chatId }) => chatId))

/** A chat that is up to date at this event. */
function levelAt(all: Places, chatId: ChatId, seq: number): Place {
  all.found(position(chatId, seq, { seq: seq - 1 }), 0)
  const place = [...all.ready].find((one) => one.chatId === chatId)!
  all.take(place)
  place.seq = place.stored = seq
  all.level(place)
  return place
}

describe('a chat that is announced', () => {
  it('is to be looked up, once, with the highest event that was announced', () => {
    const all = places()
    for (const head of [3, 5, 4]) expect(all.heard(a, head)).toBe(true)
    expect([shown(all), all.size]).toEqual([[[a], [], []], 1])
    expect(only(all.unread)).toMatchObject({ chatId: a, head: 5, seq: undefined, stored: undefined, attempts: 0, dueAt: 0 })
  })

  it('is ready once it was looked up, as the store has it', () => {
    const all = places()
    all.heard(a, 5)
    const frozen = { to: 4, types: undefined }
    expect(all.found(position(a, 4, { seq: 2, frozen, attempts: 3, counted: 1, dueIn: 7 }), 100)).toBe(true)
    expect(shown(all)).toEqual([[], [a], []])
    const known = { head: 5, seq: 2, stored: 2, frozen, attempts: 3, counted: 1, dueAt: 107, failedAt: 100, deleted: undefined }
    expect(only(all.ready)).toMatchObject(known)
  })

  it('of which the store has no cursor begins anew; one that is deleted says so', () => {
    const all = places()
    expect(all.found(position(a, 4), 100)).toBe(true)
    const blank = { head: 4, seq: undefined, stored: undefined, frozen: undefined, attempts: 0, counted: 0, dueAt: 100 }
    expect(only(all.ready)).toMatchObject({ ...blank, failedAt: undefined, deleted: undefined })
    expect(all.found(position(a, 6, undefined, 'ann' as UserId), 200)).toBe(true)
    expect(only(all.ready)).toMatchObject({ ...blank, head: 6, deleted: { by: 'ann', at: 50 } })
  })

  it('and known keeps what is known of it, wherever it stands', () => {
    const all = places()
    all.found(position(a, 4, { seq: 2 }), 0)
    const place = only(all.ready)
    all.take(place)
    expect(all.found(position(a, 5, { seq: 1 }), 0)).toBe(true)
    expect([shown(all), place.seq, place.head, all.isCurrent(place)]).toEqual([[[], [], []], 2, 5, true])
    expect(all.heard(a, 6)).toBe(true)
    expect([place.head, all.size]).toEqual([6, 1])
  })
})

describe('a chat that is up to date', () => {
  it('is remembered: what it has is nothing new, what it has not makes it ready', () => {
    const all = places()
    const place = levelAt(all, a, 4)
    expect([shown(all), all.size, all.isCurrent(place)]).toEqual([[[], [], []], 0, false])
    expect([all.heard(a, 4), all.found(position(a, 4, { seq: 1 }), 0), all.size]).toEqual([true, true, 0])
    expect(all.heard(a, 5)).toBe(true)
    expect([only(all.ready) === place, place.head, all.size]).toEqual([true, 5, 1])
  })

  it('is made ready by what was found, and keeps its own cursor', () => {
    const all = places()
    const place = levelAt(all, a, 4)
    expect(all.found(position(a, 6, { seq: 1 }), 0)).toBe(true)
    expect([only(all.ready) === place, place.seq, place.head]).toEqual([true, 4, 6])
  })

  it('is forgotten when more are than are remembered: the one used longest ago', () => {
    const all = places(2)
    for (const chatId of [a, b, c]) levelAt(all, chatId, 4)
    all.heard(b, 5)
    all.heard(a, 4)
    expect(shown(all)).toEqual([[a], [b], []])
  })
})

describe('the chats of a consumer', () => {
  it('are so many at most; for one more there is no room', () => {
    const all = places(2)
    expect([all.heard(a, 1), all.found(position(b, 1), 0)]).toEqual([true, true])
    expect([all.heard(c, 1), all.found(position(c, 1), 0), all.heard(a, 2), all.found(position(a, 2), 0)]).toEqual([
      false,
      false,
      true,
      true,
    ])
    expect([shown(all), all.size]).toEqual([[[], [b, a], []], 2])
    all.drop([...all.ready][0]!)
    expect([all.heard(c, 1), shown(all)]).toEqual([true, [[c], [a], []]])
  })

  it('have no room for one that was up to date, either', () => {
    const all = places(1)
    levelAt(all, a, 4)
    all.heard(b, 1)
    expect([all.heard(a, 5), all.found(position(a, 6), 0), all.heard(a, 4)]).toEqual([false, false, false])
    expect(shown(all)).toEqual([[b], [], []])
  })

  it('wake when it is time, or all at once', () => {
    const all = places()
    for (const [chatId, dueIn] of [
      [a, 5],
      [b, 10],
      [c, 15],
    ] as const)
      all.found(position(chatId, 4, { seq: 1, dueIn }), 0)
    for (const place of all.ready) {
      all.take(place)
      all.rest(place)
    }
    all.wake(10)
    expect(shown(all)).toEqual([[], [a, b], [c]])
    all.wake(10, true)
    expect(shown(all)).toEqual([[], [a, b, c], []])
  })

  it('are looked up again when their cursor is another one', () => {
    const all = places()
    all.found(position(a, 4, { seq: 1 }), 0)
    const place = only(all.ready)
    all.forget(place)
    expect([shown(all), all.isCurrent(place), only(all.unread).head]).toEqual([[[a], [], []], false, 0])
    all.forget(place)
    expect([shown(all), all.size]).toEqual([[[a], [], []], 1])
  })

  it('stand in one set at a time', () => {
    const all = places()
    all.found(position(a, 4, { seq: 1 }), 0)
    const place = only(all.ready)
    all.take(place)
    expect(shown(all)).toEqual([[], [], []])
    all.enqueue(place)
    expect(shown(all)).toEqual([[], [a], []])
    all.drop(place)
    expect([shown(all), all.size]).toEqual([[[], [], []], 0])
  })

  it('count what waits, and say which have skipped more than the store knows', () => {
    const all = places()
    all.found(position(a, 9, { seq: 4 }), 0)
    all.found(position(b, 7), 0)
    all.heard(c, 3)
    expect(all.waiting()).toBe(5)
    expect(all.skipped()).toEqual([])
    const [first, second] = [...all.ready] as [Place, Place]
    first.seq = 10
    second.seq = 2
    expect([all.waiting(), all.skipped()]).toEqual([5, [first, second]])
    all.level(first)
    expect([all.waiting(), new Set(all.skipped())]).toEqual([5, new Set([first, second])])
  })
})
