import { describe, expect, it } from 'vitest'
import { updateMyChat } from '../../../src/client/order.ts'
import { answered, clientOf, given, lines, online } from './given.ts'

async function scene() {
  const world = await given()
  const { server, ann, bob } = world
  const cid = server.addPerson('Cid')
  const groupId = await ann.group('Everybody', [bob.id])
  const { client, device, defects } = clientOf(server, ann)
  await online(server, client)
  await world.clock.until(() => client.chats.get().status === 'ready')
  return { ...world, cid, groupId, client, device, defects, chat: client.chat(groupId) }
}

describe('answers that are overtaken', () => {
  it.each(Array.from({ length: 30 }, (_, seed) => seed))(
    'a chat that is opened while the client resumes stays, with seed %i',
    async (seed) => {
      const { server, ann, clock } = await given({ seed })
      const cid = server.addPerson('Cid')
      server.faults.latencyMs = [1, 1_000]
      const { client } = clientOf(server, ann)
      const gone: string[] = []
      client.on('gone', ({ chatId }) => gone.push(chatId))
      await clock.advance(seed * 100)
      const opening = client.chats.openPrivate(cid.id)
      let id: string | undefined
      opening.then((opened) => (id = opened.id)).catch(() => {})
      await clock.until(() => id !== undefined)
      const handle = client.chat(id!).send('Hello')
      await clock.advance(10_000)
      expect([handle.get().status, gone]).toEqual(['sent', []])
    },
  )

  it.each(Array.from({ length: 30 }, (_, seed) => seed))(
    'a chat that begins between the list and the first connection is listed, with seed %i',
    async (seed) => {
      const { server, ann, bob, clock } = await given({ seed })
      server.faults.latencyMs = [1, 1_000]
      const { client } = clientOf(server, ann)
      await clock.advance(seed * 100)
      const id = await bob.group('New', [ann.id])
      await clock.advance(20_000)
      expect(client.chats.get().items.map((item) => item.id)).toContain(id)
    },
  )

  it('the list is not asked for again by each connection, though there are chats that are not in it', async () => {
    const { server, ann, clock, groupId, client } = await scene()
    await answered(clock, updateMyChat(client, groupId, { archived: true }))
    const device = server.device()
    const asked: string[] = []
    const fetch: typeof globalThis.fetch = (address, init) => {
      if (typeof address === 'string') asked.push(address)
      return device.platform.fetch(address, init)
    }
    const { client: other } = clientOf(server, ann, { device, fetch })
    const lists = () => asked.filter((address) => /\/chats(\?|$)/.test(address)).length
    await clock.advance(20_000)
    expect(lists()).toBeGreaterThan(0)
    const before = lists()
    for (let times = 0; times < 3; times++) {
      device.cut()
      await clock.advance(20_000)
      expect(other.connection.get().status).toBe('online')
    }
    expect(lists()).toBe(before)
  })

  it('a page that is older than what happened meanwhile', async () => {
    const { server, bob, groupId, chat, client, clock } = await scene()
    const ids = [await bob.send(groupId, 'one'), await bob.send(groupId, 'two'), await bob.send(groupId, 'three')]
    await clock.advance(1_000)
    server.delay('listMessages', 5_000)
    chat.open()
    await clock.advance(500)
    await bob.edit(groupId, ids[0]!, 'one, edited')
    await bob.remove(groupId, ids[1]!)
    await bob.send(groupId, 'four')
    await clock.advance(10_000)
    expect(lines(client, groupId)).toEqual(['one, edited', '–', 'three', 'four'])
  })

  it('an older answer about a chat, after a newer one', async () => {
    const { server, bob, groupId, client, clock } = await scene()
    server.delay('getChat', 5_000)
    const first = client.chats.openPrivate(bob.id)
    const older = client.chat(groupId)
    // Two questions about the same chat: the first answer is as old as its question.
    server.say({ type: 'reset', chat_id: groupId, epoch: 'another', reason: 'ahead' })
    await clock.advance(400)
    await bob.rename(groupId, 'Renamed').catch(() => {})
    await bob.send(groupId, 'news')
    await clock.advance(20_000)
    await first
    expect(older.item.get()).toMatchObject({ unread: 1, lastMessage: { text: 'news' } })
  })

  it('events while a chat is being loaded are counted once', async () => {
    const { server, ann, bob, client, clock } = await scene()
    server.delay('getChat', 3_000)
    const id = await bob.group('New', [ann.id])
    await clock.advance(1_000)
    await bob.send(id, 'one')
    await bob.send(id, 'two')
    await clock.advance(1_000)
    await bob.send(id, 'three')
    await clock.advance(10_000)
    expect(client.chats.get().items[0]).toMatchObject({ id, unread: 3, lastMessage: { text: 'three' }, memberCount: 2 })
  })

  it('members who come, go and change while the members are being loaded', async () => {
    const { server, ann, bob, cid, groupId, chat, clock } = await scene()
    server.delay('listMembers', 3_000)
    const loading = chat.loadMembers()
    await clock.advance(100)
    await ann.add(groupId, [cid.id])
    await ann.changeRole(groupId, cid.id, 'admin')
    await bob.leave(groupId)
    await clock.advance(10_000)
    await loading
    expect(chat.members.get().items.map(({ person, role }) => [person.name, role])).toEqual([
      ['Ann', 'owner'],
      ['Cid', 'admin'],
    ])
  })

  it('one key on two devices: one message, and a refusal for another text', async () => {
    const { server, ann, groupId, client, clock } = await scene()
    const other = clientOf(server, ann).client
    await online(server, other)
    const handles = [client, other].map((one) => one.chat(groupId).send('the same', { key: 'key-1' }))
    const changed = other.chat(groupId)
    await clock.until(() => handles.every((handle) => handle.get().status === 'sent'))
    expect(server.texts(groupId)).toEqual(['the same'])
    const refused = changed.send('something else', { key: 'key-1' })
    await clock.until(() => refused.get().status === 'failed')
    expect(refused.get()).toMatchObject({ problem: { code: 'key-reused' } })
    expect(server.texts(groupId)).toEqual(['the same'])
  })
})

