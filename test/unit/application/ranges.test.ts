import { describe, expect, it } from 'vitest'
import type { Consumer, ConsumerSettings, Frozen } from '../../../src/application/ports/consumers.ts'
import type { Place } from '../../../src/application/relay/places.ts'
import { nextOf, startOf, within } from '../../../src/application/relay/ranges.ts'
import type { ChatEvent } from '../../../src/domain/event.ts'
import type { ChatId, UserId } from '../../../src/domain/ids.ts'

const chatId = 'chat' as ChatId

/** A log of as many events: `a` stands for a message that was sent, `b` for one that was edited, `x` for an event that nobody knows. */
function logOf(kinds: string) {
  const reads: (readonly [after: number, limit: number])[] = []
  const types = { a: { type: 'message.sent' }, b: { type: 'message.edited' }, x: { type: 'unknown', kind: 'poll.closed' } } as const
  const events = kinds.split('').map((kind, i) => ({ ...types[kind as 'a'], seq: i + 1, at: 10 * (i + 1) }) as unknown as ChatEvent)
  async function read(_chat: ChatId, after: number, limit: number): Promise<readonly ChatEvent[]> {
    reads.push([after, limit])
    return events.slice(after, after + limit)
  }
  return { read, reads }
}
const placeOf = (seq: number, more: Partial<Place> = {}) => ({ chatId, seq, head: 0, ...more }) as Place
const asking = (settings: Partial<ConsumerSettings>) => ({ settings: { batch: 2, ...settings } }) as Consumer
const next = async (kinds: string, seq: number, settings: Partial<ConsumerSettings> = {}, more: Partial<Place> = {}) => {
  const { events, ...rest } = await nextOf(logOf(kinds), asking(settings), placeOf(seq, more))
  return { seqs: events.map((event) => event.seq), ...rest }
}
const sent = ['message.sent']

describe('what comes next for a consumer', () => {
  it('is as much as it takes at once', async () => {
    expect(await next('aaaa', 1)).toEqual({ seqs: [2, 3], after: 1, to: 3, types: undefined, isEnd: false })
    expect(await next('aaaa', 2)).toEqual({ seqs: [3, 4], after: 2, to: 4, types: undefined, isEnd: true })
    expect(await next('aaaa', 3)).toEqual({ seqs: [4], after: 3, to: 4, types: undefined, isEnd: true })
  })

  it('is nothing where the log ends', async () => {
    expect(await next('aa', 2)).toEqual({ seqs: [], after: 2, to: 2, types: undefined, isEnd: true })
  })

  it('leaves out what it has not asked for: before, between and after', async () => {
    expect(await next('bababb', 0, { types: sent })).toEqual({ seqs: [2, 4], after: 1, to: 4, types: sent, isEnd: false })
    expect(await next('bbb', 0, { types: sent })).toEqual({ seqs: [], after: 3, to: 3, types: sent, isEnd: true })
  })

  it('goes by the kind of an event that nobody knows', async () => {
    expect((await next('axa', 0, { types: ['poll.closed'] })).seqs).toEqual([2])
    expect((await next('axa', 0, { types: ['unknown'] })).seqs).toEqual([])
  })

  it('goes on behind a whole page', async () => {
    expect(await next('b'.repeat(150), 0, { types: sent })).toMatchObject({ seqs: [], to: 100, isEnd: false })
    expect(await next('a'.repeat(100), 0, { batch: 100 })).toMatchObject({ to: 100, isEnd: false })
    expect(await next('a'.repeat(99), 0, { batch: 100 })).toMatchObject({ to: 99, isEnd: true })
  })

  it('is the range that was attempted, whatever the consumer asks for by now', async () => {
    const frozen = { to: 3, types: sent }
    expect(await next('abaa', 0, { batch: 9, types: ['message.edited'] }, { frozen })).toEqual({
      seqs: [1, 3],
      after: 0,
      ...frozen,
      isEnd: false,
    })
  })

  it('is the end of a chat that was deleted, if that is asked for', async () => {
    const deleted = { by: 'ann' as UserId, at: 70 }
    const gone = await nextOf(logOf(''), asking({}), placeOf(2, { deleted, head: 9, frozen: { to: 3, types: undefined } }))
    const event = { type: 'chat.deleted', chatId, seq: 9, at: 70, actorId: 'ann' }
    expect(gone).toEqual({ events: [event], after: 8, to: 9, types: undefined, isEnd: true })
    expect(await next('', 2, { types: sent }, { deleted, head: 9 })).toEqual({ seqs: [], after: 9, to: 9, types: sent, isEnd: true })
  })
})

describe('a range', () => {
  const read = async (kinds: string, seq: number, frozen: Frozen) => {
    const log = logOf(kinds)
    return { seqs: (await within(log, { chatId, seq }, frozen)).map((event) => event.seq), reads: log.reads }
  }

  it('is read to its end, a page at a time, and no further', async () => {
    const { seqs, reads } = await read('a'.repeat(300), 10, { to: 215, types: undefined })
    expect([seqs[0], seqs.at(-1), seqs.length]).toEqual([11, 215, 205])
    expect(reads).toEqual([
      [10, 100],
      [110, 100],
      [210, 5],
    ])
  })

  it('has what is of its types, and is empty where its chat is gone', async () => {
    expect((await read('abab', 0, { to: 4, types: sent })).seqs).toEqual([1, 3])
    expect((await read('', 0, { to: 4, types: undefined })).seqs).toEqual([])
    expect((await read('aa', 0, { to: 4, types: undefined })).seqs).toEqual([])
  })
})

it('a consumer without a cursor begins before the first event of its time', async () => {
  const log = logOf('aaaa')
  const starts = await Promise.all([0, 10, 11, 40, 99].map((from) => startOf(log, { from }, chatId, 4)))
  expect(starts).toEqual([0, 0, 1, 3, 4])
})
