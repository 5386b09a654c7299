import { describe, expect, it } from 'vitest'
import type { Consumer, Consumers } from '../../../src/application/ports/consumers.ts'
import type { Outcome, Sink } from '../../../src/application/ports/sink.ts'
import { delivering } from '../../../src/application/relay/delivering.ts'
import { health } from '../../../src/application/relay/health.ts'
import { type Place, places } from '../../../src/application/relay/places.ts'
import { reviving } from '../../../src/application/relay/reviving.ts'
import { sweeping } from '../../../src/application/relay/sweeping.ts'
import type { ChatEvent } from '../../../src/domain/event.ts'
import type { ChatId, UserId } from '../../../src/domain/ids.ts'
import { handClock } from '../../support/waiting.ts'

const chatId = 'chat' as ChatId

interface Given {
  readonly outcome?: Outcome
  readonly givesUp?: boolean
  readonly batch?: number
  readonly lag?: number
  readonly types?: readonly string[]
  /** Whether the store has the cursor that is expected. */
  readonly isExpected?: boolean
  readonly place?: Partial<Place>
}

/** A chat of four events, 10 ms apart, of which the first was delivered. */
function world({ outcome = { is: 'done' }, givesUp = true, batch = 1, lag = 0, types, isExpected = true, place: known }: Given = {}) {
  const clock = handClock(100)
  const elapsed = handClock(1_000)
  const deeds: unknown[] = []
  const watched: unknown[] = []
  const events = [1, 2, 3, 4].map((seq) => ({ type: 'message.sent', seq, at: 10 * seq }) as unknown as ChatEvent)
  const noting =
    (name: string) =>
    async (...given: unknown[]) => {
      deeds.push([name, ...given])
      return isExpected
    }
  const consumers = {
    move: noting('move'),
    bury: noting('bury'),
    change: noting('change'),
    report: noting('report'),
  } as unknown as Consumers
  const consumer = { id: 'c', generation: 2, lag, from: 15, state: 'ok', settings: { batch, types }, report: {} } as unknown as Consumer
  const ranges: unknown[] = []
  const sink: Sink = {
    givesUp,
    async deliver({ events: some, consumer: _consumer, ...range }, moving) {
      ranges.push([some.map(({ seq }) => seq), range, moving])
      return outcome
    },
  }
  const needs = {
    log: { read: async (_: ChatId, after: number, limit: number) => events.slice(after, after + limit) },
    consumers,
    random: () => 0.5,
    clock: clock.now,
    elapsed: elapsed.now,
    epoch: async () => 'epoch',
    onDelivered: (_: Consumer, is: string, range: object) => void watched.push([is, range]),
    onGivenUp: () => void watched.push('given up'),
  } as unknown as Parameters<typeof delivering>[0]
  const all = places()
  all.found({ chatId, head: 4, headAt: 40, deletedBy: undefined, cursor: { seq: 1 } }, 0)
  const place = Object.assign([...all.ready][0]!, known)
  const state = health({ elapsed: elapsed.now, consumers, recovered() {} }, consumer)
  let may = true
  const deliver = delivering(needs, sink)
  return {
    clock,
    elapsed,
    deeds,
    watched,
    ranges,
    place,
    health: state,
    stop: () => void (may = false),
    step: () => deliver({ consumer, place, health: state, mayBegin: () => may }),
  }
}
const at = (was: number | undefined) => ({ consumerId: 'c', generation: 2, chatId, was })

