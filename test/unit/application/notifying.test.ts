import { describe, expect, it } from 'vitest'
import type { Caller } from '../../../src/application/chat-api.ts'
import { noticeCalls } from '../../../src/application/notices/notices.ts'
import { PUSH_CONSUMERS, pushing } from '../../../src/application/notices/pushing.ts'
import type { Consumer } from '../../../src/application/ports/consumers.ts'
import { type ChatNotices, FOLLOWS_ALL, type PushDevice, type Reached } from '../../../src/application/ports/notices.ts'
import type { Ports } from '../../../src/application/ports/ports.ts'
import type { Moving, Outcome } from '../../../src/application/ports/sink.ts'
import type { ChatEvent } from '../../../src/domain/event.ts'
import { asId, type ChatId } from '../../../src/domain/ids.ts'
import { type Mention, type Message, PLAIN } from '../../../src/domain/message.ts'
import { id } from '../domain/given.ts'

const NOW = 1_000_000
const chatId = 'chat' as ChatId
const [soon, later] = PUSH_CONSUMERS as readonly [Consumer, Consumer]

const deviceOf = (more: Partial<PushDevice> = {}): PushDevice => ({
  userId: id('ann'),
  id: 'phone',
  sessionId: asId('session'),
  kind: 'web',
  endpoint: 'https://push',
  keys: { p256dh: '', auth: '' },
  content: 'none',
  level: undefined,
  ...more,
})

type Given = Partial<Omit<Reached, 'device' | 'chat' | 'user'>> & {
  readonly device?: Partial<PushDevice>
  readonly chat?: Partial<Reached['chat']>
  readonly user?: Partial<Reached['user']>
}

/** A device of Ann's that shows everything, but for what is given. */
const reachedOf = ({ device, chat, user, ...more }: Given = {}): Reached => ({
  device: deviceOf(device),
  chat: { kind: 'group', name: 'Friends', level: undefined, mutedUntil: undefined, ...chat },
  user: { ...FOLLOWS_ALL, ...user },
  shownSeq: 0,
  isInUseElsewhere: false,
  ...more,
})

const messageOf = (more: Partial<Message> = {}): Message =>
  ({ id: asId('m'), chatId, seq: 7, sender: { id: id('bob'), name: 'Bob' }, text: 'hello', content: PLAIN, ...more }) as Message

const sentOf = (message: Message): ChatEvent => ({ type: 'message.sent', chatId, seq: message.seq, at: NOW, actorId: id('bob'), message })

/** What becomes of deliveries to these devices. */
function stage(reached: readonly Reached[], change: { [P in 'notices' | 'chats' | 'push']?: Partial<Ports[P]> } = {}) {
  const told: object[] = []
  const deeds: unknown[] = []
  const notices = {
    async reached(...given: unknown[]) {
      deeds.push(['reached', ...given])
      return reached
    },
    dropDevice: async (...given: unknown[]) => void deeds.push(['drop', ...given]),
    showed: async ({ id: device }: PushDevice, ...given: unknown[]) => void deeds.push(['showed', device, ...given]),
    ofChats: async () => new Map<ChatId, ChatNotices>(),
    ...change.notices,
  } as unknown as Ports['notices']
  const chats = { standings: async () => [], ...change.chats } as unknown as Ports['chats']
  const push: Ports['push'] = {
    key: '',
    fault: () => undefined,
    isQuiet: () => true,
    async send(device, payload) {
      told.push({ to: device.id, ...payload })
      return 'sent'
    },
    ...change.push,
  }
  const made = pushing({ notices, chats, push, clock: () => NOW })
  const deliverAll = (events: readonly ChatEvent[], consumer = soon, attempt?: number): Promise<Outcome> => {
    const range = { consumer, epoch: '', chatId, from: 7, to: 7, events }
    return made.sink.deliver(range, attempt === undefined ? undefined : ({ attempt } as Moving))
  }
  const deliver = (message = messageOf(), consumer = soon, attempt?: number) => deliverAll([sentOf(message)], consumer, attempt)
  return { ...made, told, deeds, deliver, deliverAll }
}

/** Whether a device is told of a message. */
async function isTold(given: Given, message: Partial<Message> = {}, consumer = soon): Promise<boolean> {
  const { told, deliver } = stage([reachedOf(given)])
  expect(await deliver(messageOf(message), consumer)).toEqual({ is: 'done' })
  return told.length > 0
}

