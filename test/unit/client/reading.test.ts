import { describe, expect, it } from 'vitest'
import type { ClientEvents } from '../../../src/client/index.ts'
import { clientOf, given, lines, online } from './given.ts'

const numbered = (count: number, from = 1) => Array.from({ length: count }, (_, i) => `m${i + from}`)

async function reading(options: Parameters<typeof given>[0] & { messages?: number } = {}) {
  const scene = await given(options)
  const { server, ann, bob, chatId } = scene
  for (const text of numbered(options.messages ?? 0)) await bob.send(chatId, text)
  const { client, device, defects } = clientOf(server, ann)
  await online(server, client)
  await scene.clock.until(() => client.chats.get().status === 'ready')
  const chat = client.chat(chatId)
  const ready = () => scene.clock.until(() => chat.timeline.get().status === 'ready')
  const done = async (work: Promise<unknown>) => {
    let isOver = false
    work.catch(() => {}).finally(() => (isOver = true))
    await scene.clock.until(() => isOver)
    await work
  }
  const told: { [E in keyof ClientEvents]?: ClientEvents[E][] } = {}
  for (const event of ['message', 'refetched', 'gone', 'joined'] as const)
    client.on(event, (what) => ((told[event] ??= []) as object[]).push(what))
  return { ...scene, client, device, defects, chat, ready, done, told, lines: () => lines(client, chatId) }
}

