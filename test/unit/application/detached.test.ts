import { describe, expect, it } from 'vitest'
import type { Caller } from '../../../src/application/chat-api.ts'
import type { Resumed } from '../../../src/application/live/connection.ts'
import type { DetachedLimits } from '../../../src/application/live/detached.ts'
import type { ChatId } from '../../../src/domain/ids.ts'
import type { OutboundPorts } from '../../../src/main/compose.ts'
import { holding, type Processes, processes } from './unpolled.ts'

interface Options {
  readonly bus?: 'honest' | 'dead'
  readonly detached?: Partial<DetachedLimits>
  readonly change?: (ports: OutboundPorts) => Partial<OutboundPorts>
}

/** Two processes, whose reads of where chats are can be counted: of each its name, and how many rows it answered. */
function world({ bus = 'honest', detached, change = () => ({}) }: Options = {}) {
  let reads: (readonly [string, number])[] = []
  const noting =
    <A extends unknown[], R>(name: string, read: (...given: A) => Promise<R>, rows: (answer: R) => number) =>
    async (...given: A): Promise<R> => {
      const answer = await read(...given)
      reads.push([name, rows(answer)])
      return answer
    }
  const here = processes(2, {
    bus,
    detached: { fromChats: 1, ...detached },
    change(ports) {
      const changed = change(ports)
      const { chats, log } = { ...ports, ...changed }
      const length = (answer: readonly unknown[]) => answer.length
      return {
        ...changed,
        chats: {
          ...chats,
          places: noting('places', chats.places, length),
          standings: noting('standings', chats.standings, length),
          joinedSince: noting('joinedSince', chats.joinedSince, length),
          heads: noting('heads', chats.heads, ({ size }) => size),
          moved: noting('moved', chats.moved, () => 1),
        },
        log: (onCommit) => {
          const kept = log(onCommit)
          return { ...kept, read: noting('log', kept.read, length) }
        },
      }
    },
  })
  return Object.assign(here, {
    async readsOf(task: () => Promise<unknown>) {
      reads = []
      await task()
      return reads
    },
  })
}

/** Somebody was connected for more than a minute, and the connection has closed: where it stood. */
async function gone(here: Processes, caller: Caller, app = here.app): Promise<string> {
  const { connection } = await here.live(caller, { app })
  here.clock.advance(70_000)
  await app.hub.poll()
  const asOf = connection.asOf()!
  connection.close()
  // Beyond what is looked at again.
  here.clock.advance(70_000)
  return asOf
}

const shown = ({ heads, standings, isWhole }: Resumed) => [isWhole, Object.fromEntries(heads), standings.map(({ chatId }) => chatId)]

async function groups(here: Processes, count: number, owner: Caller, others: readonly Caller[] = []): Promise<ChatId[]> {
  const made: ChatId[] = []
  while (made.length < count) made.push(await here.group(owner, others))
  return made
}