describe('a device', () => {
  it('is told of a message, and that it was is kept', async () => {
    const { told, deeds, deliver } = stage([reachedOf()])
    expect(await deliver(messageOf(), soon, 1)).toEqual({ is: 'done' })
    expect(told).toEqual([{ to: 'phone', type: 'message', chatId, seq: 7, badge: 0, title: undefined, body: undefined }])
    expect(deeds).toEqual([
      ['reached', { chatId, seq: 7, senderId: id('bob') }, { now: NOW, usedSince: NOW - 60_000 }],
      ['showed', 'phone', chatId, 7],
    ])
  })

  it('is told of nothing but messages that are there', async () => {
    const { told, deeds, deliverAll } = stage([reachedOf()])
    const joined = { type: 'member.left', chatId, seq: 6, at: NOW, actorId: id('bob'), message: messageOf() } as unknown as ChatEvent
    expect(await deliverAll([joined, sentOf(messageOf({ deletedAt: NOW }))])).toEqual({ is: 'done' })
    expect([told, deeds]).toEqual([[], []])
    await deliverAll([joined, sentOf(messageOf({ seq: 8 }))])
    expect(told).toMatchObject([{ seq: 8 }])
  })

  it('is not told of what it has shown', async () => {
    expect([await isTold({ shownSeq: 6 }), await isTold({ shownSeq: 7 }), await isTold({ shownSeq: 8 })]).toEqual([true, false, false])
  })

  it('is told later where its user is at another one', async () => {
    expect([await isTold({ isInUseElsewhere: true }), await isTold({ isInUseElsewhere: true }, {}, later)]).toEqual([false, true])
  })

  it('is told nothing while its chat is muted or its user is left alone', async () => {
    expect(await isTold({ chat: { mutedUntil: NOW + 1 } })).toBe(false)
    expect(await isTold({ chat: { mutedUntil: NOW } })).toBe(true)
    // It is 00:16:40.
    const quiet = (from: string, to: string) => ({ user: { quiet: { from, to, zone: 'UTC' } } })
    for (const [from, to, isHeard] of [
      ['00:00', '01:00', false],
      ['01:00', '02:00', true],
      ['00:16', '00:17', false],
      ['00:15', '00:16', true],
      ['00:16', '00:16', true],
      ['23:00', '00:17', false],
      ['23:00', '00:16', true],
      ['00:16', '00:10', false],
    ] as const)
      expect([from, to, await isTold(quiet(from, to))]).toEqual([from, to, isHeard])
  })

  it('goes by its own level, then by that of the chat, then by that of the user', async () => {
    const none = { level: 'none' } as const
    const all = { level: 'all' } as const
    expect(await isTold({ user: none })).toBe(false)
    expect(await isTold({ user: none, chat: all })).toBe(true)
    expect(await isTold({ user: all, chat: none })).toBe(false)
    expect(await isTold({ user: none, chat: none, device: all })).toBe(true)
    expect(await isTold({ user: all, chat: all, device: none })).toBe(false)
  })

  it('shows the chat, or its sender where it has no name, as far as it may', async () => {
    const shown = async (device: Partial<PushDevice>, chat: Given['chat'] = {}) => {
      const { told, deliver } = stage([reachedOf({ device, chat })])
      await deliver()
      const [{ title, body }] = told as [{ title?: string; body?: string }]
      return [title, body]
    }
    expect(await shown({ content: 'full' })).toEqual(['Friends', 'Bob: hello'])
    expect(await shown({ content: 'full' }, { kind: 'private', name: undefined })).toEqual(['Bob', 'hello'])
    expect(await shown({ content: 'name' })).toEqual(['Friends', undefined])
    expect(await shown({ content: 'name' }, { kind: 'private', name: undefined })).toEqual(['Bob', undefined])
    expect(await shown({ content: 'none' })).toEqual([undefined, undefined])
  })

  it('shows the text of a sender without a name, in a group', async () => {
    const { told, deliver } = stage([reachedOf({ device: { content: 'full' } })])
    await deliver(messageOf({ sender: { ...messageOf().sender, name: undefined } }))
    await deliver(messageOf({ text: undefined }))
    expect(told).toMatchObject([{ title: 'Friends', body: ': hello' }, { body: 'Bob: ' }])
  })

  it('counts what is unread in chats that are not muted', async () => {
    const standings = async () => [1, 10, 100].map((unread) => ({ chatId: `chat ${unread}`, unread })) as never
    const muted = (mutedUntil: number): ChatNotices => ({ level: undefined, mutedUntil })
    const ofChats = async () => new Map([1, 10].map((n) => [`chat ${n}` as ChatId, muted(n === 1 ? NOW + 1 : NOW)]))
    const { told, deliver } = stage([reachedOf()], { chats: { standings }, notices: { ofChats } })
    await deliver()
    expect(told).toMatchObject([{ badge: 110 }])
  })
})

