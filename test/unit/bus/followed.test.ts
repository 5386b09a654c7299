import { describe, expect, it } from 'vitest'
import { followed } from '../../../src/adapters/bus/followed.ts'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
const turns = async () => {
  for (let i = 0; i < 6; i++) await turn()
}

/** What is followed of another side that a test lets fail, wait, or go away. */
function side() {
  const asked: string[] = []
  const state = { isReady: true, isFailing: false, wait: Promise.resolve() }
  const ask = (how: string) => async (topics: readonly string[]) => {
    asked.push(`${how}${topics.length > 5 ? topics.length : topics.join()}`)
    await state.wait
    if (state.isFailing) throw new Error('down')
  }
  const topics = followed<string>({ subscribe: ask('+'), unsubscribe: ask('-'), isReady: () => state.isReady })
  return { asked, state, ...topics }
}

describe('what is followed', () => {
  it('is asked for together, once a turn, and once', async () => {
    const { asked, add, has } = side()
    add(['a'])
    add(['b', 'a'])
    expect([asked, has('a'), has('c')]).toEqual([[], true, false])
    await turns()
    add(['a'])
    await turns()
    expect(asked).toEqual(['+a,b'])
  })

  it('is no longer asked for what is wanted no more, and taken back if it was', async () => {
    const { asked, add, delete: drop, has } = side()
    add(['a', 'b'])
    drop(['b'])
    await turns()
    drop(['a', 'never'])
    add(['c'])
    await turns()
    drop(['a'])
    await turns()
    expect([asked, has('a')]).toEqual([['+a', '+c', '-a'], false])
    add(['a'])
    await turns()
    expect(asked.at(-1)).toBe('+a')
  })

  it('is asked for one question after another, with what came meanwhile in the next', async () => {
    const { asked, add, state } = side()
    let answer = () => {}
    state.wait = new Promise((resolve) => {
      answer = resolve
    })
    add(['a'])
    await turns()
    add(['b'])
    add(['c'])
    await turns()
    expect(asked).toEqual(['+a'])
    answer()
    await turns()
    expect(asked).toEqual(['+a', '+b,c'])
  })

  it('is asked for in parts where it is much', async () => {
    const { asked, add } = side()
    add(Array.from({ length: 1_001 }, (_, i) => `${i}`))
    await turns()
    expect(asked).toEqual(['+500', '+500', '+1000'])
  })

  it('waits while nobody is there, and what has failed is asked for again', async () => {
    const { asked, add, state, again } = side()
    state.isReady = false
    add(['a'])
    await turns()
    expect(asked).toEqual([])
    state.isReady = true
    state.isFailing = true
    again()
    await turns()
    expect(asked).toEqual(['+a'])
    state.isFailing = false
    again()
    await turns()
    again()
    await turns()
    expect(asked).toEqual(['+a', '+a'])
  })

  it('is nothing once it was cleared', async () => {
    const { asked, add, clear, has, again } = side()
    add(['a'])
    clear()
    again()
    await turns()
    expect([asked, has('a')]).toEqual([[], false])
  })
})
