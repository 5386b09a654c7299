import { describe, expect, it } from 'vitest'
import type { ChatClient, ClientEvents } from '../../../src/client/index.ts'
import { updateMyChat } from '../../../src/client/order.ts'
import type { Device } from '../../../src/testing.ts'
import { changedSocket } from '../../properties/client-socket.ts'
import { answered, clientOf, given, lines, online } from './given.ts'

interface Frame {
  readonly type: string
  readonly epoch?: string
  readonly as_of?: string
  readonly cursors?: Readonly<Record<string, number>>
}

/** A device that notes each frame that its client sends. */
function listening(device: Device) {
  const sent: Frame[] = []
  const note = (text: string) => {
    sent.push(JSON.parse(text) as Frame)
    return text
  }
  const platform = { ...device.platform, WebSocket: changedSocket(device, { out: note }) }
  return { sent, device: { ...device, platform } }
}

/** Everything of these kinds that a client tells. */
function heard<E extends keyof ClientEvents>(client: ChatClient, ...events: readonly E[]) {
  const all: unknown[] = []
  for (const event of events) client.on(event, (told) => all.push([event, told]))
  return all
}

/** Ann has a chat with Bob and a group with Bob and Cid. */
async function syncing(options: Parameters<typeof given>[0] = {}) {
  const scene = await given(options)
  const { server, ann, bob, chatId, clock } = scene
  const cid = server.addPerson('Cid')
  const groupId = await ann.group('Club', [bob.id, cid.id])
  await bob.send(chatId, 'hello')
  const { sent, device } = listening(server.device())
  const { client, defects } = clientOf(server, ann, { device })
  await online(server, client)
  await clock.until(() => client.chats.get().status === 'ready')
  const open = async (id: string) => {
    client.chat(id).open()
    await clock.until(() => client.chat(id).timeline.get().status === 'ready')
  }
  /** Without a network, while something happens. */
  const away = async (work: () => Promise<unknown>) => {
    device.setOnline(false)
    await work()
    device.setOnline(true)
    await online(server, client)
  }
  const item = (id: string) => client.chat(id).item.get()
  return {
    ...scene,
    cid,
    groupId,
    client,
    device,
    defects,
    sent,
    open,
    away,
    item,
    resumes: () => sent.filter((one) => one.type === 'resume'),
  }
}

describe('a client that resumes', () => {
  it('names all its chats at first, and afterwards those in which it has moved', async () => {
    const { bob, chatId, groupId, clock, away, resumes } = await syncing()
    expect(resumes()).toMatchObject([{ type: 'resume', cursors: {} }])
    expect(resumes()[0]).not.toHaveProperty('epoch')
    expect(resumes()[0]).not.toHaveProperty('as_of')
    await clock.advance(1_000)
    await away(async () => {})
    const [, second] = resumes()
    expect(second).toEqual({ type: 'resume', ref: expect.any(String), epoch: expect.any(String), as_of: expect.any(String), cursors: {} })
    await bob.send(groupId, 'moved')
    await clock.advance(1_000)
    await away(() => bob.send(chatId, 'missed'))
    expect(resumes()[2]).toMatchObject({ epoch: second!.epoch, cursors: { [groupId]: 2 } })
    expect(Object.keys(resumes()[2]!.cursors!)).toEqual([groupId])
    await clock.advance(30_000)
    await away(async () => {})
    expect(resumes()[3]!.cursors).toEqual({})
  })

  it('names all chats again after another epoch has begun', async () => {
    const { server, chatId, groupId, clock, client, resumes, away } = await syncing()
    server.newEpoch()
    await clock.until(() => resumes().length === 2)
    await online(server, client)
    await clock.advance(5_000)
    server.say({ type: 'reset', chat_id: null, epoch: 'later still', reason: 'epoch' })
    await clock.advance(5_000)
    await away(async () => {})
    const last = resumes().at(-1)!
    expect(last).not.toHaveProperty('as_of')
    expect([last.epoch, Object.keys(last.cursors!).sort()]).toEqual(['later still', [chatId, groupId].sort()])
  })

  it('takes over what was read and chosen elsewhere meanwhile', async () => {
    const { server, ann, bob, cid, chatId, groupId, client, clock, away, item } = await syncing()
    const mine = await ann.send(groupId, 'read this')
    await clock.until(() => item(groupId)?.lastMessage?.id === mine)
    const other = clientOf(server, ann).client
    await online(server, other)
    expect(client.chats.get().unread).toBe(1)
    await away(async () => {
      await ann.read(chatId)
      for (const one of [bob, cid]) await one.read(groupId)
      await answered(clock, updateMyChat(other, groupId, { pinned: true, markedUnread: true }))
    })
    await clock.advance(1_000)
    expect(item(chatId)).toMatchObject({ unread: 0, readSeq: 2 })
    expect(item(groupId)).toMatchObject({ readByOthersSeq: 2, isMarkedUnread: true, pinnedAt: expect.any(Number) })
    await away(() => answered(clock, updateMyChat(other, groupId, { pinned: false, markedUnread: false })))
    await clock.advance(1_000)
    expect(item(groupId)).toMatchObject({ isMarkedUnread: false, pinnedAt: undefined })
  })
})

