import { describe, expect, it } from 'vitest'
import { lastBefore } from '../../../src/application/log-time.ts'
import type { ChatEvent } from '../../../src/domain/event.ts'
import type { ChatId } from '../../../src/domain/ids.ts'

const chatId = 'chat' as ChatId

/** A log with an event at each of these times, and what was read of it: after which event, and how many. */
function logOf(times: readonly number[]) {
  const reads: (readonly [after: number, limit: number])[] = []
  async function read(chat: ChatId, after: number, limit: number): Promise<readonly ChatEvent[]> {
    expect(chat).toBe(chatId)
    reads.push([after, limit])
    return times.slice(after, after + limit).map((at, i) => ({ seq: after + i + 1, at }) as ChatEvent)
  }
  return { read, reads }
}

/** What reading the whole log says. */
const naive = (times: readonly number[], at: number, head: number): number => times.slice(0, head).findLastIndex((time) => time < at) + 1

/** Two events of each time: 10, 10, 20, 20, … */
const timesOf = (length: number) => Array.from({ length }, (_, i) => 10 * (Math.floor(i / 2) + 1))

describe('the last event before a time', () => {
  it.each([0, 1, 2, 7, 8, 9, 10, 16, 17, 24, 25, 40, 41, 100])('is that of the whole log, of %d events', async (length) => {
    const times = timesOf(length)
    for (let at = 5; at <= 5 * length + 15; at += 5)
      expect([at, await lastBefore(logOf(times), chatId, at, length)]).toEqual([at, naive(times, at, length)])
  })

  it('is none after the head, whatever has been committed since', async () => {
    const times = timesOf(60)
    for (const head of [0, 3, 8, 9, 30])
      for (const at of [15, 45, 1_000]) expect(await lastBefore(logOf(times), chatId, at, head)).toBe(naive(times, at, head))
  })

  it('is none of a log that is gone', async () => {
    for (const head of [1, 8, 9, 100]) expect(await lastBefore(logOf([]), chatId, 1_000, head)).toBe(0)
  })

  it('is found with one read of a few events where it is one of the last', async () => {
    const times = timesOf(1_000)
    const log = logOf(times)
    expect(await lastBefore(log, chatId, 10_000, 1_000)).toBe(1_000)
    expect(await lastBefore(log, chatId, 4_980, 1_000)).toBe(994)
    expect(log.reads).toEqual([
      [992, 8],
      [992, 8],
    ])
  })

  it('is found with single events after that: each time twice as far back, and then between', async () => {
    const log = logOf(timesOf(1_000))
    expect(await lastBefore(log, chatId, 4_800, 1_000)).toBe(958)
    expect(log.reads.slice(0, 4)).toEqual([
      [992, 8],
      [984, 1],
      [968, 1],
      [936, 1],
    ])
    expect(log.reads.slice(4).map(([, limit]) => limit)).toEqual([1, 1, 1, 1, 1])
  })
})