describe('a device that is told of mentions', () => {
  const mentions = { device: { level: 'mentions' } } as const
  const naming = (mention: object): Partial<Message> => ({
    content: { ...PLAIN, mentions: [{ start: 0, length: 1, ...mention } as Mention] },
  })

  it('shows private chats, and texts that name its user or all', async () => {
    expect(await isTold(mentions)).toBe(false)
    expect(await isTold({ ...mentions, chat: { kind: 'private' } })).toBe(true)
    expect(await isTold(mentions, naming({ kind: 'all' }))).toBe(true)
    expect(await isTold(mentions, naming({ kind: 'user', userId: id('ann') }))).toBe(true)
    expect(await isTold(mentions, naming({ kind: 'user', userId: id('eve') }))).toBe(false)
  })

  it('shows answers to messages of its user', async () => {
    const asked: unknown[] = []
    const answering = async (senderId: string | undefined) => {
      const message = async (...given: unknown[]) => {
        asked.push(given)
        return senderId === undefined ? undefined : ({ message: { message: { sender: { id: senderId } } } } as never)
      }
      const { told, deliver } = stage([reachedOf(mentions)], { chats: { message } })
      await deliver(messageOf({ replyTo: asId('first') }))
      return told.length > 0
    }
    expect([await answering('ann'), await answering('eve'), await answering(undefined)]).toEqual([true, false, false])
    expect(asked[0]).toEqual([id('ann'), chatId, 'first'])
  })
})

describe('a push service', () => {
  const answering = (...answers: ('sent' | 'gone' | 'failed')[]) => {
    const devices = answers.map((_, i) => reachedOf({ device: { id: `device ${i}` } }))
    return stage(devices, { push: { send: async ({ id: device }) => answers[Number(device.split(' ')[1])]! } })
  }

  it('that has forgotten a device is asked no more', async () => {
    const { deliver, deeds } = answering('gone', 'sent')
    expect(await deliver()).toEqual({ is: 'done' })
    expect(deeds.slice(1)).toEqual([
      ['drop', id('ann'), 'device 0'],
      ['showed', 'device 1', chatId, 7],
    ])
  })

  it('that fails is tried four times, and then left alone', async () => {
    const { deliver, deeds, sink } = answering('failed', 'sent', 'failed')
    const again = { is: 'again', error: '2 devices could not be reached' }
    expect([await deliver(messageOf(), soon, 1), await deliver(messageOf(), soon, 3)]).toEqual([again, again])
    expect([await deliver(messageOf(), soon, 4), await deliver(messageOf(), soon, undefined)]).toEqual([{ is: 'done' }, { is: 'done' }])
    expect(deeds.filter((deed) => (deed as unknown[])[0] === 'showed')).toHaveLength(4)
    expect(sink.givesUp).toBe(true)
  })

  it('is tried again after a store that fails', async () => {
    const { deliver } = stage([], { notices: { reached: () => Promise.reject(new Error('away')) } })
    expect(await deliver(messageOf(), soon, 1)).toEqual({ is: 'again', error: 'away' })
  })

  it('is asked for sixteen devices at the same time, at most', async () => {
    let [now, most, count] = [0, 0, 0]
    const send: Ports['push']['send'] = async () => {
      now++
      count++
      most = Math.max(most, now)
      await new Promise((resolve) => setImmediate(resolve))
      now--
      return 'sent'
    }
    const { deliver } = stage(
      Array.from({ length: 35 }, (_, i) => reachedOf({ device: { id: `${i}` } })),
      { push: { send } },
    )
    await deliver()
    expect([most, count]).toEqual([16, 35])
  })
})