describe('a timeline', () => {
  it('begins at the live end and follows it', async () => {
    const { chat, ready, lines: shown, bob, chatId, clock } = await reading({ messages: 120 })
    chat.open()
    await ready()
    expect(shown()).toEqual(numbered(50, 71))
    expect(chat.timeline.get()).toMatchObject({ hasOlder: true, hasNewer: false })
    await bob.send(chatId, 'new')
    await clock.until(() => shown().at(-1) === 'new')
    expect(shown()).toHaveLength(51)
  })

  it('loads older ones until there are none', async () => {
    const { chat, ready, lines: shown, done } = await reading({ messages: 120 })
    chat.open()
    await ready()
    const before = chat.timeline.get().rows.at(-1)
    await done(chat.loadOlder())
    await done(chat.loadOlder())
    expect(shown()).toEqual(numbered(120))
    expect(chat.timeline.get().hasOlder).toBe(false)
    expect(chat.timeline.get().rows.at(-1)).toBe(before)
  })

  it('jumps, and grows together again with the live end', async () => {
    const { chat, ready, lines: shown, done, bob, chatId, clock } = await reading({ messages: 300 })
    chat.open()
    await ready()
    await done(chat.jumpTo(21))
    expect(shown()).toContain('m20')
    expect(chat.timeline.get()).toMatchObject({ hasNewer: true })
    await bob.send(chatId, 'm301')
    await clock.advance(100)
    expect(shown()).not.toContain('m301')
    for (let i = 0; i < 10 && chat.timeline.get().hasNewer; i++) await done(chat.loadNewer())
    const all = shown()
    expect(all.at(-1)).toBe('m301')
    expect(all).toEqual(numbered(all.length, 302 - all.length))
    await done(chat.jumpToLatest())
    expect(chat.timeline.get().hasNewer).toBe(false)
  })

  it('begins at the first unread message, and its divider stays put', async () => {
    const { chat, client, clock, bob, chatId, lines: shown } = await reading({ messages: 100 })
    chat.open({ at: 'unread' })
    await clock.until(() => chat.timeline.get().status === 'ready')
    const { divider, rows } = chat.timeline.get()
    expect(rows.find(({ key }) => key === divider)?.text).toBe('m1')
    expect(chat.timeline.get().hasNewer).toBe(true)
    chat.markRead()
    expect(client.chats.get().unread).toBe(0)
    await bob.send(chatId, 'another')
    await clock.advance(1_000)
    expect(chat.timeline.get().divider).toBe(divider)
    expect(shown()).not.toContain('another')
  })

  it('hears of edits, deletions and erasure', async () => {
    const { chat, ready, bob, ann, chatId, clock, lines: shown } = await reading()
    const first = await bob.send(chatId, 'one')
    const second = await ann.send(chatId, 'two')
    chat.open()
    await ready()
    await bob.edit(chatId, first, 'uno')
    await ann.remove(chatId, second)
    await clock.until(() => shown()[0] === 'uno' && shown()[1] === '– (sent)')
    expect(chat.timeline.get().rows[0]).toMatchObject({ version: 2, editedAt: expect.any(Number) })
  })

  it('applies to a page what happened while it was on its way', async () => {
    const { chat, ready, bob, server, chatId, clock, lines: shown } = await reading()
    const id = await bob.send(chatId, 'before')
    server.faults.latencyMs = [200, 200]
    chat.open()
    await clock.advance(300)
    await bob.edit(chatId, id, 'after')
    await bob.send(chatId, 'new')
    await ready()
    await clock.advance(1_000)
    expect(shown()).toEqual(['after', 'new'])
  })

  it('keeps rows and lists the same while nothing in them changes', async () => {
    const { chat, ready, client, clock, bob, chatId } = await reading({ messages: 5 })
    chat.open()
    await ready()
    const { rows } = chat.timeline.get()
    expect(chat.timeline.get()).toBe(chat.timeline.get())
    expect(client.chats.get()).toBe(client.chats.get())
    await bob.send(chatId, 'm6')
    await clock.until(() => chat.timeline.get().rows.length === 6)
    expect(
      chat.timeline
        .get()
        .rows.slice(0, 5)
        .every((row, i) => row === rows[i]),
    ).toBe(true)
  })

  it('fetches what was not told, by itself', async () => {
    const { chat, ready, bob, server, chatId, clock, lines: shown } = await reading()
    chat.open()
    await ready()
    server.faults.eventLoss = 0.5
    for (const text of numbered(60)) {
      await bob.send(chatId, text)
      await clock.advance(5)
    }
    server.faults.eventLoss = 0
    await clock.advance(60_000)
    expect(shown()).toEqual(numbered(60))
  })

  it('is told by a heartbeat that the last event was lost', async () => {
    const { chat, ready, bob, server, chatId, clock, lines: shown } = await reading()
    chat.open()
    await ready()
    server.faults.eventLoss = 1
    await bob.send(chatId, 'lost')
    await clock.advance(1_000)
    expect(shown()).toEqual([])
    await clock.advance(25_000)
    expect(shown()).toEqual(['lost'])
  })

  it('closes a gap that it is told of', async () => {
    const { chat, ready, bob, server, chatId, clock, lines: shown } = await reading()
    chat.open()
    await ready()
    server.faults.eventLoss = 1
    await bob.send(chatId, 'dropped')
    server.say({ type: 'gap', chat_id: chatId, from: 2, to: 2 })
    await clock.advance(1_000)
    expect(shown()).toEqual(['dropped'])
  })

  it('catches up after an outage', async () => {
    const { chat, ready, bob, device, chatId, clock, lines: shown, told } = await reading({ messages: 3 })
    chat.open()
    await ready()
    device.setOnline(false)
    for (const text of numbered(100, 4)) await bob.send(chatId, text)
    device.setOnline(true)
    await clock.advance(1_000)
    expect(shown()).toEqual(numbered(103))
    expect(told.refetched).toBeUndefined()
    expect(told.message).toHaveLength(100)
  })

  it('mends a hole when too much was missed, edits included', async () => {
    const { chat, ready, bob, device, chatId, clock, lines: shown, told } = await reading({ missedInChat: 100 })
    const id = await bob.send(chatId, 'm1')
    chat.open()
    await ready()
    device.setOnline(false)
    await bob.edit(chatId, id, 'm1!')
    for (const text of numbered(300, 2)) await bob.send(chatId, text)
    device.setOnline(true)
    await clock.advance(2_000)
    expect(shown()).toEqual(['m1!', ...numbered(300, 2)])
    expect(told.refetched).toEqual([{ chatId, reason: 'limited' }])
  })

  it('shows the edit of a message that came while the hole with the message was read', async () => {
    const { server, chat, ready, bob, device, chatId, clock, lines: shown, told } = await reading({ missedInChat: 10 })
    chat.open()
    await ready()
    device.setOnline(false)
    const ids: string[] = []
    for (const text of numbered(30)) ids.push(await bob.send(chatId, text))
    server.delay('listEvents', 3_000)
    device.setOnline(true)
    await clock.until(() => told.refetched !== undefined)
    await clock.advance(1_000)
    await bob.edit(chatId, ids[2]!, 'edited')
    await clock.advance(5_000)
    expect(shown()).toEqual(['m1', 'm2', 'edited', ...numbered(27, 4)])
  })

  it('forgets what lies before a hole that is too large', async () => {
    const { chat, ready, bob, device, chatId, clock, lines: shown, done } = await reading({ messages: 5 })
    chat.open()
    await ready()
    device.setOnline(false)
    for (const text of numbered(1_500, 6)) await bob.send(chatId, text)
    device.setOnline(true)
    await clock.advance(2_000)
    expect(shown()).toEqual(numbered(50, 1_456))
    expect(chat.timeline.get()).toMatchObject({ hasOlder: true, hasNewer: false })
    await done(chat.loadOlder())
    expect(shown()).toEqual(numbered(100, 1_406))
  })

  it('forgets its copy in another epoch, and keeps the outbox', async () => {
    const { chat, ready, server, client, clock, lines: shown, told, bob, chatId } = await reading({ messages: 3 })
    chat.open()
    await ready()
    const sent = chat.send('mine')
    server.newEpoch()
    await clock.until(() => sent.get().status === 'sent')
    await clock.advance(5_000)
    await bob.send(chatId, 'm5')
    await clock.advance(1_000)
    expect(shown()).toEqual(['m1', 'm2', 'm3', 'mine (sent)', 'm5'])
    expect(told.refetched).toEqual([{ chatId: undefined, reason: 'epoch' }])
    expect(client.chats.get().items).toMatchObject([{ lastMessage: { text: 'm5' } }])
  })

  it('starts anew where its copy is ahead of the log', async () => {
    const { chat, ready, server, client, clock, told, chatId, lines: shown } = await reading({ messages: 3 })
    chat.open()
    await ready()
    server.say({ type: 'reset', chat_id: chatId, epoch: 'same', reason: 'ahead' })
    await clock.advance(2_000)
    expect(shown()).toEqual(numbered(3))
    expect(told.refetched).toEqual([{ chatId, reason: 'ahead' }])
    expect(client.chats.get().items).toHaveLength(1)
  })

  it('says why it could not load, and loads when it can', async () => {
    const { chat, ready, server, client, clock, lines: shown } = await reading({ messages: 2 })
    server.refuse('listMessages', 'overloaded')
    chat.open()
    await clock.until(() => chat.timeline.get().status === 'failed')
    expect(chat.timeline.get().problem).toMatchObject({ code: 'overloaded' })
    server.restart()
    await clock.advance(5_000)
    await online(server, client)
    await ready()
    expect(shown()).toEqual(numbered(2))
  })

  it('stops waiting when it is told to', async () => {
    const { chat, ready, clock } = await reading({ messages: 120 })
    chat.open()
    await ready()
    const stop = new AbortController()
    const loading = chat.loadOlder({ signal: stop.signal })
    loading.catch(() => {})
    stop.abort(new Error('enough'))
    await clock.advance(1_000)
    await expect(loading).rejects.toThrow('enough')
  })
})

