import { describe, expect, it } from 'vitest'
import { readAsOf } from '../../../src/application/live/as-of.ts'
import { userTopic } from '../../../src/application/ports/bus.ts'
import type { Owned } from '../../../src/application/ports/own.ts'
import type { Access } from '../../../src/application/ports/sessions.ts'
import type { KeyId, SessionId } from '../../../src/domain/ids.ts'
import { holding, type Processes, processes } from './unpolled.ts'

type App = Processes['app']

async function friends(here: Processes) {
  const [ann, bob, cyd] = [await here.person('Ann'), await here.person('Bob'), await here.person('Cyd')]
  return { ann, bob, cyd, chatId: await here.group(ann, [bob]) }
}
/** Two processes that do not hear each other. */
function deaf() {
  const here = processes(2, { bus: 'dead' })
  const [first, second] = here.apps as [App, App]
  return { here, first, second }
}

describe('a poll', () => {
  it('finds what other processes did unheard: events, chats, own states and deletions', async () => {
    const { here, first, second } = deaf()
    const { ann, bob, chatId } = await friends(here)
    const line = await here.live(bob, { app: first })
    here.clock.advance(1)
    await here.say(ann, chatId, 'hello', second)
    await second.api.updateMyChat(bob, { chatId, pinned: true })
    const other = await here.group(ann, [bob], second)
    await first.hub.poll()
    await here.settle()
    expect(line.told()).toEqual(expect.arrayContaining([2, 'my_chat', 1]))
    await second.api.deleteChat(ann, other)
    await first.hub.poll()
    await here.settle()
    expect(line.handed.at(-1)).toEqual({ type: 'chat_gone', chatId: other, reason: 'deleted' })
    const { length } = line.handed
    await first.hub.poll()
    expect(line.handed).toHaveLength(length)
  })

  it('ends connections whose sessions have ended elsewhere, and none whose session has changed while it asked', async () => {
    let asked: PromiseWithResolvers<void> | undefined
    const here = processes(1, {
      change: ({ sessions }) => ({
        sessions: {
          ...sessions,
          async live(given) {
            asked = Promise.withResolvers()
            await asked.promise
            return new Map(given.flatMap(({ sessionId }) => (sessionId === 'newer' ? [[sessionId, 'live']] : [])))
          },
        },
      }),
    })
    const { ann } = await friends(here)
    const endings: string[] = []
    const viewer = { ...ann, deliver() {}, end: (why: string) => void endings.push(why) }
    await here.app.hub.open(viewer).resume({ cursors: new Map() })
    const polled = here.app.hub.poll()
    await here.settle()
    viewer.sessionId = 'newer' as SessionId
    asked!.resolve()
    await polled
    expect(endings).toEqual([])
    viewer.sessionId = 'older' as SessionId
    const again = here.app.hub.poll()
    await here.settle()
    asked!.resolve()
    await again
    expect(endings).toEqual(['session-ended'])
  })

  it.each(['sessions', 'users', 'keys'] as const)('asks about connections whose %s have ended, and some others in turn', async (which) => {
    const gone = new Set<string>()
    const asked: number[] = []
    let areTooMany = false
    const here = processes(1, {
      change: ({ sessions }) => ({
        sessions: {
          ...sessions,
          async live(given) {
            asked.push(given.length)
            const isGone = ({ userId, sessionId, keyId }: Access) => [userId, sessionId, keyId].some((id) => id && gone.has(id))
            return new Map(given.flatMap((access) => (isGone(access) ? [] : [[access.sessionId, 'live'] as const])))
          },
          async endings() {
            const none = { sessions: new Set<never>(), users: new Set<never>(), keys: new Set<never>() }
            return areTooMany ? undefined : { ...none, [which]: gone }
          },
        },
      }),
    })
    const endings: string[] = []
    const viewers = []
    for (let i = 0; i < 30; i++) {
      const caller = { ...(await here.person(`User ${i}`)), keyId: `key ${i}` as KeyId }
      await here.app.hub.open({ ...caller, deliver() {}, end: () => void endings.push(caller.userId) }).resume({ cursors: new Map() })
      viewers.push(caller)
    }
    const poll = async () => {
      await here.app.hub.poll()
      return asked.at(-1)
    }
    expect([await poll(), await poll()]).toEqual([20, 10])
    const { userId, sessionId, keyId } = viewers[25]!
    gone.add({ sessions: sessionId, users: userId, keys: keyId }[which])
    expect(await poll()).toBe(21)
    expect(endings).toEqual([userId])
    areTooMany = true
    expect(await poll()).toBe(30)
  })

  it('is how far a line is level, and no later', async () => {
    const here = processes()
    const { ann } = await friends(here)
    const line = await here.live(ann)
    const at = () => readAsOf(line.connection.asOf()!)!.at - began
    const began = here.clock.now()
    here.clock.advance(600_000)
    expect(at()).toBe(0)
    await here.app.hub.poll()
    here.clock.advance(600_000)
    expect(at()).toBe(600_000)
  })
})

