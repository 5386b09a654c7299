import { describe, expect, it, vi } from 'vitest'
import { type LaneOptions, lanes, type Store, takeFairly, type Waiting } from '../../../src/adapters/mikro-orm/lane/lane.ts'
import { laneOf } from '../../../src/adapters/mikro-orm/log/log.ts'
import { eventually } from '../../support/waiting.ts'

interface Job {
  readonly name: string
}

/** A database that does as it is told: one answer for each batch, in turn; `ok` when there is nothing more to say. */
function scripted(script: (Error | 'ok' | ((batch: readonly Job[]) => void))[] = [], size = 100) {
  const batches: string[][] = []
  const store: Store<Job & Waiting> = {
    take: (waiting) => waiting.splice(0, size),
    async commit(batch) {
      batches.push(batch.map((job) => job.name))
      const step = script.shift() ?? 'ok'
      if (step instanceof Error) throw step
      if (typeof step === 'function') step(batch)
      for (const job of batch) job.resolve(job.name)
      return []
    },
    trouble: (error) => (error as { kind?: 'conflict' | 'away' }).kind ?? 'other',
    abort: () => {},
    close: async () => {},
  }
  return { store, batches }
}

const trouble = (kind: 'conflict' | 'away' | 'other') => Object.assign(new Error(kind), { kind })
const opened = (store: Store<Job & Waiting>, options: Partial<LaneOptions> = {}) =>
  lanes<Job>([store], { limit: 1_000, patience: 10, ...options })
const jobs = (...names: string[]): Job[] => names.map((name) => ({ name }))