describe('a delivery', () => {
  it('moves the cursor behind what was acknowledged, until nothing is left', async () => {
    const { step, place, ranges, deeds, watched, health: state } = world()
    expect([await step(), await step(), await step()]).toEqual(['more', 'more', 'level'])
    expect(ranges[0]).toEqual([[2], { epoch: 'epoch', chatId, from: 2, to: 2 }, { at: at(1), to: 2, attempt: 1 }])
    expect(deeds).toEqual([
      ['move', at(1), { seq: 2 }],
      ['move', at(2), { seq: 3 }],
      ['move', at(3), { seq: 4 }],
    ])
    expect(watched[0]).toEqual(['done', { events: 1, age: 80 }])
    expect([place.seq, place.stored, state.successes]).toEqual([4, 4, 3])
  })

  it('moves no cursor that its sink has moved', async () => {
    const { step, deeds, place } = world({ outcome: { is: 'moved' } })
    expect([await step(), deeds, place.stored]).toEqual(['more', [], 2])
  })

  it('forgets a place of which the store has another cursor', async () => {
    expect(await world({ isExpected: false }).step()).toBe('forget')
    expect(await world({ isExpected: false, outcome: { is: 'again', error: 'away' } }).step()).toBe('forget')
    expect(await world({ isExpected: false, outcome: { is: 'never', error: 'bad' } }).step()).toBe('forget')
    const frozen = world({ isExpected: false, batch: 2 })
    expect([await frozen.step(), frozen.ranges]).toEqual(['forget', []])
  })

  it('begins where the time of its consumer begins, if it has no cursor', async () => {
    const { step, ranges } = world({ place: { seq: undefined, stored: undefined } })
    await step()
    expect(ranges).toEqual([[[2], expect.anything(), { at: at(undefined), to: 2, attempt: 1 }]])
  })

  it('of several events stores first which they are, where they may be given up', async () => {
    const { step, deeds, place } = world({ batch: 2 })
    expect(await step()).toBe('more')
    expect(deeds).toEqual([
      ['move', at(1), { seq: 1, frozen: { to: 3, types: undefined } }],
      ['move', at(1), { seq: 3 }],
    ])
    expect([place.seq, place.stored, place.frozen]).toEqual([3, 3, undefined])
    const never = world({ batch: 2, givesUp: false })
    await never.step()
    expect(never.deeds).toEqual([['move', at(1), { seq: 3 }]])
  })

  it('is not begun shortly before the lease ends', async () => {
    const { step, stop, place, ranges, elapsed } = world()
    stop()
    expect([await step(), place.dueAt, ranges]).toEqual(['rest', elapsed.now() + 1_000, []])
  })

  it('that the store has spoilt is the store’s defect', async () => {
    await expect(world({ outcome: { is: 'later', error: 'overloaded' } }).step()).rejects.toThrow('overloaded')
  })
})

describe('a delivery that fails', () => {
  const again = { is: 'again', error: 'away' } as const

  it('is repeated later with the same events', async () => {
    const { step, place, deeds, elapsed, health: state, ranges } = world({ outcome: again })
    const frozen = { to: 2, types: undefined }
    expect(await step()).toBe('rest')
    expect(deeds).toEqual([['move', at(1), { seq: 1, frozen, attempts: 1, counted: 0, dueIn: 5_000, error: 'away' }]])
    expect(place).toMatchObject({ seq: 1, stored: 1, frozen, attempts: 1, counted: 0, dueAt: elapsed.now() + 5_000, failedAt: 1_000 })
    expect(state.failedAt).toBe(1_000)
    elapsed.advance(5_000)
    expect(await step()).toBe('rest')
    expect(ranges[1]).toEqual([[2], expect.anything(), { at: at(1), to: 2, attempt: 2 }])
    expect(place).toMatchObject({ attempts: 2, dueAt: elapsed.now() + 30_000, failedAt: 1_000 })
  })

  it('waits as long as the receiver asks', async () => {
    const { step, place, elapsed } = world({ outcome: { ...again, asked: 60_000 } })
    await step()
    expect(place.dueAt).toBe(elapsed.now() + 60_000)
  })

  it('counts where another chat has succeeded since, and is given up after ten that do', async () => {
    const { step, place, deeds, watched, health: state } = world({ outcome: again })
    await step()
    await step()
    expect([place.attempts, place.counted]).toEqual([2, 0])
    for (let i = 1; i < 10; i++) {
      state.succeeded()
      expect([await step(), place.counted]).toEqual(['rest', i])
    }
    state.succeeded()
    expect(await step()).toBe('more')
    expect(deeds.at(-1)).toEqual(['bury', at(1), { seq: 2 }, { chatId, from: 2, to: 2, types: undefined, error: 'away' }])
    expect(watched.at(-1)).toBe('given up')
    expect(place).toMatchObject({ seq: 2, stored: 2, frozen: undefined, attempts: 0, counted: 0, failedAt: undefined })
  })

  it('is never given up by a function of this process', async () => {
    const { step, health: state } = world({ outcome: again, givesUp: false })
    for (let i = 0; i < 15; i++) {
      state.succeeded()
      expect(await step()).toBe('rest')
    }
  })

  it('is given up at once where there is no use in trying again', async () => {
    const { step, deeds, place } = world({ outcome: { is: 'never', error: 'too large' }, types: ['message.sent'] })
    expect(await step()).toBe('more')
    expect(deeds).toEqual([['bury', at(1), { seq: 2 }, { chatId, from: 2, to: 2, types: ['message.sent'], error: 'too large' }]])
    expect(place.seq).toBe(2)
  })

  it('for good switches its consumer off', async () => {
    const { step, deeds, health: state } = world({ outcome: { is: 'gone', error: '410' } })
    expect([await step(), state.state]).toEqual(['rest', 'off'])
    expect(deeds[0]).toEqual(['change', 'c', { state: 'off' }])
  })
})