describe('a connection that takes over the seats of an earlier one', () => {
  it('reads as much with 300 chats as with three: nothing of the chats that stand still', async () => {
    const here = world()
    const few = await here.person('Ann')
    const many = await here.person('Bob')
    await groups(here, 3, few)
    await groups(here, 300, many)
    for (const caller of [few, many]) {
      const asOf = await gone(here, caller)
      for (let i = 0; i < 2; i++) {
        const reads = await here.readsOf(async () => {
          const { connection, resumed } = await here.live(caller, { asOf })
          expect(shown(await resumed)).toEqual([false, {}, []])
          connection.close()
        })
        expect(reads).toEqual([['moved', 1]])
      }
    }
  })

  it('reads of chats in which something has moved, and of no others', async () => {
    const here = world()
    const ann = await here.person('Ann')
    const [one] = (await groups(here, 50, ann)) as [ChatId]
    const asOf = await gone(here, ann)
    await here.say(ann, one)
    const reads = await here.readsOf(async () => {
      const line = await here.live(ann, { asOf })
      expect(shown(await line.resumed)).toEqual([false, { [one]: 2 }, [one]])
      expect(line.told()).toEqual([2])
    })
    expect(reads.filter(([name]) => name !== 'log')).toEqual([
      ['moved', 1],
      ['places', 1],
      ['standings', 1],
    ])
    // Of a log, the last few events.
    for (const [name, rows] of reads) expect(rows).toBeLessThanOrEqual(name === 'log' ? 8 : 1)
  })

  it.each(['honest', 'dead'] as const)('is handed what came meanwhile, once and in order, over a bus that is %s', async (bus) => {
    const here = world({ bus })
    const [, there] = here.apps as [typeof here.app, typeof here.app]
    const ann = await here.person('Ann')
    const [one, other] = (await groups(here, 3, ann)) as [ChatId, ChatId]
    const asOf = await gone(here, ann)
    await here.say(ann, one, 'first', there)
    await here.settle()
    await here.say(ann, one, 'second', there)
    await here.say(ann, other, 'third')
    const line = await here.live(ann, { asOf })
    expect(shown(await line.resumed)).toEqual([false, { [one]: 3, [other]: 2 }, expect.arrayContaining([one, other])])
    await here.say(ann, one, 'fourth')
    await here.settle()
    const ofOne = line.of('event').filter(({ event }) => event.chatId === one)
    expect(ofOne.map(({ event }) => event.seq)).toEqual([2, 3, 4])
    expect(line.of('event')).toHaveLength(4)
  })

  it('is handed what it was told of before, but did not receive', async () => {
    const here = world()
    const ann = await here.person('Ann')
    const [one] = (await groups(here, 3, ann)) as [ChatId]
    const first = await here.live(ann)
    here.clock.advance(70_000)
    await here.app.hub.poll()
    const asOf = first.connection.asOf()
    here.clock.advance(70_000)
    await here.say(ann, one)
    here.clock.advance(70_000)
    first.connection.close()
    const line = await here.live(ann, { asOf })
    expect(line.told()).toEqual([2])
    expect(first.told()).toEqual([2])
  })

  it('is told of marks that were heard of, and of states that were not', async () => {
    const here = world({ bus: 'dead' })
    const [, there] = here.apps as [typeof here.app, typeof here.app]
    const [ann, bob] = [await here.person('Ann'), await here.person('Bob')]
    const [read, pinned, mine] = (await groups(here, 5, ann, [bob])) as [ChatId, ChatId, ChatId]
    for (const chatId of [read, mine]) await here.say(bob, chatId)
    const asOf = await gone(here, ann)
    await here.app.api.markRead(bob, { chatId: read, seq: 2 })
    await there.api.markRead(ann, { chatId: mine, seq: 2 })
    await there.api.updateMyChat(ann, { chatId: pinned, pinned: true })
    const { standings, own } = await (await here.live(ann, { asOf })).resumed
    expect(standings.map(({ chatId }) => chatId).sort()).toEqual([read, pinned, mine].sort())
    expect(standings.find(({ chatId }) => chatId === mine)).toMatchObject({ unread: 0 })
    expect(own.map(({ chatId, me }) => [chatId, me.pinnedAt === undefined])).toEqual([[pinned, false]])
  })

  it('is told of own states that the one before was told of, but did not receive', async () => {
    const here = world()
    const ann = await here.person('Ann')
    const [pinned] = (await groups(here, 3, ann)) as [ChatId]
    const first = await here.live(ann)
    here.clock.advance(70_000)
    await here.app.hub.poll()
    const asOf = first.connection.asOf()
    await here.app.api.updateMyChat(ann, { chatId: pinned, pinned: true })
    here.clock.advance(130_000)
    await here.app.hub.poll()
    first.connection.close()
    const { own } = await (await here.live(ann, { asOf })).resumed
    expect(own.map(({ chatId }) => chatId)).toEqual([pinned])
  })

  it('is handed what the one before had read from the store', async () => {
    const here = world({ bus: 'dead' })
    const [, there] = here.apps as [typeof here.app, typeof here.app]
    const ann = await here.person('Ann')
    const [one] = (await groups(here, 3, ann)) as [ChatId]
    const asOf = await gone(here, ann, there)
    await here.say(ann, one, 'hello', there)
    const told: unknown[] = []
    for (let i = 0; i < 2; i++) {
      const line = await here.live(ann, { asOf })
      told.push(line.told())
      here.clock.advance(130_000)
      await here.app.hub.poll()
      line.connection.close()
    }
    expect(told).toEqual([[2], [2]])
  })

  it('is handed what was in a chat before the one before got a seat in it', async () => {
    const here = world({ bus: 'dead' })
    const [, there] = here.apps as [typeof here.app, typeof here.app]
    const [ann, bob] = [await here.person('Ann'), await here.person('Bob')]
    await groups(here, 3, bob)
    const first = await here.live(bob)
    here.clock.advance(70_000)
    await here.app.hub.poll()
    const late = await here.group(ann, [bob], there)
    const elsewhere = await here.live(bob, { app: there })
    const asOf = elsewhere.connection.asOf()
    await here.say(ann, late, 'hello', there)
    await here.app.hub.poll()
    await here.settle()
    expect(first.told()).toEqual([1, 2])
    here.clock.advance(130_000)
    await here.app.hub.poll()
    first.connection.close()
    expect((await here.live(bob, { asOf })).told()).toContain(2)
  })

  it('knows as much as the one before that, if both had the same chats', async () => {
    const here = world()
    const ann = await here.person('Ann')
    await groups(here, 2, ann)
    const asOf = await gone(here, ann)
    await gone(here, ann)
    const reads = await here.readsOf(() => here.live(ann, { asOf }))
    expect(reads).toEqual([['moved', 1]])
  })

  it('does not know of chats that the one before that did not have', async () => {
    const here = world({ bus: 'dead' })
    const [, there] = here.apps as [typeof here.app, typeof here.app]
    const [ann, bob] = [await here.person('Ann'), await here.person('Bob')]
    const [lost] = (await groups(here, 2, ann, [bob])) as [ChatId]
    await gone(here, bob)
    await there.api.removeMembers(ann, { chatId: lost, userIds: [bob.userId] })
    const other = await here.group(ann, [bob], there)
    const elsewhere = await gone(here, bob, there)
    await here.say(ann, other, 'hello', there)
    here.clock.advance(130_000)
    await gone(here, bob)
    expect((await here.live(bob, { asOf: elsewhere })).told()).toEqual([2])
  })

  it('has nothing on screen, and nothing muted, of the connection before', async () => {
    const here = world()
    const [ann, bob] = [await here.person('Ann'), await here.person('Bob')]
    const [one, other] = (await groups(here, 2, ann, [bob])) as [ChatId, ChatId]
    const first = await here.live(ann)
    await first.connection.join(one)
    await first.connection.leave(other, true)
    here.clock.advance(70_000)
    await here.app.hub.poll()
    const asOf = first.connection.asOf()
    here.clock.advance(70_000)
    first.connection.close()
    const line = await here.live(ann, { asOf })
    const typer = await here.live(bob)
    await typer.connection.typing(one, true)
    await here.say(bob, other)
    expect(line.told()).toEqual([2])
  })
})

