import { describe, expect, it } from 'vitest'
import { courier } from '../../../src/adapters/bus/courier.ts'
import { eventually } from '../../support/waiting.ts'

function carrying(bring: (items: readonly string[]) => Promise<unknown> = async () => undefined) {
  const brought: string[] = []
  const lost: [number, string][] = []
  const { take, finish } = courier<string>({
    async bring(items) {
      await bring(items)
      brought.push(...items)
    },
    atOnce: 3,
    bound: 6,
    isPassing: (item) => item.startsWith('passing'),
    lost: (count, why) => void lost.push([count, why]),
  })
  return { take, finish, brought, lost }
}
const some = (what: string, count: number) => Array.from({ length: count }, (_, i) => `${what} ${i}`)

describe('a courier', () => {
  it('brings everything in its order', async () => {
    const { take, brought, lost } = carrying()
    take(some('one', 4))
    take(some('two', 2))
    await eventually(() => expect(brought).toEqual([...some('one', 4), ...some('two', 2)]))
    expect(lost).toEqual([])
  })

  it('keeps room for what lasts when there is much that passes', async () => {
    const { take, brought, lost } = carrying()
    take(some('passing', 5))
    take([...some('lasting', 2), 'passing late'])
    take(some('more', 2))
    expect(lost).toEqual([
      [2, 'too much waits'],
      [1, 'too much waits'],
      [1, 'too much waits'],
    ])
    await eventually(() => expect(brought).toEqual([...some('passing', 3), ...some('lasting', 2), 'more 0']))
  })

  it('finishes when everything was brought, and not later than it is given time', async () => {
    const { take, finish, brought } = carrying()
    take(some('one', 4))
    await finish(5_000)
    expect(brought).toEqual(some('one', 4))
    const stuck = carrying(() => new Promise(() => {}))
    stuck.take(['one'])
    const keepAlive = setTimeout(() => {}, 5_000)
    await stuck.finish(10)
    clearTimeout(keepAlive)
    expect(stuck.brought).toEqual([])
  })

  it('names why something was lost, and goes on', async () => {
    let isBroken = true
    const { take, brought, lost } = carrying(async () => {
      if (isBroken) throw new Error('the line is cut')
    })
    take(['one', 'two'])
    await eventually(() => expect(lost).toEqual([[2, 'the line is cut']]))
    isBroken = false
    take(['three'])
    await eventually(() => expect(brought).toEqual(['three']))
  })
})
