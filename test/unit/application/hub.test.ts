import { describe, expect, it } from 'vitest'
import { inProcessBuses } from '../../../src/adapters/bus/in-process.ts'
import { memoryPorts } from '../../../src/adapters/memory/ports.ts'
import { memoryStore } from '../../../src/adapters/memory/store.ts'
import type { Caller } from '../../../src/application/chat-api.ts'
import { RESUMES_AT_ONCE } from '../../../src/application/live/resume.ts'
import type { Bus, BusMessage, Topic } from '../../../src/application/ports/bus.ts'
import type { ChatEvent } from '../../../src/domain/event.ts'
import { asId, type SessionId } from '../../../src/domain/ids.ts'
import { asEvent } from '../../../src/domain/kinds/kinds.ts'
import { embed, type OpenStore } from '../../../src/main/embed.ts'
import { eventually } from '../../support/waiting.ts'
import { world } from './given.ts'

const silent: Bus = { publish() {}, listen() {}, follow() {}, unfollow() {}, close: async () => {} }
/** Two processes on one store. */
function pair(own: { first?: Parameters<typeof embed>[1]; second?: Parameters<typeof embed>[1] } = {}) {
  const store = memoryStore('epoch')
  const connect = inProcessBuses()
  const one = (given: Parameters<typeof embed>[1]) =>
    embed((onCommit) => ({ ...memoryPorts(store, onCommit), close: async () => {} }), { bus: connect(), ...given })
  return { first: one(own.first), second: one(own.second) }
}

let keys = 0
const said = (text: string) => ({ clientMessageId: asId<never>(`key-${++keys}`), text })

async function group(here: ReturnType<typeof world>, names: readonly string[]) {
  const people = await Promise.all(names.map((name) => here.addPerson({ name })))
  const [owner, ...others] = people as [Caller, ...Caller[]]
  const { view } = await here.api.createGroup(owner, { name: 'Group', memberIds: others.map(({ userId }) => userId) })
  return { people: people as [Caller, Caller, ...Caller[]], chatId: view.chat.id }
}