describe('all chats are read anew', () => {
  /** Whether all were, and what the connection heard in the end. */
  async function anew(here: ReturnType<typeof world>, caller: Caller, asOf: string) {
    let line: Awaited<ReturnType<typeof here.live>> | undefined
    const reads = await here.readsOf(async () => {
      line = await here.live(caller, { asOf })
    })
    return { isAnew: reads.some(([name]) => name === 'joinedSince'), line: line!, resumed: await line!.resumed }
  }

  it('for whoever has lost a chat or has got one, though nobody here has heard of it', async () => {
    const here = world({ bus: 'dead' })
    const [, there] = here.apps as [typeof here.app, typeof here.app]
    const [ann, bob] = [await here.person('Ann'), await here.person('Bob')]
    const [lost, kept] = (await groups(here, 2, ann, [bob])) as [ChatId, ChatId]
    const before = await gone(here, bob)
    await there.api.removeMembers(ann, { chatId: lost, userIds: [bob.userId] })
    const after = await anew(here, bob, before)
    expect([after.isAnew, ...shown(after.resumed)]).toEqual([true, true, { [kept]: 1 }, [kept]])
    after.line.connection.close()
    const then = await gone(here, bob)
    const fresh = await here.group(ann, [bob], there)
    await there.api.removeMembers(ann, { chatId: kept, userIds: [bob.userId] })
    const last = await anew(here, bob, then)
    expect([last.isAnew, ...shown(last.resumed)]).toEqual([true, true, { [fresh]: 1 }, [fresh]])
  })

  it('for whoever has stood there before the seats say what has moved', async () => {
    const here = world()
    const [, there] = here.apps as [typeof here.app, typeof here.app]
    const ann = await here.person('Ann')
    const [one] = (await groups(here, 2, ann)) as [ChatId]
    const elsewhere = await gone(here, ann, there)
    await here.say(ann, one)
    await gone(here, ann)
    const { isAnew, line } = await anew(here, ann, elsewhere)
    expect([isAnew, line.told()]).toEqual([true, [2]])
  })

  it.each(['comes', 'goes'] as const)('for whoever stood there before a chat %s', async (way) => {
    const here = world()
    const [ann, bob] = [await here.person('Ann'), await here.person('Bob')]
    const [one] = (await groups(here, 2, ann, [bob])) as [ChatId]
    const first = await here.live(bob)
    here.clock.advance(70_000)
    await here.app.hub.poll()
    const asOf = first.connection.asOf()!
    if (way === 'comes') await here.group(bob)
    else await here.app.api.removeMembers(ann, { chatId: one, userIds: [bob.userId] })
    await here.settle()
    first.connection.close()
    expect((await anew(here, bob, asOf)).isAnew).toBe(true)
  })

  it('for whoever was being given a chat when the connection closed', async () => {
    const held = holding()
    const here = world({ bus: 'dead', change: ({ chats }) => ({ chats: { ...chats, standing: held.slowly(chats.standing) } }) })
    const [, there] = here.apps as [typeof here.app, typeof here.app]
    const [ann, bob] = [await here.person('Ann'), await here.person('Bob')]
    await groups(here, 2, bob)
    const first = await here.live(bob)
    here.clock.advance(70_000)
    await here.app.hub.poll()
    await here.group(ann, [bob], there)
    const asOf = (await here.live(bob, { app: there })).connection.asOf()!
    held.hold()
    await here.app.hub.poll()
    expect(held.waiting()).toBe(1)
    first.connection.close()
    expect((await anew(here, bob, asOf)).isAnew).toBe(true)
  })

  it.each([
    ['has few chats', { fromChats: 3 }],
    ['has more than are kept of all', { seats: 1 }],
  ])('for whoever %s', async (_, detached) => {
    const here = world({ detached })
    const ann = await here.person('Ann')
    await groups(here, 2, ann)
    const asOf = await gone(here, ann)
    expect((await anew(here, ann, asOf)).isAnew).toBe(true)
  })

  it('for whoever was gone longest, when too many seats are kept', async () => {
    const here = world({ detached: { seats: 5 } })
    const callers = [await here.person('Ann'), await here.person('Bob'), await here.person('Cyd')]
    for (const caller of callers) await groups(here, 2, caller)
    const asOfs: string[] = []
    for (const caller of callers) asOfs.push(await gone(here, caller))
    const found: boolean[] = []
    for (const [i, caller] of callers.entries()) found.push((await anew(here, caller, asOfs[i]!)).isAnew)
    expect(found).toEqual([true, false, false])
  })

  it('while messages of other processes are lost', async () => {
    let isConnected = true
    const here = world({ change: ({ bus }) => ({ bus: { ...bus, isConnected: () => isConnected } }) })
    const ann = await here.person('Ann')
    await groups(here, 2, ann)
    const asOf = await gone(here, ann)
    isConnected = false
    here.app.hub.sweep()
    isConnected = true
    expect((await anew(here, ann, asOf)).isAnew).toBe(true)
  })

  it('by the second of two connections that come at once', async () => {
    const held = holding()
    const here = world({ change: ({ chats }) => ({ chats: { ...chats, moved: held.slowly(chats.moved) } }) })
    const ann = await here.person('Ann')
    const [one] = (await groups(here, 2, ann)) as [ChatId]
    const asOf = await gone(here, ann)
    held.hold()
    const lines = [here.line(ann, { asOf }), here.line(ann, { asOf })]
    await here.settle()
    expect(held.waiting()).toBe(2)
    held.release()
    for (const { resumed } of lines) expect(shown(await resumed)).toEqual([false, {}, []])
    await here.say(ann, one)
    expect(lines.map((line) => line.told())).toEqual([[2], [2]])
  })
})

