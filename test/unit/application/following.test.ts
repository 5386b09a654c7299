import { describe, expect, it } from 'vitest'
import type { Consumer, Consumers } from '../../../src/application/ports/consumers.ts'
import type { Moving, Range } from '../../../src/application/ports/sink.ts'
import { type FollowOptions, following, type OnEvents } from '../../../src/application/relay/following.ts'
import type { ChatEvent } from '../../../src/domain/event.ts'
import { Refusal } from '../../../src/domain/refusal.ts'

const events = [{ seq: 1 } as ChatEvent]
const range = { events } as unknown as Range
const moving = { at: { chatId: 'c' }, to: 2, attempt: 1 } as unknown as Moving
const consumer = { kind: 'follow', name: 'follow orders' } as Consumer
const settled = () => new Promise<void>((done) => setImmediate(done))

/** Functions that follow, on consumers that are told what to answer. */
function world(given: Partial<Consumers> = {}) {
  const deeds: unknown[] = []
  const defects: unknown[] = []
  const due: { readonly run: () => void; readonly wait: number }[] = []
  const consumers = {
    add: async (added: unknown) => deeds.push(['add', added]) > 0,
    list: async () => [],
    change: async (...args: unknown[]) => deeds.push(['change', ...args]) > 0,
    remove: async (id: string) => deeds.push(['remove', id]) > 0,
    ...given,
  } as unknown as Consumers
  const made = following({
    consumers,
    newId: () => 'id',
    later: (run, wait) => void due.push({ run, wait }),
    changed: () => void deeds.push('changed'),
    onDefect: (error) => void defects.push((error as Error).message),
  })
  return { ...made, deeds, defects, due }
}

/** What becomes of a delivery to a function, in a store whose transactions are these. */
function delivered(inTransaction: NonNullable<Consumers['inTransaction']>, on: OnEvents, at: Moving | undefined = moving) {
  const { follow, sinkOf } = world({ inTransaction })
  follow('orders', { from: 'now', tx: true }, on)
  return sinkOf(consumer)!.deliver(range, at)
}

describe('a function that follows in a transaction', () => {
  const works: NonNullable<Consumers['inTransaction']> = async (_at, _to, work) => {
    await work('connection')
    return true
  }

  it('answers for what it throws, and not for a store that begins none', async () => {
    const overloaded = () => Promise.reject(new Refusal('overloaded'))
    const throws = () => Promise.reject(new Error('no such table'))
    expect(await delivered(works, () => undefined)).toEqual({ is: 'moved' })
    expect(await delivered(works, throws)).toEqual({ is: 'again', error: 'no such table' })
    expect(await delivered(overloaded, throws)).toEqual({ is: 'later', error: 'overloaded' })
  })

  it('gets the events and the connection in which its cursor moves', async () => {
    const given: unknown[] = []
    const noting: NonNullable<Consumers['inTransaction']> = async (at, to, work) => {
      given.push(at, to)
      return works(at, to, work)
    }
    await delivered(noting, (...args) => void given.push(args))
    expect(given).toEqual([moving.at, { seq: 2 }, [events, 'connection']])
  })

  it('does it again where another process has moved the cursor', async () => {
    const moved = { is: 'again', error: 'another process has moved the cursor' }
    expect(
      await delivered(
        async () => false,
        () => undefined,
      ),
    ).toEqual(moved)
  })

  it('has none for what was given up before: no cursor moves', async () => {
    const given: unknown[] = []
    const sink = world({ inTransaction: works })
    sink.follow('orders', { from: 'now', tx: true }, (...args) => void given.push(args))
    expect(await sink.sinkOf(consumer)!.deliver(range, undefined)).toEqual({ is: 'done' })
    expect(given).toEqual([[events]])
  })

  it('needs a store that has them', () => {
    const { follow, sinkOf } = world()
    expect(() => follow('orders', { from: 'now', tx: true }, () => {})).toThrow('no transactions to offer')
    expect(sinkOf(consumer)).toBeUndefined()
  })
})