describe('what is not for a consumer', () => {
  it('is skipped without storing it', async () => {
    const { step, place, deeds, ranges } = world({ types: ['chat.renamed'] })
    expect([await step(), place.seq, place.stored, deeds, ranges]).toEqual(['level', 4, 1, [], []])
  })

  it('may be an announcement of what is not in the log, or a range of which nothing is left', async () => {
    expect(await world({ place: { seq: 4, head: 5 } }).step()).toBe('forget')
    expect(await world({ place: { seq: 4, head: 4 } }).step()).toBe('level')
    expect(await world({ place: { frozen: { to: 9, types: undefined } } }).step()).toBe('forget')
  })

  it('may be all that a deleted chat had: its end is delivered in place of what was attempted', async () => {
    const deleted = { by: 'ann' as UserId, at: 50 }
    const { step, ranges, place } = world({ place: { deleted, head: 5, frozen: { to: 3, types: undefined } } })
    expect([await step(), place.frozen]).toEqual(['level', undefined])
    expect(ranges).toEqual([[[5], { epoch: 'epoch', chatId, from: 5, to: 5 }, { at: at(1), to: 5, attempt: 1 }]])
  })
})

describe('a chat that was deleted before its consumer had a cursor there', () => {
  const unknown = (at: number) => ({ seq: undefined, stored: undefined, head: 5, deleted: { by: 'ann' as UserId, at } })

  it('tells of its end those that were there by then', async () => {
    for (const at of [15, 16]) {
      const { step, ranges } = world({ place: unknown(at) })
      expect([await step(), ranges.map((range) => (range as unknown[])[0])]).toEqual(['level', [[5]]])
    }
  })

  it('tells those that came later nothing', async () => {
    const { step, ranges } = world({ place: unknown(14) })
    expect([await step(), ranges]).toEqual(['level', []])
  })
})

describe('a consumer that lags behind', () => {
  it('gets an event when it is old enough, by the clock of the log or the time that has gone by here', async () => {
    const { step, place, ranges, elapsed, clock } = world({ lag: 100, batch: 5 })
    // The events are of 20, 30 and 40; it is 100.
    expect([await step(), place.dueAt]).toEqual(['rest', 1_020])
    elapsed.advance(19)
    expect([await step(), ranges]).toEqual(['rest', []])
    elapsed.advance(1)
    clock.advance(30)
    expect(await step()).toBe('more')
    expect((ranges[0] as [number[]])[0]).toEqual([2, 3])
    expect(place.seq).toBe(3)
  })

  it('waits for its lag at most, where the clocks differ', async () => {
    const { step, place, clock } = world({ lag: 100 })
    clock.advance(-1_000)
    expect([await step(), place.dueAt]).toEqual(['rest', 1_100])
  })

  it('gets what is old enough already, to its end', async () => {
    const { step, ranges, clock } = world({ lag: 100, batch: 5 })
    clock.advance(500)
    expect(await step()).toBe('level')
    expect((ranges[0] as [number[]])[0]).toEqual([2, 3, 4])
  })

  it('does not wait again for what was attempted', async () => {
    expect(await world({ lag: 1_000, place: { frozen: { to: 2, types: undefined } } }).step()).toBe('more')
  })
})

