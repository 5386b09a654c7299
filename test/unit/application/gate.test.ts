import { describe, expect, it } from 'vitest'
import { gate } from '../../../src/application/gate.ts'

describe('a gate', () => {
  it('lets no more than its number run, in the order of coming, and goes on after failures', async () => {
    const pass = gate({ places: 2 })
    const begun: number[] = []
    const ends: (() => void)[] = []
    const runs = Array.from({ length: 5 }, (_, i) =>
      pass(async () => {
        begun.push(i)
        await new Promise<void>((resolve, reject) => ends.push(i % 2 ? () => reject(new Error('failed')) : resolve))
      }).catch(() => undefined),
    )
    expect(begun).toEqual([0, 1])
    for (let i = 0; i < runs.length; i++) {
      ends[i]!()
      await runs[i]
      expect(begun.length).toBe(Math.min(5, i + 3))
    }
    expect(begun).toEqual([0, 1, 2, 3, 4])
  })

  it('lets owners take turns, however many of their tasks wait, and refuses one owner more than a share of the places to wait', async () => {
    const pass = gate({ places: 1, waiting: 5, waitingEach: 3 })
    const done: string[] = []
    const first = Promise.withResolvers<void>()
    const task = (owner: string) => pass(async () => void done.push(owner), owner)
    const runs = [pass(() => first.promise, 'greedy'), ...['greedy', 'greedy', 'greedy', 'modest', 'third'].map(task)]
    expect(pass.waiting()).toBe(5)
    for (const owner of ['greedy', 'fourth']) await expect(task(owner)).rejects.toMatchObject({ code: 'overloaded' })
    first.resolve()
    await Promise.all(runs)
    expect(done).toEqual(['greedy', 'modest', 'third', 'greedy', 'greedy'])
    expect(pass.waiting()).toBe(0)
  })

  it('refuses one owner more than a share while others may wait', async () => {
    const pass = gate({ places: 1, waiting: 5, waitingEach: 1 })
    const first = Promise.withResolvers<void>()
    const runs = [pass(() => first.promise), pass(async () => {}, 'greedy')]
    await expect(pass(async () => {}, 'greedy')).rejects.toMatchObject({ code: 'overloaded' })
    runs.push(pass(async () => {}, 'modest'))
    first.resolve()
    await Promise.all(runs)
    expect(pass.waiting()).toBe(0)
  })

  it('refuses when as many wait as may', async () => {
    const pass = gate({ places: 1, waiting: 1 })
    const first = Promise.withResolvers<string>()
    const runs = [pass(() => first.promise), pass(async () => 'second')]
    await expect(pass(async () => 'third')).rejects.toMatchObject({ code: 'overloaded' })
    first.resolve('first')
    expect(await Promise.all(runs)).toEqual(['first', 'second'])
    expect(await pass(async () => 'fourth')).toBe('fourth')
  })

  it('lets one owner run no more than a share at once, though there are places', async () => {
    const pass = gate({ places: 3, placesEach: 2 })
    const begun: string[] = []
    const ends: (() => void)[] = []
    const task = (name: string) =>
      pass(async () => {
        begun.push(name)
        await new Promise<void>((done) => ends.push(done))
      }, name)
    const runs = ['greedy', 'greedy', 'greedy', 'modest', 'third'].map(task)
    expect([begun, pass.waiting()]).toEqual([['greedy', 'greedy', 'modest'], 2])
    ends[2]!()
    await runs[3]
    expect([begun.slice(3), pass.waiting()]).toEqual([['third'], 1])
    ends[0]!()
    await runs[0]
    expect([begun.slice(4), pass.waiting()]).toEqual([['greedy'], 0])
    for (const end of ends) end()
    await Promise.all(runs)
    expect(await pass(async () => 'again', 'greedy')).toBe('again')
  })
})