describe('chats', () => {
  it('are listed newest first, with what is unread', async () => {
    const { client, ann, bob, server, clock, chatId } = await reading({ messages: 2 })
    const cid = server.addPerson('Cid')
    await clock.advance(1_000)
    const group = await cid.group('Friends', [ann.id, bob.id])
    await clock.until(() => client.chats.get().items.length === 2)
    expect(client.chats.get().items.map(({ name, partner }) => name ?? partner?.name)).toEqual(['Friends', 'Bob'])
    await clock.advance(1_000)
    await bob.send(chatId, 'm3')
    await clock.until(() => client.chats.get().items[0]?.id === chatId)
    expect(client.chats.get()).toMatchObject({
      unread: 3,
      items: [
        { unread: 3, lastMessage: { text: 'm3' } },
        { id: group, unread: 0 },
      ],
    })
    await ann.read(chatId)
    await clock.until(() => client.chats.get().unread === 0)
  })

  it('count what is deleted among the unread no longer', async () => {
    const { client, bob, clock, chatId } = await reading()
    const id = await bob.send(chatId, 'oops')
    await bob.send(chatId, 'right')
    await clock.until(() => client.chats.get().unread === 2)
    await bob.remove(chatId, id)
    await clock.until(() => client.chats.get().unread === 1)
    expect(client.chats.get().items).toMatchObject([{ unread: 1 }])
  })

  it('are made, renamed, joined and left', async () => {
    const { client, server, clock, done, told, bob } = await reading()
    const cid = server.addPerson('Cid')
    let id = ''
    await done(client.chats.createGroup({ name: 'Club', memberIds: [bob.id] }).then((item) => (id = item.id)))
    const chat = client.chat(id)
    expect(chat.item.get()).toMatchObject({ name: 'Club', role: 'owner', memberCount: 2 })
    await done(chat.loadMembers())
    await done(chat.addMembers([cid.id]))
    await done(chat.changeRole(cid.id, 'admin'))
    await done(chat.rename('Society'))
    await clock.until(() => chat.item.get()?.name === 'Society')
    const shown = () => chat.members.get().items.map(({ person, role }) => `${person.name} ${role}`)
    expect(shown()).toEqual(['Ann owner', 'Bob member', 'Cid admin'])
    await done(chat.removeMember(cid.id))
    await clock.until(() => chat.item.get()?.memberCount === 2)
    expect(shown()).toEqual(['Ann owner', 'Bob member'])
    await expect(done(chat.leave())).rejects.toMatchObject({ code: 'last-owner' })
    await done(chat.delete())
    await clock.until(() => chat.item.get() === undefined)
    expect(told.gone).toEqual([{ chatId: id, reason: 'deleted' }])
  })

  it('go when one is removed, with what was to be sent, and come back', async () => {
    const { client, server, clock, ann, told } = await reading()
    const cid = server.addPerson('Cid')
    const group = await cid.group('Club', [ann.id])
    await clock.until(() => client.chats.get().items.length === 2)
    server.refuse('send_message', 'overloaded', { times: 1_000 })
    const sent = client.chat(group).send('too late')
    await clock.advance(100)
    await cid.dismiss(group, ann.id)
    await clock.until(() => client.chats.get().items.length === 1)
    expect(told.gone).toEqual([{ chatId: group, reason: 'removed' }])
    expect(sent.get()).toMatchObject({ status: 'failed', problem: { code: 'chat-not-found' } })
    await cid.add(group, [ann.id])
    await clock.until(() => client.chats.get().items.length === 2)
    expect(told.joined?.at(-1)).toEqual({ chatId: group })
  })

  it('show who is typing and who is there, while they are on screen', async () => {
    const { client, server, clock, ann, bob, chat, chatId, ready } = await reading()
    for (const who of [ann, bob]) await who.send(chatId, 'hello')
    const other = clientOf(server, bob)
    await online(server, other.client)
    const close = chat.open()
    await ready()
    await clock.until(() => client.people.presence.get().get(bob.id)?.isOnline === true)
    other.client.chat(chatId).setTyping(true)
    await clock.until(() => chat.typing.get().length === 1)
    expect(client.chats.get().items[0]?.typing).toEqual([bob.id])
    await clock.advance(5_500)
    expect(chat.typing.get()).toEqual([])
    for (let i = 0; i < 10; i++) {
      other.client.chat(chatId).setTyping(true)
      await clock.advance(1_000)
      expect(chat.typing.get()).toEqual([bob.id])
    }
    other.client.chat(chatId).send('done')
    await clock.until(() => chat.typing.get().length === 0)
    other.client.close()
    await clock.until(() => client.people.presence.get().get(bob.id)?.isOnline === false)
    close()
    await clock.advance(100)
    bob.typing(chatId, true)
    await clock.advance(1_000)
    expect(chat.typing.get()).toEqual([])
  })

  it('climb to read in a group when the last one has read', async () => {
    const { client, server, clock, ann, bob } = await reading()
    const cid = server.addPerson('Cid')
    const group = await ann.group('Club', [bob.id, cid.id])
    await clock.until(() => client.chats.get().items.length === 2)
    const chat = client.chat(group)
    chat.open()
    await clock.until(() => chat.timeline.get().status === 'ready')
    const sent = chat.send('news')
    await clock.until(() => sent.get().status === 'sent')
    await bob.read(group)
    await clock.advance(1_000)
    expect(lines(client, group)).toEqual(['news (sent)'])
    await cid.read(group)
    await clock.until(() => lines(client, group)[0] === 'news (read)')
    expect(client.chats.get().items[0]?.lastRow?.state).toBe('read')
  })

  it('find people, chats and messages, with a signal to stop', async () => {
    const { client, clock, chat, chatId, done, bob } = await reading({ messages: 30 })
    await done(client.people.find('bo').then((page) => expect(page.items).toMatchObject([{ name: 'Bob' }])))
    await done(client.people.get(bob.id).then((person) => expect(person.name).toBe('Bob')))
    await done(client.chats.find('bo').then((page) => expect(page.items).toMatchObject([{ id: chatId }])))
    await done(client.chats.load(chatId).then((item) => expect(item).toMatchObject({ id: chatId, partner: { name: 'Bob' } })))
    await done(
      client.search('m3').then((page) => expect(page.items.map(({ text }) => text)).toEqual(expect.arrayContaining(['m3', 'm30']))),
    )
    await done(chat.search('m30').then((page) => expect(page.items).toHaveLength(1)))
    const stop = new AbortController()
    const asked = client.people.find('x', { signal: stop.signal })
    asked.catch(() => {})
    stop.abort(new Error('enough'))
    await clock.advance(100)
    await expect(asked).rejects.toThrow('enough')
  })

  it('tell who has read a message, and change it', async () => {
    const { chat, ready, clock, bob, chatId, done, lines: shown } = await reading()
    chat.open()
    await ready()
    const sent = chat.send('first')
    await clock.until(() => sent.get().status === 'sent')
    const { id } = chat.timeline.get().rows[0]!
    await bob.read(chatId)
    await done(chat.readersOf(id!).then((page) => expect(page.items).toMatchObject([{ person: { name: 'Bob' } }])))
    await done(chat.edit(id!, 'second', { version: 1 }))
    await clock.until(() => shown()[0] === 'second (read)')
    await expect(done(chat.edit(id!, 'third', { version: 1 }))).rejects.toMatchObject({ code: 'version-conflict' })
    await done(chat.remove(id!))
    await clock.until(() => shown()[0] === '– (read)')
    await done(chat.message(id!).then((message) => expect(message.deletedAt).toBeDefined()))
  })

  it('keep a mark that could not be told until they can', async () => {
    const { client, chat, ready, server, device, clock, chatId, bob } = await reading({ messages: 3 })
    chat.open()
    await ready()
    device.setOnline(false)
    chat.markRead()
    expect(client.chats.get().unread).toBe(0)
    device.setOnline(true)
    await online(server, client)
    await clock.advance(1_000)
    expect(client.chats.get().unread).toBe(0)
    const other = clientOf(server, bob)
    await online(server, other.client)
    await clock.until(() => other.client.chat(chatId).item.get()?.readByOthersSeq === 4)
  })
})

describe('a person', () => {
  it('changes the account, sees sessions and ends them', async () => {
    const { client, server, ann, done, clock } = await reading()
    const other = clientOf(server, ann)
    await online(server, other.client)
    await done(client.account.update({ name: 'Anna' }))
    expect(client.account.me.get()?.name).toBe('Anna')
    let others: string[] = []
    await done(client.account.sessions().then(({ items }) => (others = items.filter((one) => !one.isCurrent).map(({ id }) => id))))
    expect(others).toHaveLength(1)
    await done(client.account.endSession(others[0]!))
    await clock.until(() => other.client.connection.get().status === 'stopped')
  })
})