describe('a range that was given up', () => {
  function reviver(outcome: Outcome, seqs: readonly number[] = [2, 3]) {
    const settled: unknown[] = []
    const delivered: unknown[] = []
    const watched: unknown[] = []
    let revived = [{ chatId, from: 2, to: 3, types: undefined, at: 0, error: 'away' }]
    let looks = 0
    const consumers = {
      async revived(...given: unknown[]) {
        expect(given).toEqual(['c', 100])
        looks++
        return revived
      },
      settle: async (...given: unknown[]) => void settled.push(given),
    } as unknown as Consumers
    const log = {
      read: async (_: ChatId, after: number, limit: number) =>
        seqs
          .filter((seq) => seq > after)
          .map((seq) => ({ type: 'message.sent', seq, at: seq }))
          .slice(0, limit),
    } as never
    const sink: Sink = {
      givesUp: true,
      async deliver({ consumer: _consumer, events, ...range }, moving) {
        delivered.push([events.map(({ seq }) => seq), range, moving])
        return outcome
      },
    }
    const work: Promise<void>[] = []
    const busy = new Set<ChatId>()
    const onDelivered = (_: Consumer, ...given: unknown[]) => void watched.push(given)
    const made = reviving(
      { log, consumers, clock: () => 10, sink, epoch: async () => 'epoch', onDelivered },
      { isBusy: (id) => busy.has(id), run: (_, run) => void work.push(run()) },
    )
    const consumer = { id: 'c', state: 'ok', report: {} } as unknown as Consumer
    const state = health({ elapsed: () => 0, consumers, recovered() {} }, consumer)
    const tick = async () => {
      await made.tick(consumer, state)
      await Promise.all(work.splice(0))
    }
    const settle = { none: () => void (revived = []) }
    return { ...made, tick, settle, busy, settled, delivered, watched, state, looks: () => looks }
  }

  it('is delivered once more, and is gone', async () => {
    const { tick, settled, delivered, watched, state } = reviver({ is: 'done' })
    await tick()
    expect(delivered).toEqual([[[2, 3], { epoch: 'epoch', chatId, from: 2, to: 3 }, undefined]])
    expect(settled).toEqual([['c', { chatId, from: 2 }, undefined]])
    expect(watched).toEqual([['done', { events: 2, age: 7 }]])
    expect(state.successes).toBe(1)
  })

  it('stays with its error where it fails again, and is gone with its chat', async () => {
    const { tick, settled, state } = reviver({ is: 'again', error: 'still away' })
    await tick()
    expect([settled, state.successes]).toEqual([[['c', { chatId, from: 2 }, 'still away']], 0])
    const gone = reviver({ is: 'done' }, [])
    await gone.tick()
    expect([gone.settled, gone.delivered]).toEqual([[['c', { chatId, from: 2 }, undefined]], []])
  })

  it('is looked for after a change, until there is none, and not while its chat is busy or its consumer fails', async () => {
    const { tick, busy, settle, settled, restart, state, looks } = reviver({ is: 'done' })
    busy.add(chatId)
    await tick()
    expect([looks(), settled]).toEqual([1, []])
    busy.clear()
    await tick()
    expect([looks(), settled.length]).toEqual([2, 1])
    settle.none()
    await tick()
    await tick()
    expect(looks()).toBe(3)
    restart()
    await tick()
    expect(looks()).toBe(4)
    state.off()
    restart()
    await tick()
    expect(looks()).toBe(4)
  })
})