describe('a resume', () => {
  it('is told of chats of its cursors that are not its own', async () => {
    const here = processes()
    const { cyd, chatId } = await friends(here)
    const line = await here.live(cyd, { cursors: new Map([[chatId, 1]]) })
    expect(line.handed).toEqual([{ type: 'chat_gone', chatId, reason: 'not-found' }])
  })

  it('has the chats that it came to while it was asking which there are, unheard', async () => {
    const { hold, release, slowly } = holding()
    const here = processes(2, { bus: 'dead', change: ({ chats }) => ({ chats: { ...chats, joinedSince: slowly(chats.joinedSince) } }) })
    const [first, second] = here.apps as [App, App]
    const { ann, bob } = await friends(here)
    hold()
    const line = here.line(bob, { app: first })
    await here.settle()
    const other = await here.group(ann, [bob], second)
    release()
    const { heads } = await line.resumed
    expect(heads.get(other)).toBe(1)
    await here.say(ann, other, 'hello', first)
    expect(line.told()).toEqual([2])
  })

  it('that fails is over before it says so: what it still read would seat a device that resumes anew', async () => {
    const { hold, release, slowly } = holding()
    let isBroken = false
    const here = processes(1, {
      change: ({ chats, consents }) => ({
        chats: { ...chats, standings: slowly(chats.standings) },
        consents: { ...consents, circles: (ids) => (isBroken ? Promise.reject(new Error('broken')) : consents.circles(ids)) },
      }),
    })
    const { ann, bob, chatId } = await friends(here)
    isBroken = true
    hold()
    const { connection, resumed } = here.line(bob)
    let hasFailed = false
    const failing = resumed.catch(() => (hasFailed = true))
    await here.settle()
    expect(hasFailed).toBe(false)
    release()
    await failing
    expect(hasFailed).toBe(true)
    isBroken = false
    await here.say(ann, chatId)
    expect((await connection.resume({ cursors: new Map() })).heads.get(chatId)).toBe(2)
  })

  it('passes over a removal that is history', async () => {
    const here = processes()
    const { ann, bob, chatId } = await friends(here)
    await here.app.api.removeMembers(ann, { chatId, userIds: [bob.userId] })
    await here.app.api.addMembers(ann, { chatId, userIds: [bob.userId] })
    const line = await here.live(bob, { cursors: new Map([[chatId, 1]]) })
    expect(line.told()).toEqual([2, 3])
  })
})

describe('an own state of a chat that the next message ends', () => {
  const archived = (userId: string, chatId: string, { head, at }: { head: number; at: number }) => {
    const me = { pinnedAt: undefined, isArchived: true, isHidden: false, isMarkedUnread: false }
    const owned = { userId, chatId, me, head, at } as unknown as Owned
    return { topic: userTopic(userId as never), notice: { type: 'own' as const, owned } }
  }

  it('is not told after that message', async () => {
    const here = processes()
    const { ann, bob, chatId } = await friends(here)
    const line = await here.live(bob)
    await here.say(ann, chatId)
    here.publish([archived(bob.userId, chatId, { head: 1, at: here.clock.now() })])
    await here.settle()
    expect(line.of('my_chat').filter(({ me }) => me.isArchived)).toEqual([])
  })

  it('is told after the messages before it', async () => {
    let isLost = false
    const here = processes(2, { bus: () => !isLost })
    const [first, second] = here.apps as [App, App]
    const { ann, bob, chatId } = await friends(here)
    const line = await here.live(bob, { app: first })
    isLost = true
    await here.say(ann, chatId, 'hello', second)
    isLost = false
    here.publish([archived(bob.userId, chatId, { head: 2, at: here.clock.now() })])
    const settled = here.settle()
    await first.hub.poll()
    await settled
    expect(line.told()).toEqual([2, 'my_chat'])
  })
})
