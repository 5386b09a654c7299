import { describe, expect, it } from 'vitest'
import { abortable } from '../../../src/client/platform/abort.ts'
import { FIRST_WAIT, fullJitter, LONGEST_WAIT, retrying } from '../../../src/client/platform/backoff.ts'
import { events } from '../../../src/client/platform/events.ts'
import { cell, derived, sameList } from '../../../src/client/platform/store.ts'
import { pausableTimers } from '../../../src/client/platform/timers.ts'
import { virtualClock } from '../../../src/client/testing/clock.ts'

describe('the wait before an attempt', () => {
  it('is anything up to a bound that doubles, up to the longest', () => {
    const waits = (random: number, ...attempts: number[]) => attempts.map((attempt) => fullJitter(attempt, () => random))
    expect(waits(1, 1, 2, 3)).toEqual([2 * FIRST_WAIT, 4 * FIRST_WAIT, 8 * FIRST_WAIT])
    expect(waits(1, 6, 7, 20, 2_000)).toEqual([LONGEST_WAIT, LONGEST_WAIT, LONGEST_WAIT, LONGEST_WAIT])
    expect(waits(0, 1, 9)).toEqual([0, 0])
    expect(waits(0.5, 1)).toEqual([FIRST_WAIT])
    expect(fullJitter(2_000, () => 1, { first: 1, longest: Number.POSITIVE_INFINITY })).toBe(2 ** 20)
  })

  it('grows with each failure and begins anew once something has worked, with one attempt at a time', async () => {
    const clock = virtualClock(0)
    const times: number[] = []
    const { failed, worked } = retrying({ later: clock.later, random: () => 1 }, () => times.push(clock.now()))
    failed()
    failed()
    await clock.advance(10_000)
    expect(times).toEqual([5 * FIRST_WAIT])
    failed()
    worked()
    await clock.advance(10_000)
    expect(times).toHaveLength(1)
    failed()
    await clock.advance(10_000)
    expect(times[1]).toBe(20_000 + 3 * FIRST_WAIT)
  })
})

describe('timers that can be paused', () => {
  const timers = () => {
    const clock = virtualClock(0)
    const called: string[] = []
    const all = pausableTimers(clock.later)
    const later = (name: string, ms: number) => all.later(ms, () => called.push(`${name} ${clock.now()}`))
    return { ...all, clock, called, later }
  }

  it('begin paused, and wait the whole time once they are resumed', async () => {
    const { clock, called, later, resume, pause } = timers()
    later('one', 100)
    await clock.advance(1_000)
    resume()
    resume()
    later('two', 200)
    await clock.advance(150)
    expect(called).toEqual(['one 1100'])
    pause()
    await clock.advance(1_000)
    resume()
    await clock.advance(1_000)
    expect(called).toEqual(['one 1100', 'two 2350'])
    pause()
    resume()
    await clock.advance(1_000)
    expect(called).toHaveLength(2)
  })

  it('are cancelled while they run and while they are paused, and are all forgotten', async () => {
    const { clock, called, later, resume, pause, clear } = timers()
    resume()
    const running = later('running', 100)
    running()
    running()
    pause()
    later('paused', 100)()
    later('kept', 100)
    resume()
    await clock.advance(1_000)
    expect(called).toEqual(['kept 100'])
    later('forgotten', 100)
    clear()
    resume()
    await clock.advance(1_000)
    expect(called).toHaveLength(1)
  })
})

describe('who stops waiting', () => {
  it('leaves the work to others, and nothing behind', async () => {
    let finish: (value: string) => void = () => {}
    const work = new Promise<string>((resolve) => (finish = resolve))
    expect(abortable(work, undefined)).toBe(work)
    const stop = new AbortController()
    const [left, stayed] = [abortable(work, stop.signal), abortable(work, new AbortController().signal)]
    stop.abort(new Error('enough'))
    await expect(left).rejects.toThrow('enough')
    await expect(abortable(work, stop.signal)).rejects.toThrow('enough')
    finish('done')
    expect(await stayed).toBe('done')
    const broken = abortable(Promise.reject(new Error('broken')), new AbortController().signal)
    await expect(broken).rejects.toThrow('broken')
  })
})

describe('what is told', () => {
  it('is told to each listener until it stops, even if one function listens twice', () => {
    const { emit, on } = events()
    const heard: string[] = []
    const listener = ({ chatId }: { chatId: string }) => heard.push(chatId)
    const [first] = [on('joined', listener), on('joined', listener)] as const
    emit('joined', { chatId: 'a' })
    first()
    emit('joined', { chatId: 'b' })
    emit('gone', { chatId: 'c', reason: 'left' })
    expect(heard).toEqual(['a', 'a', 'b'])
  })

  it('is told of a cell when its value is another one', () => {
    const store = cell(1)
    const seen: number[] = []
    const stop = store.subscribe(() => seen.push(store.get()))
    for (const value of [1, 2, 2, 3]) store.set(value)
    stop()
    store.set(4)
    expect([seen, store.get()]).toEqual([[2, 3], 4])
  })

  it('is made when somebody looks, once for each change, and told again after each turn', async () => {
    let made = 0
    const store = derived<number>((before) => (before ?? 0) + ++made)
    store.changed()
    await Promise.resolve()
    expect(made).toBe(0)
    expect([store.get(), store.get(), made]).toEqual([1, 1, 1])
    let calls = 0
    store.subscribe(() => calls++)
    store.changed()
    await Promise.resolve()
    store.changed()
    await Promise.resolve()
    expect([calls, store.get()]).toEqual([2, 3])
  })

  it('is the same list while it has the same items', () => {
    const before = [1, 2]
    expect([[1, 2], [1, 3], [1], [1, 2, 3]].map((now) => sameList(before, now) === before)).toEqual([true, false, false, false])
    expect(sameList(undefined, before)).toBe(before)
  })
})
