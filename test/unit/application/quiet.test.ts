import { describe, expect, it } from 'vitest'
import { readAsOf } from '../../../src/application/live/as-of.ts'
import type { Owned } from '../../../src/application/ports/own.ts'
import type { OutboundPorts } from '../../../src/main/compose.ts'
import { type Line, type Processes, processes } from './unpolled.ts'

const MINUTE = 60_000

/** Two processes that do not hear each other, on a store that says when something was committed; and what polls of the first have asked. */
async function quietWorld(change: (ports: OutboundPorts) => Partial<OutboundPorts> = () => ({})) {
  const asked = { heads: 0, joins: [] as number[], circles: 0 }
  let commits = 0
  let isFirst = true
  const here = processes(2, {
    bus: 'dead',
    change(ports) {
      const mine = isFirst
      isFirst = false
      const { chats, receipts, own, log, consents } = { ...ports, ...change(ports) }
      const counted = <A extends unknown[], R>(run: (...given: A) => Promise<R>) => {
        return (...given: A) => run(...given).finally(() => commits++)
      }
      return {
        commits: { stamp: async () => `${commits}` },
        receipts: { ...receipts, advance: counted(receipts.advance) },
        own: { ...own, change: counted(own.change) },
        log(onCommit) {
          const made = log(onCommit)
          return { ...made, change: counted(made.change) }
        },
        consents: {
          ...consents,
          circles(userIds) {
            if (mine) asked.circles++
            return consents.circles(userIds)
          },
        },
        chats: {
          ...chats,
          heads(chatIds) {
            if (mine) asked.heads++
            return chats.heads(chatIds)
          },
          joinedSince(userIds, since) {
            if (mine && since > 0) asked.joins.push(since)
            return chats.joinedSince(userIds, since)
          },
        },
      }
    },
  })
  const [first, second] = [here.apps[0], here.apps[1]!]
  const [ann, bob] = [await here.person('Ann'), await here.person('Bob')]
  const chatId = await here.group(ann, [bob])
  const line = await here.live(bob, { app: first })
  return {
    ...here,
    asked,
    ann,
    bob,
    chatId,
    first,
    second,
    line,
    commits: () => void commits++,
    /** Returns whether it looked at anything. */
    async poll(after = 1_000): Promise<boolean> {
      const before = asked.heads
      here.clock.advance(after)
      await first.hub.poll()
      await here.settle()
      return asked.heads > before
    },
  }
}

const levelOf = ({ connection }: Line) => readAsOf(connection.asOf()!)!.at

describe('a poll of a store in which nothing was committed', () => {
  it('asks nothing but that, and lines are level by it', async () => {
    const here = await quietWorld()
    expect([await here.poll(), await here.poll(), await here.poll()]).toEqual([true, false, false])
    expect(levelOf(here.line)).toBe(here.clock.now())
    await here.say(here.ann, here.chatId, 'unheard', here.second)
    expect(await here.poll()).toBe(true)
    expect(here.line.told()).toEqual([2])
  })

  it('finds marks, own states and chats as well', async () => {
    const here = await quietWorld()
    await here.poll()
    await here.line.connection.join(here.chatId)
    await here.say(here.ann, here.chatId, 'unheard', here.second)
    await here.poll()
    await here.poll()
    await here.second.api.markRead(here.ann, { chatId: here.chatId, seq: 2 })
    await here.poll()
    await here.poll()
    await here.second.api.updateMyChat(here.bob, { chatId: here.chatId, pinned: true })
    await here.poll()
    await here.poll()
    await here.group(here.ann, [here.bob], here.second)
    await here.poll()
    expect(here.line.told()).toEqual(expect.arrayContaining(['receipt', 'my_chat', 1]))
    expect([await here.poll(), await here.poll()]).toEqual([true, false])
  })

  it('looks at everything once a minute all the same', async () => {
    const here = await quietWorld()
    const looked: boolean[] = []
    for (let second = 0; second < 125; second++) looked.push(await here.poll())
    expect(looked.flatMap((has, second) => (has ? [second] : []))).toEqual([0, 60, 120])
  })

  it('reads again whom connected users are apart from, a minute later, if anything was committed', async () => {
    const here = await quietWorld()
    const minutes: number[] = []
    const minute = async () => {
      const before = here.asked.circles
      for (let second = 0; second < 60; second++) await here.poll()
      minutes.push(here.asked.circles - before)
    }
    await minute()
    await minute()
    await here.second.api.blockUser(here.bob, here.ann.userId)
    here.commits()
    await minute()
    await minute()
    expect(minutes).toEqual([1, 0, 1, 0])
  })

  it('looks at what is older once after every stretch of changes, for what a slow clock has dated', async () => {
    const here = await quietWorld()
    await here.poll()
    for (let second = 0; second < 5; second++) {
      here.commits()
      await here.poll()
    }
    const older = () => here.clock.now() - here.asked.joins.at(-1)! >= MINUTE
    expect(older()).toBe(false)
    expect([await here.poll(), older(), await here.poll()]).toEqual([true, true, false])
  })
})