describe('the hub', () => {
  it('hands over what was missed before it answers, then what happens', async () => {
    const here = world()
    const { people, chatId } = await group(here, ['Anna', 'Boris'])
    await here.api.sendMessage(people[0], { chatId, ...said('missed') })
    const boris = await here.resumed(people[1], new Map([[chatId, 1]]))
    expect(boris.of('event').map(({ event }) => event.seq)).toEqual([2])
    await here.api.sendMessage(people[0], { chatId, ...said('live') })
    expect(boris.of('event').map(({ event }) => event.seq)).toEqual([2, 3])
    expect(boris.connection.heads().get(chatId)).toBe(3)
  })

  it('hands on an event of a kind that it does not know, and what comes after it', async () => {
    const store = memoryStore('epoch')
    const connect = inProcessBuses()
    const newer = connect()
    let probes: readonly ChatEvent[] = []
    const here = world(
      () => (onCommit) => {
        const { log, ...ports } = memoryPorts(store, onCommit)
        const read: typeof log.read = async (chatId, after, limit) => [...(await log.read(chatId, after, limit)), ...probes]
        return { ...ports, log: { ...log, read }, close: async () => {} }
      },
      { bus: connect() },
    )
    const { people, chatId } = await group(here, ['Anna', 'Boris'])
    const boris = await here.resumed(people[1])
    const event = (seq: number, type: string) => asEvent({ type, chatId, seq, at: 1, actorId: people[0].userId })
    probes = [event(2, 'message.probe')]
    newer.publish([{ topic: `chat:${chatId}`, notice: { type: 'events', chatId, events: [event(3, 'chat.probe')] } }])
    await eventually(() =>
      expect(boris.of('event').map(({ event: { type, seq } }) => [type, seq])).toEqual([
        ['unknown', 2],
        ['unknown', 3],
      ]),
    )
  })

  it('resumes once, and again when that has failed', async () => {
    let isDown = true
    const here = world((open) => (onCommit) => {
      const store = open(onCommit)
      const standings: typeof store.chats.standings = (viewer) =>
        isDown ? Promise.reject(new Error('down')) : store.chats.standings(viewer)
      return { ...store, chats: { ...store.chats, standings } }
    })
    const { people, chatId } = await group(here, ['Anna', 'Boris'])
    const anna = here.device(people[0])
    await expect(anna.connection.resume({ cursors: new Map() })).rejects.toThrow('down')
    isDown = false
    await anna.connection.resume({ cursors: new Map([[chatId, 0]]) })
    expect(anna.of('event')).toHaveLength(1)
    await expect(anna.connection.resume({ cursors: new Map() })).rejects.toMatchObject({ code: 'already-resumed' })
  })

  it('says that a chat is gone, to whom it concerns, and nothing of it afterwards', async () => {
    const here = world()
    const { people, chatId } = await group(here, ['Anna', 'Boris', 'Vera'])
    const [anna, boris, vera] = await Promise.all(people.map((person) => here.resumed(person)))
    await here.api.removeMembers(people[0], { chatId, userIds: [people[1].userId] })
    await here.api.removeMembers(people[2]!, { chatId, userIds: [people[2]!.userId] })
    await here.api.sendMessage(people[0], { chatId, ...said('alone') })
    expect(boris!.handed).toEqual([{ type: 'chat_gone', chatId, reason: 'removed' }])
    expect(vera!.handed.at(-1)).toEqual({ type: 'chat_gone', chatId, reason: 'left' })
    await here.api.deleteChat(people[0], chatId)
    expect(anna!.handed.at(-1)).toEqual({ type: 'chat_gone', chatId, reason: 'deleted' })
  })

  it('tells who reads, merged, to all members of a small chat, unread to one’s own devices alone', async () => {
    const here = world()
    const { people, chatId } = await group(here, ['Anna', 'Boris'])
    const [anna, boris] = await Promise.all(people.map((person) => here.resumed(person)))
    for (const text of ['one', 'two', 'three']) await here.api.sendMessage(people[0], { chatId, ...said(text) })
    for (const seq of [2, 3]) await here.api.markRead(people[1], { chatId, seq })
    here.settle()
    expect(anna!.of('receipt')).toMatchObject([{ userId: people[1].userId, readSeq: 3, unread: undefined }])
    expect(boris!.of('receipt')).toMatchObject([{ userId: people[1].userId, readSeq: 3, unread: 1 }])
  })

  const largeGroup = (here: ReturnType<typeof world>) =>
    group(
      here,
      Array.from({ length: 101 }, (_, i) => `Member ${i}`),
    )

  it('tells in a large chat only that everybody else has read', async () => {
    const here = world()
    const { people, chatId } = await largeGroup(here)
    const [anna, boris] = await Promise.all(people.slice(0, 2).map((person) => here.resumed(person)))
    await here.api.sendMessage(people[0], { chatId, ...said('all of you') })
    for (const person of people.slice(1)) {
      expect(anna!.of('receipt').filter(({ readSeq }) => readSeq > 1)).toEqual([])
      await here.api.markRead(person, { chatId, seq: 2 })
      here.settle()
    }
    // The author has not marked what she wrote herself: to her all others have read it, to them she has not.
    expect(anna!.of('receipt').at(-1)).toMatchObject({ userId: undefined, readSeq: 2 })
    expect(boris!.of('receipt').filter(({ userId, readSeq }) => userId === undefined && readSeq > 1)).toEqual([])
    await here.api.markRead(people[0], { chatId, seq: 2 })
    here.settle()
    expect(boris!.of('receipt').at(-1)).toMatchObject({ userId: undefined, readSeq: 2 })
    expect(anna!.of('receipt').at(-1)).toMatchObject({ userId: people[0].userId, readSeq: 2, unread: 0 })
  })

  it('finds out by itself that everybody else has read, elsewhere and unheard', async () => {
    let stored: ReturnType<OpenStore> | undefined
    const here = world((open) => (onCommit) => (stored = open(onCommit)))
    const { people, chatId } = await largeGroup(here)
    const anna = await here.resumed(people[0])
    await anna.connection.join(chatId)
    await here.api.sendMessage(people[0], { chatId, ...said('all of you') })
    here.clock.advance(1)
    for (const { userId } of people.slice(1)) await stored!.receipts.advance({ chatId, userId, to: 2, at: here.clock.now() })
    await here.hub.poll()
    here.settle()
    expect(anna.of('receipt').at(-1)).toMatchObject({ userId: undefined, readSeq: 2 })
    const { length } = anna.of('receipt')
    await here.hub.poll()
    here.settle()
    expect(anna.of('receipt')).toHaveLength(length)
  })

  it('shows who types on screens only, never to oneself, until the message or six seconds', async () => {
    const here = world()
    const { people, chatId } = await group(here, ['Anna', 'Boris', 'Vera'])
    const [anna, boris, vera] = await Promise.all(people.map((person) => here.resumed(person)))
    await boris!.connection.join(chatId)
    await anna!.connection.typing(chatId, true)
    expect(boris!.of('typing')).toEqual([{ type: 'typing', chatId, userIds: [people[0].userId] }])
    expect([...anna!.of('typing'), ...vera!.of('typing')]).toEqual([])
    await here.api.sendMessage(people[0], { chatId, ...said('typed') })
    expect(boris!.of('typing').at(-1)!.userIds).toEqual([])
    await vera!.connection.typing(chatId, true)
    expect((await boris!.connection.join(chatId)).typing).toEqual([people[2]!.userId])
    here.clock.advance(6_000)
    here.hub.sweep()
    expect(boris!.of('typing').at(-1)!.userIds).toEqual([])
  })

  it('tells screens who comes and goes', async () => {
    const here = world()
    const { people, chatId } = await group(here, ['Anna', 'Boris'])
    const anna = await here.resumed(people[0])
    expect((await anna.connection.join(chatId)).online).toEqual([people[0].userId])
    const phone = await here.resumed(people[1])
    const laptop = await here.resumed(people[1])
    phone.connection.close()
    expect(anna.of('presence')).toMatchObject([{ userId: people[1].userId, online: true }])
    laptop.connection.close()
    expect(anna.of('presence')).toMatchObject([{ online: true }, { online: false, lastSeenAt: here.clock.now() }])
  })

  it('tells at once who comes on a process that knew nothing of the chat, goes, and comes again', async () => {
    const here = pair()
    const [vera, xaver] = [await here.first.addPerson({ name: 'Vera' }), await here.first.addPerson({ name: 'Xaver' })]
    const { view } = await here.first.api.createGroup(vera, { name: 'Group', memberIds: [xaver.userId] })
    const seen: boolean[] = []
    const screen = here.first.hub.open({ ...vera, deliver: (one) => one.type === 'presence' && seen.push(one.online), end() {} })
    await screen.resume({ cursors: new Map() })
    await screen.join(view.chat.id)
    const come = async () => {
      const connection = here.second.hub.open({ ...xaver, deliver() {}, end() {} })
      await connection.resume({ cursors: new Map() })
      return connection
    }
    const phone = await come()
    await eventually(() => expect(seen).toEqual([true]))
    phone.close()
    await eventually(() => expect(seen).toEqual([true, false]))
    await come()
    await eventually(() => expect(seen).toEqual([true, false, true]))
  })

  it('counts those only who have resumed', async () => {
    const here = world()
    const { people, chatId } = await group(here, ['Anna', 'Boris'])
    const anna = await here.resumed(people[0])
    const idle = here.device(people[1])
    expect((await anna.connection.join(chatId)).online).toEqual([people[0].userId])
    const phone = await here.resumed(people[1])
    phone.connection.close()
    idle.connection.close()
    expect(anna.of('presence')).toMatchObject([{ online: true }, { online: false }])
  })

  it('hands nothing of a muted chat over until it is joined again', async () => {
    const here = world()
    const { people, chatId } = await group(here, ['Anna', 'Boris'])
    const boris = await here.resumed(people[1])
    await boris.connection.leave(chatId, true)
    await here.api.sendMessage(people[0], { chatId, ...said('unheard') })
    expect([boris.handed, [...boris.connection.heads()]]).toEqual([[], []])
    expect((await boris.connection.join(chatId)).head).toBe(2)
    await here.api.sendMessage(people[0], { chatId, ...said('heard') })
    expect(boris.of('event').map(({ event }) => event.seq)).toEqual([3])
  })

  it('refuses outsiders as if there were no chat', async () => {
    const here = world()
    const { chatId } = await group(here, ['Anna', 'Boris'])
    const { connection, handed } = await here.resumed(await here.addPerson({ name: 'Stranger' }))
    for (const call of [connection.join(chatId), connection.leave(chatId, false), connection.typing(chatId, true)])
      await expect(call).rejects.toMatchObject({ code: 'chat-not-found' })
    expect(handed).toEqual([])
  })

  it('replaces the older connection of one device, and of no other', async () => {
    const here = world()
    const anna = await here.addPerson({ name: 'Anna' })
    const [phone, laptop] = [here.device(anna, 'phone'), here.device(anna, 'laptop')]
    here.device(anna, 'phone')
    expect([phone.endings, laptop.endings]).toEqual([['replaced'], []])
  })

  it('believes a late notice of a replacement of no connection that was opened after it', async () => {
    let hear: (topic: Topic, notice: BusMessage) => void = () => {}
    const here = world(undefined, { bus: { ...silent, listen: (listener) => void (hear = listener) } })
    const anna = await here.addPerson({ name: 'Anna' })
    const older = here.device(anna, 'phone')
    here.clock.advance(1_000)
    const replaced = { type: 'replaced', userId: anna.userId, deviceId: 'phone', node: 'another', at: here.clock.now() } as const
    const newer = here.device(anna, 'phone')
    expect(older.endings).toEqual(['replaced'])
    hear(`user:${anna.userId}`, replaced)
    hear(`user:${anna.userId}`, { ...replaced, at: replaced.at - 1 })
    expect(newer.endings).toEqual([])
    hear(`user:${anna.userId}`, { ...replaced, at: replaced.at + 1 })
    expect(newer.endings).toEqual(['replaced'])
  })

  it('hands over to the others what one of them cannot take', async () => {
    const here = world()
    const { people, chatId } = await group(here, ['Anna', 'Boris'])
    const ended: string[] = []
    const broken = here.hub.open({
      ...people[0],
      deliver() {
        throw new Error('full')
      },
      end: (why) => void ended.push(why),
    })
    await broken.resume({ cursors: new Map() })
    const boris = await here.resumed(people[1])
    await here.api.sendMessage(people[0], { chatId, ...said('to all') })
    expect(boris.of('event')).toHaveLength(1)
    expect(ended).toContain('failed')
  })

  it('ends no connection whose session has changed while the poll asked about the old one', async () => {
    let asked: PromiseWithResolvers<Map<SessionId, 'live'>> | undefined
    const here = world((open) => (onCommit) => {
      const store = open(onCommit)
      return { ...store, sessions: { ...store.sessions, live: () => (asked = Promise.withResolvers()).promise } }
    })
    const viewer = { ...(await here.addPerson({ name: 'Anna' })), deliver() {}, ended: '', end: (why: string) => void (viewer.ended = why) }
    const connection = here.hub.open(viewer)
    await connection.resume({ cursors: new Map() })
    const polling = here.hub.poll()
    await eventually(() => expect(asked).toBeDefined())
    viewer.sessionId = 'a newer one' as SessionId
    asked!.resolve(new Map())
    await polling
    expect(viewer.ended).toBe('')
    asked = undefined
    const again = here.hub.poll()
    await eventually(() => expect(asked).toBeDefined())
    asked!.resolve(new Map())
    await again
    expect(viewer.ended).toBe('session-ended')
  })

  it('tells why the log cannot be read, and goes on when it can', async () => {
    let isDown = false
    let hear: (topic: Topic, notice: BusMessage) => void = () => {}
    const bus = { ...silent, listen: (listener: typeof hear) => void (hear = listener) }
    const spoilt =
      (open: OpenStore): OpenStore =>
      (onCommit) => {
        const store = open(() => undefined)
        const read: typeof store.log.read = (...given) => (isDown ? Promise.reject(new Error('down')) : store.log.read(...given))
        void onCommit
        return { ...store, log: { ...store.log, read } }
      }
    const here = world(spoilt, { bus })
    const { people, chatId } = await group(here, ['Anna', 'Boris'])
    const boris = await here.resumed(people[1])
    isDown = true
    await here.api.sendMessage(people[0], { chatId, ...said('unheard') })
    hear(`chat:${chatId}`, { type: 'head', chatId, head: 2 })
    await expect(here.hub.poll()).rejects.toThrow('down')
    isDown = false
    await here.hub.poll()
    expect(boris.of('event').map(({ event }) => event.seq)).toEqual([2])
  })

  it('hears of a chat without a bus, though the clock of the other process is slow', async () => {
    const { first, second } = pair({ first: { bus: silent }, second: { bus: silent, clock: () => Date.now() - 15_000 } })
    const [anna, boris] = [await first.addPerson({ name: 'Anna' }), await first.addPerson({ name: 'Boris' })]
    const handed: string[] = []
    const connection = await first.listen(boris, (one) => void handed.push(one.type))
    await first.hub.poll()
    await second.api.createGroup(anna, { name: 'Group', memberIds: [boris.userId] })
    for (let i = 0; i < 15; i++) await first.hub.poll()
    await eventually(() => expect(handed).toContain('event'))
    connection.close()
  })

  it('drops typing that is said too often', async () => {
    const here = world()
    const { people, chatId } = await group(here, ['Anna', 'Boris'])
    const [anna, boris] = await Promise.all(people.map((person) => here.resumed(person)))
    await boris!.connection.join(chatId)
    for (let i = 0; i < 100; i++) await anna!.connection.typing(chatId, i % 2 === 0)
    expect(boris!.of('typing').length).toBeLessThanOrEqual(10)
    here.clock.advance(1_000)
    await anna!.connection.typing(chatId, true)
    expect(boris!.of('typing').at(-1)!.userIds).toEqual([people[0].userId])
  })

  it('seats again who was removed and taken in again while they were reading what they had missed', async () => {
    const held: { reading?: PromiseWithResolvers<void> } = {}
    const here = world((open) => (onCommit) => {
      const store = open(onCommit)
      const read: typeof store.log.read = async (...given) => {
        await held.reading?.promise
        return store.log.read(...given)
      }
      return { ...store, log: { ...store.log, read } }
    })
    const { people, chatId } = await group(here, ['Anna', 'Boris'])
    const [anna, boris] = people
    await here.api.sendMessage(anna, { chatId, ...said('missed') })
    held.reading = Promise.withResolvers()
    const device = here.device(boris)
    const resumed = device.connection.resume({ cursors: new Map([[chatId, 1]]) })
    await eventually(() => expect(here.hub.connectionsOf(boris.userId)).toBe(1))
    await here.api.removeMembers(anna, { chatId, userIds: [boris.userId] })
    await here.api.addMembers(anna, { chatId, userIds: [boris.userId] })
    held.reading.resolve()
    await resumed
    await here.api.sendMessage(anna, { chatId, ...said('and on') })
    await eventually(() => expect(device.connection.heads().get(chatId)).toBe(5))
    expect(device.handed.map((one) => (one.type === 'event' ? one.event.seq : one.type))).toEqual([2, 'chat_gone', 4, 5])
  })

  it('does no work for lines that ended while they waited for their turn', async () => {
    let asked = 0
    const turn = Promise.withResolvers<void>()
    const here = world((open) => (onCommit) => {
      const store = open(onCommit)
      const standings: typeof store.chats.standings = async (viewer) => {
        asked++
        await turn.promise
        return store.chats.standings(viewer)
      }
      return { ...store, chats: { ...store.chats, standings } }
    })
    const anna = await here.addPerson({ name: 'Anna' })
    const lines = Array.from({ length: RESUMES_AT_ONCE + 20 }, () => here.device(anna).connection)
    const resumes = lines.map((line) => line.resume({ cursors: new Map() }))
    await eventually(() => expect(asked).toBe(RESUMES_AT_ONCE))
    for (const line of lines) line.close()
    turn.resolve()
    await Promise.all(resumes)
    expect(asked).toBe(RESUMES_AT_ONCE)
  })

  it('tells every mark once, however many come at once', async () => {
    const here = world()
    const { people, chatId } = await group(
      here,
      Array.from({ length: 300 }, (_, i) => `Member ${i}`),
    )
    const devices = await Promise.all(people.map((person) => here.resumed(person)))
    await devices[0]!.connection.join(chatId)
    await here.api.sendMessage(people[0], { chatId, ...said('read by all') })
    for (const person of people.slice(1)) await here.api.markRead(person, { chatId, seq: 2 })
    here.settle()
    for (let i = 0; i < 3; i++) {
      await here.hub.poll()
      here.settle()
    }
    const own = devices.flatMap((device) => device.of('receipt').filter(({ userId }) => userId !== undefined))
    expect(own).toHaveLength(299)
  })

  it('knows how large a chat is that became somebody’s on a process that had not followed it', async () => {
    const { first, second } = pair()
    const person = (i: number) => first.addPerson({ name: `Member ${i}` })
    const [owner, ...others] = (await Promise.all(Array.from({ length: 202 }, (_, i) => person(i)))) as [Caller, ...Caller[]]
    const userIds = others.map(({ userId }) => userId)
    const { view } = await first.api.createGroup(owner, { name: 'Large', memberIds: userIds.slice(0, -2) })
    const handed: string[] = []
    const late = others.slice(-2)
    const lines = late.map((caller) => second.hub.open({ ...caller, deliver: (one) => void handed.push(one.type), end() {} }))
    for (const line of lines) await line.resume({ cursors: new Map() })
    await second.api.addMembers(owner, { chatId: view.chat.id, userIds: userIds.slice(-2) })
    await eventually(() => expect(handed).toContain('event'))
    for (const line of lines) await line.join(view.chat.id)
    await lines[0]!.typing(view.chat.id, true)
    expect(handed).not.toContain('typing')
  })

  it('limits what comes after a long absence to the newest, and says what was left out', async () => {
    const here = world()
    const { people, chatId } = await group(here, ['Anna', 'Boris'])
    for (let i = 0; i < 501; i++) await here.api.sendMessage(people[0], { chatId, ...said(`${i}`) })
    const boris = await here.resumed(people[1], new Map([[chatId, 1]]))
    const [limited] = boris.of('limited')
    expect(limited).toMatchObject({ from: 2, to: 452 })
    expect(limited!.newest.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, i) => 453 + i))
    await here.api.sendMessage(people[0], { chatId, ...said('next') })
    expect(boris.of('event').map(({ event }) => event.seq)).toEqual([503])
  })

  it('resets a copy of another store, or one that is ahead', async () => {
    const here = world()
    const { people, chatId } = await group(here, ['Anna', 'Boris'])
    const ahead = await here.resumed(people[0], new Map([[chatId, 9]]))
    expect(ahead.handed).toEqual([{ type: 'reset', chatId, epoch: 'epoch', reason: 'ahead' }])
    const other = here.device(people[1])
    await other.connection.resume({ epoch: 'another', cursors: new Map([[chatId, 0]]) })
    expect(other.handed).toEqual([{ type: 'reset', chatId: undefined, epoch: 'epoch', reason: 'epoch' }])
  })
})
