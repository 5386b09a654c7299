import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type ChatClient, createAuth, createChat } from '../../src/client/index.ts'
import { createServer, type Server } from '../../src/main/server.ts'
import { tempFolder } from '../support/places.ts'
import { eventually } from '../support/waiting.ts'

let server: Server
const clients: ChatClient[] = []

beforeAll(async () => {
  server = await createServer({ databaseUrl: 'sqlite::memory:', port: 0, rateLimits: false })
})
afterAll(async () => {
  for (const client of clients) client.close()
  await server?.close()
})

let people = 0
async function somebody(name: string, { url } = server) {
  const auth = createAuth({ url })
  await auth.register({ name, email: `${name.toLowerCase()}${++people}@example.com`, password: 'correct horse battery' })
  const client = createChat({ url, auth, WebSocket })
  client.on('error', ({ error, during }) => console.error('error', during, error))
  clients.push(client)
  client.start()
  await eventually(() => expect(client.connection.get().status).toBe('online'))
  return { client, auth, id: auth.session.get()!.user.id }
}

const texts = (client: ChatClient, id: string) =>
  client
    .chat(id)
    .timeline.get()
    .rows.map(({ text, state }) => `${text} ${state}`)

describe('two people with the client, over the real server', () => {
  it('write, read, edit and delete', async () => {
    const ann = await somebody('Ann')
    const bob = await somebody('Bob')
    const { id } = await ann.client.chats.openPrivate(bob.id)
    ann.client.chat(id).open()
    const handle = ann.client.chat(id).send('Hello')
    expect(texts(ann.client, id)).toEqual(['Hello queued'])
    expect(await handle.settled()).toMatchObject({ status: 'sent', message: { text: 'Hello' } })
    await eventually(() => expect(bob.client.chats.get().items).toMatchObject([{ id, unread: 1, lastMessage: { text: 'Hello' } }]))

    bob.client.chat(id).open()
    await eventually(() => expect(texts(bob.client, id)).toEqual(['Hello sent']))
    expect(bob.client.chat(id).timeline.get().divider).toBe(bob.client.chat(id).timeline.get().rows[0]!.key)
    bob.client.chat(id).markRead()
    expect(bob.client.chats.get().unread).toBe(0)
    await eventually(() => expect(texts(ann.client, id)).toEqual(['Hello read']))

    bob.client.chat(id).setTyping(true)
    await eventually(() => expect(ann.client.chat(id).typing.get()).toEqual([bob.id]))
    // Only now do the two know each other.
    expect(ann.client.people.presence.get().get(bob.id)).toBeUndefined()
    await bob.client.chat(id).send('Hi').settled()
    await eventually(() => expect(ann.client.people.presence.get().get(bob.id)).toMatchObject({ isOnline: true }))

    const messageId = ann.client.chat(id).timeline.get().rows[0]!.id!
    await ann.client.chat(id).edit(messageId, 'Hello!')
    await eventually(() => expect(texts(bob.client, id)).toEqual(['Hello! sent', 'Hi sent']))
    await ann.client.chat(id).remove(messageId)
    await eventually(() => expect(bob.client.chat(id).timeline.get().rows[0]).toMatchObject({ text: undefined }))
  })

  it('loads windows of a long chat', async () => {
    const ann = await somebody('Ann')
    const bob = await somebody('Bob')
    const { id } = await ann.client.chats.createGroup({ name: 'Long', memberIds: [bob.id] })
    const handles = Array.from({ length: 180 }, (_, i) => ann.client.chat(id).send(`m${i + 1}`))
    await Promise.all(handles.map((handle) => handle.settled()))
    const chat = bob.client.chat(id)
    const rows = () => chat.timeline.get().rows.map(({ text }) => text)
    chat.open()
    await eventually(() => expect(rows()).toHaveLength(50))
    expect(rows().at(-1)).toBe('m180')
    await chat.loadOlder()
    expect(rows()).toHaveLength(100)
    await chat.jumpTo(20)
    expect(chat.timeline.get()).toMatchObject({ hasOlder: false, hasNewer: true })
    ann.client.chat(id).send('m181')
    while (chat.timeline.get().hasNewer) await chat.loadNewer()
    await eventually(() => expect(rows()).toEqual(Array.from({ length: 181 }, (_, i) => `m${i + 1}`)))
    await chat.jumpToUnread()
    expect(chat.timeline.get().divider).toBe(chat.timeline.get().rows[0]!.key)
  })
})

describe('a service that goes away and comes back', () => {
  it('gets what was written meanwhile, once and in order', async () => {
    await using folder = await tempFolder('windi-chat-client')
    const settings = { databaseUrl: `sqlite:${join(folder.path, 'chat.db')}`, rateLimits: false, jwtSecret: 'x'.repeat(32) }
    const first = await createServer({ ...settings, port: 0 })
    const ann = await somebody('Ann', first)
    const bob = await somebody('Bob', first)
    const { id } = await ann.client.chats.openPrivate(bob.id)
    ann.client.chat(id).open()
    bob.client.chat(id).open()
    await eventually(() => expect(bob.client.chat(id).timeline.get().status).toBe('ready'))
    await first.close()
    const handles = ['one', 'two', 'three'].map((text) => ann.client.chat(id).send(text))
    await eventually(() => expect(ann.client.connection.get().status).toMatch(/waiting|connecting/))
    expect(texts(ann.client, id)).toHaveLength(3)
    const second = await createServer({ ...settings, port: Number(new URL(first.url).port) })
    try {
      for (const { client } of [ann, bob]) client.reconnectNow()
      await Promise.all(handles.map((handle) => handle.settled()))
      await eventually(() => expect(texts(ann.client, id)).toEqual(['one sent', 'two sent', 'three sent']))
      await eventually(() => expect(texts(bob.client, id)).toEqual(['one sent', 'two sent', 'three sent']))
    } finally {
      for (const { client } of [ann, bob]) client.close()
      await second.close()
    }
  })
})
