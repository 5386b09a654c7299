import { describe, expect, it } from 'vitest'
import { combiner, REACTING } from '../../../src/application/messages/reacting.ts'
import type { ChatLog } from '../../../src/application/ports/log.ts'
import { evolve } from '../../../src/domain/evolve.ts'
import type { ChatId } from '../../../src/domain/ids.ts'
import { group, id, posted } from '../domain/given.ts'

const people = Array.from({ length: 120 }, (_, i) => `p${i}`)

/** A group of this many others with one message, and commits that wait to be let through. */
function world(others: number, limits = REACTING) {
  let { state } = posted(group(Object.fromEntries(people.slice(0, others).map((name) => [name, 'member' as const]))), 'ann', 'hello')
  const commits: (() => void)[] = []
  const clocks: { readonly run: () => void; readonly wait: number }[] = []
  let changes = 0
  const change: ChatLog['change'] = async (_, decide) => {
    changes++
    await new Promise<void>((resolve) => commits.push(resolve))
    const seen = { ...state, own: new Map(people.map((name) => [`ann: hello ${name}`, state.own.get(`ann: hello ${name}`) ?? null])) }
    seen.sums = new Map([[id('ann: hello'), state.sums.get(id('ann: hello')) ?? null]])
    const { events, result } = decide(seen)
    for (const event of events) state = evolve(state, event)
    return result
  }
  const made = combiner({ log: { change } as ChatLog, clock: () => 5_000, later: (run, wait) => void clocks.push({ run, wait }) }, limits)
  return {
    ...made,
    clocks,
    count: () => changes,
    events: () => state.chat!.headSeq,
    react: (name: string, emoji = '👍') =>
      made.react('group' as ChatId, { userId: id(name), messageId: id('ann: hello'), emoji, on: true }),
    async commit() {
      for (const next of commits.splice(0)) next()
      await new Promise<void>((resolve) => void setImmediate(resolve))
    },
  }
}

/** A large chat in which the second reaction is gathered; then the process drains. */
async function flushed() {
  const made = world(120)
  const first = made.react('p0')
  await made.commit()
  await first
  const gathered = made.react('p1')
  made.flush()
  return { ...made, gathered }
}

describe('reactions', () => {
  it('in a small chat are committed at once, and those that come meanwhile together', async () => {
    const { react, commit, count, clocks } = world(99)
    const all = people.slice(0, 99).map((name) => react(name))
    expect(count()).toBe(1)
    await commit()
    expect(count()).toBe(2)
    await commit()
    const answers = await Promise.all(all)
    expect(answers.map(({ sums }) => sums[0]!.count).filter((n) => n === 99)).toHaveLength(98)
    expect([count(), clocks.length]).toEqual([2, 0])
  })

  it('in a large chat are gathered for a second, once it is known to be large', async () => {
    const { react, commit, count, clocks } = world(120)
    const first = react('p0')
    await commit()
    expect((await first).own).toEqual(['👍'])
    const all = people.slice(1, 60).map((name) => react(name))
    expect([count(), clocks.map(({ wait }) => wait)]).toEqual([1, [1_000]])
    clocks[0]!.run()
    expect(count()).toBe(2)
    const late = react('p60')
    await commit()
    expect((await Promise.all(all)).at(-1)!.sums[0]).toMatchObject({ count: 60 })
    expect([count(), clocks.length]).toEqual([2, 2])
    clocks[1]!.run()
    await commit()
    expect((await late).sums[0]!.count).toBe(61)
  })

  it('are at most 256 a change', async () => {
    const { react, commit, count } = world(99, { ...REACTING, together: 10 })
    const all = people.slice(0, 22).map((name) => react(name))
    for (let i = 0; i < 4; i++) await commit()
    await Promise.all(all)
    expect(count()).toBe(4)
  })

  it('are held up to a number; one more is refused', async () => {
    const { react, commit } = world(99, { ...REACTING, held: 3 })
    const all = people.slice(0, 3).map((name) => react(name))
    await expect(react('p3')).rejects.toMatchObject({ code: 'overloaded' })
    await commit()
    await commit()
    await Promise.all(all)
    const again = react('p3')
    await commit()
    await again
  })

  it('that are gathered are committed when the process drains, and none is gathered after it', async () => {
    const { react, commit, count, clocks, gathered } = await flushed()
    expect(count()).toBe(2)
    await commit()
    await gathered
    const late = react('p2')
    expect(count()).toBe(3)
    clocks[0]!.run()
    await commit()
    await late
    expect([count(), clocks.length]).toEqual([3, 1])
  })

  it('are committed one change at a time, also where what was gathered has been committed before its time', async () => {
    const { react, commit, count, clocks, gathered } = await flushed()
    const meanwhile = react('p2')
    clocks[0]!.run()
    expect(count()).toBe(2)
    await commit()
    await gathered
    expect(count()).toBe(3)
    clocks[0]!.run()
    expect(count()).toBe(3)
    await commit()
    await meanwhile
    const late = react('p3')
    clocks[0]!.run()
    const last = react('p4')
    expect(count()).toBe(4)
    await commit()
    await commit()
    await Promise.all([late, last])
    expect(count()).toBe(5)
  })

  it('that wait for a change are not committed beside it when the process drains', async () => {
    const { react, commit, count, flush } = world(99)
    const all = [react('p0'), react('p1')]
    flush()
    expect(count()).toBe(1)
    await commit()
    await commit()
    await Promise.all(all)
    expect(count()).toBe(2)
  })

  it('are gathered in so many chats at most, those that were large last, and in none that is small again', async () => {
    const waits: string[] = []
    let memberCount = 200
    const change = async () => ({ outcomes: [{ reactions: {} }], memberCount })
    const made = combiner(
      { log: { change } as unknown as ChatLog, clock: () => 0, later: (run) => (waits.push('gathered'), run()) },
      { ...REACTING, large: 2 },
    )
    const gathered = async (chatId: string) => {
      waits.splice(0)
      await made.react(chatId as ChatId, { userId: id('ann'), messageId: id('m'), emoji: '👍', on: true })
      return waits.length > 0
    }
    for (const chat of ['a', 'b']) expect(await gathered(chat)).toBe(false)
    expect([await gathered('a'), await gathered('b')]).toEqual([true, true])
    expect(await gathered('c')).toBe(false)
    expect([await gathered('c'), await gathered('b'), await gathered('a')]).toEqual([true, true, false])
    memberCount = 100
    expect([await gathered('a'), await gathered('a')]).toEqual([true, false])
    memberCount = 101
    expect([await gathered('a'), await gathered('a')]).toEqual([false, true])
  })

  it('are all refused when the log refuses their change', async () => {
    const { react } = combiner({
      log: { change: () => Promise.reject(new Error('away')) } as unknown as ChatLog,
      clock: () => 0,
      later: () => {},
    })
    const command = { userId: id('ann'), messageId: id('m'), emoji: '👍', on: true }
    const all = [react('group' as ChatId, command), react('group' as ChatId, command)]
    for (const one of all) await expect(one).rejects.toThrow('away')
  })
})