describe('a hole in what a client knows', () => {
  const missed = async ({ open, groupId, bob, away }: Awaited<ReturnType<typeof syncing>>) => {
    const before = await bob.send(groupId, 'before')
    await open(groupId)
    await away(async () => {
      await bob.edit(groupId, before, 'edited')
      for (let n = 1; n <= 30; n++) await bob.send(groupId, `m${n}`)
    })
  }
  const all = ['edited', ...Array.from({ length: 30 }, (_, i) => `m${i + 1}`)]

  it('is closed as soon as the service can say what is in it', async () => {
    const scene = await syncing({ missedInChat: 10 })
    const told = heard(scene.client, 'refetched')
    scene.server.refuse('listEvents', 'overloaded', { times: 3 })
    await missed(scene)
    await scene.clock.advance(60_000)
    expect(lines(scene.client, scene.groupId)).toEqual(all)
    expect([told, scene.defects]).toEqual([[['refetched', { chatId: scene.groupId, reason: 'limited' }]], []])
  })

  it.each([
    ['chat-not-found', 1],
    ['overloaded', 100],
  ] as const)('is left open where the service does not say: %s', async (code, times) => {
    const scene = await syncing({ missedInChat: 10 })
    scene.server.refuse('listEvents', code, { times })
    await missed(scene)
    await scene.clock.advance(600_000)
    const { timeline } = scene.client.chat(scene.groupId)
    expect(lines(scene.client, scene.groupId)).not.toContain('before')
    expect(lines(scene.client, scene.groupId).at(-1)).toBe('m30')
    expect(timeline.get()).toMatchObject({ hasOlder: true, hasNewer: false })
    await answered(scene.clock, scene.client.chat(scene.groupId).loadOlder())
    expect(lines(scene.client, scene.groupId)).toEqual(all)
  })

  it('in a chat that nobody looks at is passed over, and its item is right', async () => {
    const { bob, groupId, client, clock, away, item } = await syncing({ missedInChat: 10 })
    const told = heard(client, 'refetched')
    await away(async () => {
      for (let n = 1; n <= 30; n++) await bob.send(groupId, `m${n}`)
    })
    await clock.advance(5_000)
    expect(item(groupId)).toMatchObject({ unread: 30, lastMessage: { text: 'm30' } })
    expect(told).toEqual([])
  })
})

describe('a chat that is fetched again', () => {
  it('is asked for until the service can say, once at a time', async () => {
    const { server, groupId, client, clock, item, defects } = await syncing()
    server.refuse('getChat', 'overloaded', { times: 3 })
    for (let times = 0; times < 3; times++) server.say({ type: 'reset', chat_id: groupId, epoch: 'another', reason: 'ahead' })
    await clock.advance(60_000)
    expect(item(groupId)).toMatchObject({ name: 'Club', memberCount: 3 })
    expect(client.chats.get().items).toHaveLength(2)
    expect(defects).toEqual([])
  })

  it.each([
    ['getChat', { type: 'reset', epoch: 'another', reason: 'ahead' }],
    ['fetch', { type: 'gap', from: 2, to: 2 }],
  ] as const)('is gone if there is none: %s', async (call, frame) => {
    const { server, groupId, client, clock, item } = await syncing()
    const told = heard(client, 'gone')
    server.refuse(call, 'chat-not-found')
    server.say({ ...frame, chat_id: groupId })
    await clock.advance(5_000)
    expect([item(groupId), told]).toEqual([undefined, [['gone', { chatId: groupId, reason: 'not-found' }]]])
    expect(client.chats.get().items).toHaveLength(1)
  })

  it('is not asked for in vain: frames about chats that the client does not have change nothing', async () => {
    const { server, ann, client, clock, defects } = await syncing()
    const unknown = '01234567-89ab-7cde-8f01-23456789abcd'
    const before = client.chats.get()
    server.say({ type: 'gap', chat_id: unknown, from: 1, to: 5 })
    server.say({ type: 'typing', chat_id: unknown, user_ids: [ann.id] })
    server.say({
      type: 'receipt',
      chat_id: unknown,
      user_id: ann.id,
      read_seq: 3,
      at: '2030-01-01T00:00:00.000Z',
      unread: 0,
      unread_mentions: 0,
    })
    await clock.advance(5_000)
    expect([client.chats.get(), client.chat(unknown).typing.get(), defects]).toEqual([before, [], []])
  })
})