/** Reads that fail as long as `isBroken`. */
function breaking() {
  const state = { isBroken: false }
  const breaks = <A extends unknown[], R>(read: (...given: A) => Promise<R>) => {
    return (...given: A): Promise<R> => (state.isBroken ? Promise.reject(new Error('broken')) : read(...given))
  }
  return { state, breaks }
}

describe('a poll of many chats', () => {
  it('asks about two thousand at once', async () => {
    const asked: number[] = []
    const here = processes(2, {
      bus: 'dead',
      change: ({ chats }) => ({
        chats: {
          ...chats,
          heads(chatIds) {
            asked.push(chatIds.length)
            return chats.heads(chatIds)
          },
        },
      }),
    })
    const ann = await here.person('Ann')
    const chatIds = []
    for (let i = 0; i < 2_001; i++) chatIds.push(await here.group(ann))
    const line = await here.live(ann)
    for (const chatId of [chatIds[0]!, chatIds[2_000]!]) await here.say(ann, chatId, 'unheard', here.apps[1])
    await here.app.hub.poll()
    await here.settle()
    expect(asked).toEqual([2_000, 1])
    expect(line.told()).toEqual([2, 2])
  })
})

describe('what could not be read is looked for by the next poll, though nothing was committed since', () => {
  it('after a poll that failed', async () => {
    const { state, breaks } = breaking()
    const here = await quietWorld(({ receipts }) => ({ receipts: { ...receipts, since: breaks(receipts.since) } }))
    await here.poll()
    await here.say(here.ann, here.chatId, 'unheard', here.second)
    state.isBroken = true
    await expect(here.poll()).rejects.toThrow('broken')
    state.isBroken = false
    expect(await here.poll()).toBe(true)
    expect(here.line.told()).toEqual([2])
  })

  it('after a repair that failed, also one beside the poll', async () => {
    const { state, breaks } = breaking()
    const here = await quietWorld(({ log }) => ({
      log(onCommit) {
        const made = log(onCommit)
        return { ...made, read: breaks(made.read) }
      },
    }))
    await here.poll()
    expect(await here.poll()).toBe(false)
    state.isBroken = true
    hint(here)
    await here.settle()
    state.isBroken = false
    expect([await here.poll(), await here.poll()]).toEqual([true, false])
  })

  it('after an own state that could not be read', async () => {
    const { state, breaks } = breaking()
    const here = await quietWorld(({ own }) => ({ own: { ...own, get: breaks(own.get) } }))
    await here.say(here.ann, here.chatId, 'heard', here.first)
    await here.poll()
    expect(await here.poll()).toBe(false)
    state.isBroken = true
    const me = { pinnedAt: undefined, isArchived: true, isHidden: false, isMarkedUnread: false }
    const owned = { userId: here.bob.userId, chatId: here.chatId, me, head: 1, at: here.clock.now() } as unknown as Owned
    here.first.hub.owned(owned)
    await here.settle()
    state.isBroken = false
    expect([await here.poll(), await here.poll()]).toEqual([true, false])
  })
})

/** An event comes that is not the next one: what is missing has to be read. */
function hint({ first, line, chatId }: { first: Processes['app']; line: Line; chatId: string }): void {
  expect(line.told()).toEqual([])
  first.hub.committed([{ type: 'message.deleted', chatId, seq: 7, at: 0 } as never])
}