describe('a function that follows', () => {
  it('is handed events, and again what it throws at, whatever it throws', async () => {
    const { follow, sinkOf } = world()
    const given: unknown[] = []
    let thrown: unknown
    follow('orders', { from: 'now' }, (...args) => {
      given.push(args)
      return thrown === undefined ? undefined : Promise.reject(thrown)
    })
    const sink = sinkOf(consumer)!
    expect([sink.givesUp, await sink.deliver(range, moving)]).toEqual([false, { is: 'done' }])
    expect(given).toEqual([[events]])
    for (const [thing, error] of [
      [new Error('broken'), 'broken'],
      ['text', 'text'],
      [null, 'null'],
    ] as const) {
      thrown = thing
      expect(await sink.deliver(range, moving)).toEqual({ is: 'again', error })
    }
  })

  it.each<[FollowOptions, number | undefined, object]>([
    [{ from: 'now' }, undefined, { batch: 100 }],
    [{ from: 'start' }, 0, { batch: 100 }],
    [{ from: 7, batch: 5, types: ['message.sent'] }, 7, { batch: 5, types: ['message.sent'] }],
  ])('begins where it asks to: %j', async (options, from, settings) => {
    const { follow, deeds } = world()
    follow('orders', options, () => {})
    await settled()
    expect(deeds).toEqual([['add', { id: 'id', kind: 'follow', name: 'follow orders', settings, lag: 0, from }], 'changed'])
    expect((deeds[0] as [string, { settings: object }])[1].settings).not.toHaveProperty('types', undefined)
  })

  it.each<[object, boolean]>([
    [{ batch: 100 }, false],
    [{ batch: 100, types: ['message.sent'] }, true],
    [{ batch: 5 }, true],
  ])('asks anew where its consumer asks for %j: %s', async (settings, isOther) => {
    const known = [
      { id: 'other', name: 'follow others', settings: { batch: 1 } },
      { id: 'known', name: 'follow orders', settings },
    ] as unknown as Consumer[]
    const { follow, deeds } = world({ add: async () => false, list: async () => known })
    follow('orders', { from: 'now' }, () => {})
    await settled()
    expect(deeds).toEqual([...(isOther ? [['change', 'known', { settings: { batch: 100 } }]] : []), 'changed'])
  })

  it('is the only one of its name until it is stopped', async () => {
    const { follow, sinkOf } = world()
    const { stop } = follow('orders', { from: 'now' }, () => {})
    expect(() => follow('orders', { from: 'now' }, () => {})).toThrow('orders is followed already')
    follow('others', { from: 'now' }, () => {})
    await stop()
    expect(sinkOf(consumer)).toBeUndefined()
    const again = follow('orders', { from: 'now' }, () => {})
    await stop()
    expect(sinkOf(consumer)).toBeDefined()
    expect(sinkOf({ ...consumer, kind: 'hook' })).toBeUndefined()
    await again.stop()
  })

  it('is stopped once what is under way has ended', async () => {
    const { follow, sinkOf, deeds } = world()
    const work = Promise.withResolvers<void>()
    const { stop } = follow('orders', { from: 'now' }, () => work.promise)
    const delivery = sinkOf(consumer)!.deliver(range, moving)
    let isStopped = false
    const stopped = stop().then(() => (isStopped = true))
    await settled()
    expect([isStopped, deeds.at(-1)]).toEqual([false, 'changed'])
    work.resolve()
    await Promise.all([stopped, delivery])
    expect(isStopped).toBe(true)
  })

  it('begins a second later where the store fails, unless it was stopped', async () => {
    let isDown = true
    const added: string[] = []
    const add: Consumers['add'] = async ({ name }) => {
      if (isDown) throw new Error('down')
      return added.push(name) > 0
    }
    const { follow, defects, due } = world({ add })
    follow('orders', { from: 'now' }, () => {})
    const { stop } = follow('others', { from: 'now' }, () => {})
    await settled()
    expect([defects, due.map(({ wait }) => wait)]).toEqual([
      ['down', 'down'],
      [1_000, 1_000],
    ])
    isDown = false
    await stop()
    for (const { run } of due) run()
    await settled()
    expect(added).toEqual(['follow orders'])
  })

  it('loses its cursor when it is unfollowed', async () => {
    const list = async () => [{ id: 'known', name: 'follow orders' }] as unknown as Consumer[]
    const { unfollow, deeds } = world({ list })
    await unfollow('others')
    await unfollow('orders')
    expect(deeds).toEqual(['changed', ['remove', 'known'], 'changed'])
  })
})