describe('a kind of event that the client does not know', () => {
  const unknown = (chatId: string, seq: number) =>
    ({ chat_id: chatId, seq, at: '2030-01-01T00:00:01.000Z', actor_id: chatId, type: 'message.probe', probe: true }) as never

  it('counts its number, and changes nothing else', async () => {
    const { server, groupId, chat, client, defects, clock } = await scene()
    chat.open()
    await clock.until(() => chat.timeline.get().status === 'ready')
    const before = { item: chat.item.get(), rows: chat.timeline.get().rows, members: chat.members.get() }
    server.say({ type: 'event', event: unknown(groupId, 2) })
    server.say({ type: 'event', event: undefined as never })
    server.say({ type: 'something_new', chat_id: groupId } as never)
    await clock.advance(1_000)
    expect({ item: chat.item.get(), rows: chat.timeline.get().rows, members: chat.members.get() }).toEqual(before)
    // The next number is 3: nothing is fetched for it.
    server.refuse('fetch', 'chat-not-found', { times: 99 })
    server.say({ type: 'event', event: { ...(unknown(groupId, 3) as object), type: 'chat.renamed', name: 'Renamed' } as never })
    await clock.until(() => chat.item.get()?.name === 'Renamed')
    expect(defects).toEqual([])
    expect(client.connection.get().status).toBe('online')
  })

  it('is passed over in pages of events, where old services send none at all', async () => {
    const { server, groupId, chat, defects, clock } = await scene()
    chat.open()
    await clock.until(() => chat.timeline.get().status === 'ready')
    const newest = [
      unknown(groupId, 3),
      null as never,
      { ...(unknown(groupId, 5) as object), type: 'chat.renamed', name: 'Renamed' } as never,
    ]
    server.say({ type: 'limited', chat_id: groupId, from: 2, to: 2, newest })
    server.say({ type: 'gap', chat_id: groupId, from: 3, to: 4 })
    await clock.advance(10_000)
    expect(chat.timeline.get().status).toBe('ready')
    expect(defects).toEqual([])
  })
})