describe('read positions', () => {
  const at = '2030-01-01T00:00:00.000Z'
  const nobody = { at, unread: null, unread_mentions: null }

  it('of all others at once are those of large groups, and never go back', async () => {
    const { server, ann, groupId, clock, item } = await syncing()
    await ann.send(groupId, 'one')
    for (const read_seq of [3, 2]) server.say({ type: 'receipt', chat_id: groupId, user_id: null, read_seq, ...nobody })
    await clock.advance(1_000)
    expect(item(groupId)?.readByOthersSeq).toBe(3)
  })

  it('of the user come with what is unread, which is believed where it is not known here', async () => {
    const { server, ann, bob, chatId, client, clock, item } = await syncing()
    for (let n = 1; n <= 5; n++) await bob.send(chatId, `m${n}`)
    await clock.until(() => item(chatId)?.unread === 6)
    const own = { type: 'receipt', chat_id: chatId, user_id: ann.id, at } as const
    server.delay('getChat', 5_000)
    server.say({ ...own, read_seq: 4, unread: 3, unread_mentions: 2 }, ann.id)
    await clock.advance(100)
    expect(item(chatId)).toMatchObject({ readSeq: 4, unread: 3, unreadMentions: 2 })
    server.say({ ...own, read_seq: 3, unread: 4, unread_mentions: 4 }, ann.id)
    await clock.advance(100)
    expect(item(chatId)).toMatchObject({ readSeq: 4, unread: 3, unreadMentions: 2 })
    client.chat(chatId).open()
    await clock.until(() => client.chat(chatId).timeline.get().status === 'ready')
    server.say({ ...own, read_seq: 6, unread: 9, unread_mentions: 9 }, ann.id)
    await clock.advance(100)
    expect(item(chatId)).toMatchObject({ readSeq: 6, unread: 1, unreadMentions: 0 })
  })

  it('are known of a group once they are known of all members', async () => {
    const { ann, bob, cid, groupId, client, clock, open, item } = await syncing()
    await open(groupId)
    await ann.send(groupId, 'one')
    await bob.read(groupId)
    await clock.advance(1_000)
    expect(lines(client, groupId)).toEqual(['one (sent)'])
    await cid.leave(groupId)
    await clock.until(() => lines(client, groupId)[0] === 'one (read)')
    expect(item(groupId)).toMatchObject({ memberCount: 2, readByOthersSeq: 2 })
  })
})

describe('what is no part of a chat', () => {
  it('is told as it comes', async () => {
    const { server, ann, groupId, client, clock } = await syncing()
    const told = heard(client, 'notices', 'signed-in')
    const at = '2030-01-01T00:00:01.000Z'
    const quiet = { from: '22:00', to: '07:00', zone: 'Europe/Berlin' }
    server.say({ type: 'notices', chat_id: groupId, level: 'mentions', muted_until: at, quiet: null }, ann.id)
    server.say({ type: 'notices', chat_id: null, level: null, muted_until: null, quiet }, ann.id)
    server.say({ type: 'notice', session_id: groupId, device_name: null, network: '192.0.2.0/24', at } as never, ann.id)
    await clock.advance(100)
    const ms = Date.parse(at)
    expect(told).toEqual([
      ['notices', { chatId: groupId, level: 'mentions', mutedUntil: ms, quiet: undefined }],
      ['notices', { chatId: undefined, level: undefined, mutedUntil: undefined, quiet }],
      ['signed-in', { sessionId: groupId, deviceName: undefined, network: '192.0.2.0/24', at: ms }],
    ])
  })

  it('changes what counts as unread: a block, and its end', async () => {
    const { server, ann, bob, groupId, client, clock, item } = await syncing()
    await bob.send(groupId, 'one')
    await clock.until(() => item(groupId)?.unread === 1)
    const blocked = (user_id: string, is: boolean) => server.say({ type: 'blocked', user_id, blocked: is }, ann.id)
    blocked(bob.id, true)
    blocked(ann.id, true)
    blocked(bob.id, true)
    await clock.advance(10)
    expect(client.people.blocked.get()).toEqual([ann.id, bob.id].sort())
    await bob.send(groupId, 'two')
    await clock.advance(100)
    expect(item(groupId)).toMatchObject({ lastMessage: { text: 'two' } })
    blocked(ann.id, false)
    blocked(bob.id, false)
    await clock.advance(5_000)
    expect(client.people.blocked.get()).toEqual([])
    expect(item(groupId)?.unread).toBe(2)
  })
})

describe('an event that cannot be read', () => {
  it('is reported, and the chat is fetched', async () => {
    const { server, groupId, ann, client, clock, defects, item } = await syncing()
    server.faults.eventLoss = 1
    await ann.rename(groupId, 'Society')
    server.faults.eventLoss = 0
    const event = { chat_id: groupId, seq: 2, at: '2030-01-01T00:00:01.000Z', actor_id: ann.id, type: 'message.sent', message: null }
    server.say({ type: 'event', event: event as never })
    await clock.advance(5_000)
    expect(defects).toMatchObject([{ during: 'reading an event' }])
    expect(item(groupId)?.name).toBe('Society')
    expect(client.connection.get().status).toBe('online')
  })
})