describe('a notification', () => {
  const read = [
    { device: deviceOf(), chatId, readSeq: 9 },
    { device: deviceOf({ id: 'loud' }), chatId, readSeq: 8 },
  ]

  it('is closed once its message was read elsewhere, on devices that do so quietly', async () => {
    const asked: unknown[] = []
    const readSince = async (limit: number) => {
      asked.push(limit)
      return read
    }
    const cleared = async () => true
    const standings = async () => [{ chatId, unread: 3 }] as never
    const isQuiet = ({ endpoint }: { readonly endpoint: string }) => endpoint === 'https://push'
    read[1] = { ...read[1]!, device: deviceOf({ id: 'loud', endpoint: 'https://loud' }) }
    const { clear, deliver, told } = stage([], { notices: { readSince, cleared }, chats: { standings }, push: { isQuiet } })
    await clear()
    expect(asked).toEqual([])
    await deliver()
    await clear()
    expect(asked).toEqual([200])
    expect(told).toEqual([{ to: 'phone', type: 'read', chatId, readSeq: 9, badge: 3 }])
  })

  it('that another process has closed is not closed again', async () => {
    const { clear, deliver, told } = stage([], { notices: { readSince: async () => read, cleared: async () => false } })
    await deliver()
    await clear()
    expect(told).toEqual([])
  })
})

describe('the settings of notifications', () => {
  const ann: Caller = { userId: id('ann'), sessionId: asId('session') }

  function settings(change: Partial<Record<'notices' | 'push', object>> = {}) {
    const told: unknown[] = []
    const kept: unknown[] = []
    const names = new Set<string>()
    let changes = 0
    const notices = { keepDevice: async (...given: unknown[]) => void kept.push(given), ...change.notices } as unknown as Ports['notices']
    const consumers = {
      add: async ({ name }: { readonly name: string }) => names.size < names.add(name).size,
    } as unknown as Ports['consumers']
    const push = { key: 'public', fault: () => undefined, ...change.push } as unknown as Ports['push']
    const calls = noticeCalls({
      seals: undefined as never,
      digest: (text) => text,
      notices,
      consumers,
      push,
      clock: () => NOW,
      newId: () => 'id',
      tell: (...given) => void told.push(given),
      changed: () => void changes++,
    })
    return { calls, told, kept, names, changes: () => changes }
  }

  it('of a chat are told to the other devices, and are for members', async () => {
    const wanted = { level: 'mentions', mutedUntil: 5 } as const
    const { calls, told } = settings({ notices: { setOfChat: async () => true, ofChat: async () => wanted } })
    expect(await calls.setNotices(ann, { chatId, ...wanted })).toEqual(wanted)
    expect(told).toEqual([[id('ann'), { type: 'notices', chatId, ...wanted, quiet: undefined }]])
    expect(await calls.getNotices(ann, chatId)).toEqual(wanted)
    const outside = settings({ notices: { setOfChat: async () => false, ofChat: async () => undefined } })
    const refused = { code: 'chat-not-found', facts: { chatId } }
    await expect(outside.calls.setNotices(ann, { chatId, ...wanted })).rejects.toMatchObject(refused)
    await expect(outside.calls.getNotices(ann, chatId)).rejects.toMatchObject(refused)
    expect(outside.told).toEqual([])
  })

  it('have a device that belongs to its session, and consumers from the first device on', async () => {
    const { calls, kept, names, changes } = settings()
    const { userId: _user, sessionId: _session, ...device } = deviceOf()
    await calls.keepPushDevice(ann, device)
    expect(kept).toEqual([[{ ...device, ...ann }, NOW]])
    expect([[...names], changes()]).toEqual([['push soon', 'push later'], 1])
    await calls.keepPushDevice(ann, device)
    expect(changes()).toBe(1)
    expect(await calls.getPushKey(ann)).toEqual({ key: 'public' })
  })

  it('have no device that cannot be sent to', async () => {
    const { calls, kept } = settings({ push: { fault: () => ({ pointer: '/endpoint', detail: 'is an address' }) } })
    await expect(calls.keepPushDevice(ann, deviceOf())).rejects.toMatchObject({
      code: 'invalid',
      facts: { errors: [{ pointer: '/endpoint', detail: 'is an address' }] },
    })
    expect(kept).toEqual([])
  })
})