describe('the sweep', () => {
  const consumer = { settings: { batch: 1 } } as Consumer
  const named = { settings: { batch: 1, chatIds: [chatId] } } as unknown as Consumer

  /** So many pages of one position each, the last one without a next. */
  function sweeper(pages: number) {
    const asked: unknown[] = []
    const sweep = async (_: Consumer, after: ChatId | undefined, limit: number) => {
      asked.push([after, limit])
      const page = after === undefined ? 1 : Number(after) + 1
      return { behind: [{ chatId: `${page}` }], next: page < pages ? (`${page}` as ChatId) : undefined } as never
    }
    const positions = async (_: Consumer, chatIds: readonly ChatId[]) => {
      asked.push(chatIds)
      return chatIds.map((id) => ({ chatId: id })) as never
    }
    const found: string[] = []
    const made = sweeping({ sweep, positions })
    const run = (now: number, isRoom = true, of = consumer) =>
      made.run(of, now, (position) => {
        if (isRoom) found.push(position.chatId)
        return isRoom
      })
    return { ...made, run, found, asked }
  }

  it('goes through all pages at once, and then evenly over ten minutes', async () => {
    const { run, found, asked } = sweeper(3)
    await run(0)
    expect([found, asked]).toEqual([
      ['1', '2', '3'],
      [
        [undefined, 1_000],
        ['1', 1_000],
        ['2', 1_000],
      ],
    ])
    await run(199_999)
    expect(found).toHaveLength(3)
    await run(200_000)
    expect(found).toHaveLength(4)
    await run(399_999)
    expect(found).toHaveLength(4)
    await run(400_000)
    await run(600_000)
    expect(found.slice(3)).toEqual(['1', '2', '3'])
    await run(799_999)
    expect(found).toHaveLength(6)
    await run(800_000)
    expect(found).toHaveLength(7)
  })

  it('stops where there is no room, and goes on from there', async () => {
    const { run, found } = sweeper(2)
    await run(0, false)
    expect(found).toEqual([])
    await run(0)
    expect(found).toEqual(['1', '2'])
  })

  it('begins again, quickly, when that is asked for', async () => {
    const { run, found, restart } = sweeper(2)
    await run(0)
    restart()
    await run(1)
    expect(found).toEqual(['1', '2', '1', '2'])
    await run(300_000)
    expect(found).toHaveLength(4)
    await run(300_001)
    expect(found).toHaveLength(5)
  })

  it('looks at the chats alone that a consumer has named', async () => {
    const { run, found, asked } = sweeper(9)
    await run(0, true, named)
    await run(599_999, true, named)
    expect([found, asked]).toEqual([[chatId], [[chatId]]])
    await run(600_000, true, named)
    expect(found).toHaveLength(2)
  })

  it('leaves what it has read when it begins again meanwhile, and goes one at a time', async () => {
    const page = Promise.withResolvers<never>()
    let asked = 0
    const sweep = () => {
      asked++
      return asked === 1 ? page.promise : Promise.resolve({ behind: [{ chatId: 'new' }], next: undefined } as never)
    }
    const made = sweeping({ sweep, positions: async () => [] })
    const found: string[] = []
    const note = (position: { readonly chatId: string }) => found.push(position.chatId) > 0
    const first = made.run(consumer, 0, note)
    await made.run(consumer, 0, note)
    expect(asked).toBe(1)
    made.restart()
    page.resolve({ behind: [{ chatId: 'old' }], next: undefined } as never)
    await first
    expect(found).toEqual([])
    await made.run(consumer, 0, note)
    expect(found).toEqual(['new'])
  })

  it('goes on after a store that fails', async () => {
    let isDown = true
    const sweep = async () => {
      if (isDown) throw new Error('down')
      return { behind: [{ chatId: 'a' }], next: undefined } as never
    }
    const made = sweeping({ sweep, positions: async () => [] })
    const found: string[] = []
    const note = (position: { readonly chatId: string }) => found.push(position.chatId) > 0
    await expect(made.run(consumer, 0, note)).rejects.toThrow('down')
    isDown = false
    await made.run(consumer, 0, note)
    expect(found).toEqual(['a'])
  })
})