describe('a lane', () => {
  it('commits together what has come in one turn, and then what came meanwhile', async () => {
    let later: Promise<unknown> | undefined
    const { store, batches } = scripted([() => void (later = Promise.all([all.put(0, { name: 'c' }), all.put(0, { name: 'd' })]))])
    const all = opened(store)
    expect(await Promise.all(jobs('a', 'b').map((job) => all.put(0, job)))).toEqual(['a', 'b'])
    expect(await later).toEqual(['c', 'd'])
    expect(batches).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
  })

  it('keeps the order of what comes, over as many batches as it takes', async () => {
    const { store, batches } = scripted([], 2)
    const all = opened(store)
    await Promise.all(jobs('a', 'b', 'c', 'd', 'e').map((job) => all.put(0, job)))
    expect(batches).toEqual([['a', 'b'], ['c', 'd'], ['e']])
  })

  it('refuses what is too much, before anything has happened, and serves again', async () => {
    const { store, batches } = scripted()
    const all = opened(store, { limit: 2 })
    const outcomes = await Promise.allSettled(jobs('a', 'b', 'c').map((job) => all.put(0, job)))
    expect(outcomes[2]).toMatchObject({ status: 'rejected', reason: { code: 'overloaded' } })
    expect(await all.put(0, { name: 'd' })).toBe('d')
    expect(batches.flat()).toEqual(['a', 'b', 'd'])
  })

  it('runs a batch again after a conflict, as a whole', async () => {
    const { store, batches } = scripted([trouble('conflict'), trouble('conflict')])
    const all = opened(store)
    expect(await Promise.all(jobs('a', 'b').map((job) => all.put(0, job)))).toEqual(['a', 'b'])
    expect(batches).toEqual([
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b'],
    ])
  })

  it('waits for a database that is away, with the same batch', async () => {
    const { store, batches } = scripted([trouble('away'), trouble('away')])
    const warnings: string[] = []
    const all = opened(store, { warn: (message) => warnings.push(message) })
    expect(await all.put(0, { name: 'a' })).toBe('a')
    expect(batches).toEqual([['a'], ['a'], ['a']])
    expect(warnings).toHaveLength(2)
  })

  it('halves a batch until the call that makes it fail is alone, and fails that one', async () => {
    const poison = trouble('other')
    const { store, batches } = scripted()
    const commit = store.commit
    const poisoned = {
      ...store,
      commit: async (batch: readonly (Job & Waiting)[]) => (batch.some(isBad) ? Promise.reject(poison) : commit(batch)),
    }
    const isBad = (job: Job) => job.name === 'bad'
    const all = opened(poisoned)
    const outcomes = await Promise.allSettled(jobs('a', 'b', 'c', 'bad', 'd', 'e').map((job) => all.put(0, job)))
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
    expect(outcomes[3]).toMatchObject({ reason: poison })
    expect(batches.flat()).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('takes a conflict that does not end for a fault of one call', async () => {
    const { store } = scripted(Array.from({ length: 10 }, () => trouble('conflict')))
    await expect(opened(store).put(0, { name: 'a' })).rejects.toMatchObject({ kind: 'conflict' })
  })

  it('refuses after its patience what nobody answers, in work or waiting', async () => {
    let answer: ((reason: unknown) => void) | undefined
    const { store, batches } = scripted()
    const stuck = {
      ...store,
      take: (waiting: (Job & Waiting)[]) => waiting.splice(0, 1),
      commit: () => new Promise<never>((_, reject) => (answer = reject)),
    }
    const all = opened(stuck, { patience: 1 })
    const outcomes = await Promise.allSettled(jobs('a', 'b').map((job) => all.put(0, job)))
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code)).toEqual(['overloaded', 'overloaded'])
    answer!(trouble('away'))
    await all.close()
    expect(batches).toEqual([])
  })

  it('gives up soon after it has refused what nobody answers, and goes on', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    try {
      const { store, batches } = scripted()
      let giveUp: ((reason: unknown) => void) | undefined
      const stuck = () => new Promise<never>((_, reject) => (giveUp = reject))
      const commit: typeof store.commit = (batch) => (giveUp ? store.commit(batch) : stuck())
      const all = opened({ ...store, commit, abort: () => giveUp!(trouble('away')) }, { patience: 3 })
      const first = all.put(0, { name: 'a' })
      await eventually(() => expect(giveUp).toBeDefined())
      vi.advanceTimersByTime(6_000)
      await expect(first).rejects.toMatchObject({ code: 'overloaded' })
      const second = all.put(0, { name: 'b' })
      vi.advanceTimersByTime(2_000)
      expect(await second).toBe('b')
      expect(batches).toEqual([['b']])
    } finally {
      vi.useRealTimers()
    }
  })

  it('carries out what waits when it is closed, and refuses what comes', async () => {
    const { store, batches } = scripted([], 1)
    const all = opened(store)
    const waiting = jobs('a', 'b').map((job) => all.put(0, job))
    const closed = all.close()
    await expect(all.put(0, { name: 'c' })).rejects.toMatchObject({ code: 'overloaded' })
    await closed
    expect(await Promise.all(waiting)).toEqual(['a', 'b'])
    expect(batches).toEqual([['a'], ['b']])
  })
})

describe('a fair batch', () => {
  const name = (call: string) => call[0]!
  const fair = (waiting: string[], size: number, share: number) => takeFairly(waiting, name, { size, share })

  it('takes no more of one chat than its share, and leaves the rest in order', () => {
    const waiting = ['a1', 'a2', 'a3', 'b1', 'a4', 'b2', 'c1']
    expect(fair(waiting, 10, 2)).toEqual(['a1', 'a2', 'b1', 'b2', 'c1'])
    expect(waiting).toEqual(['a3', 'a4'])
  })

  it('takes no more than its size', () => {
    const waiting = ['a1', 'b1', 'a2', 'c1', 'd1']
    expect(fair(waiting, 3, 1)).toEqual(['a1', 'b1', 'c1'])
    expect(waiting).toEqual(['a2', 'd1'])
  })
})

describe('the lane of a chat', () => {
  it('is always the same, and all lanes are used', () => {
    const names = Array.from({ length: 200 }, (_, i) => `chat ${i}`)
    const used = names.map((one) => laneOf(one, 3))
    expect(names.map((one) => laneOf(one, 3))).toEqual(used)
    expect(new Set(used)).toEqual(new Set([0, 1, 2]))
  })
})