describe('seats that wait', () => {
  it('are looked after by no poll', async () => {
    const here = world()
    const [ann, bob] = [await here.person('Ann'), await here.person('Bob')]
    await groups(here, 4, ann)
    await groups(here, 1, bob)
    await gone(here, ann)
    await here.live(bob)
    expect(await here.readsOf(() => here.app.hub.poll())).toContainEqual(['heads', 1])
  })

  it('end with their time, a thousand in a turn, and then nobody follows the chats', async () => {
    const followed = new Set<string>()
    const here = world({
      detached: { for: 120_000 },
      change: ({ bus }) => ({
        bus: {
          ...bus,
          follow: (topics) => topics.forEach((topic) => followed.add(topic)),
          unfollow: (topics) => topics.forEach((topic) => followed.delete(topic)),
        },
      }),
    })
    const ann = await here.person('Ann')
    await groups(here, 1_100, ann)
    await gone(here, ann)
    here.clock.advance(49_999)
    here.app.hub.sweep()
    expect(followed.size).toBe(1_100)
    here.clock.advance(1)
    here.app.hub.sweep()
    expect(followed.size).toBe(100)
    await here.settle()
    expect(followed.size).toBe(0)
  })

  it('end with their chat, and whoever takes them while nobody here has heard of that is told', async () => {
    const held = holding()
    const here = world({ bus: 'dead', change: ({ chats }) => ({ chats: { ...chats, moved: held.slowly(chats.moved) } }) })
    const [, there] = here.apps as [typeof here.app, typeof here.app]
    const [ann, bob] = [await here.person('Ann'), await here.person('Bob')]
    const [lost] = (await groups(here, 2, ann, [bob])) as [ChatId]
    const asOf = await gone(here, bob)
    await here.say(ann, lost)
    held.hold()
    const line = here.line(bob, { asOf })
    await here.settle()
    await there.api.removeMembers(ann, { chatId: lost, userIds: [bob.userId] })
    held.release()
    expect(shown(await line.resumed)).toEqual([false, {}, []])
    expect(line.told()).toEqual(['chat_gone'])
  })
})
