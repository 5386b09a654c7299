import { createServer, type IncomingMessage } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { memory } from '../../../src/adapters/memory/ports.ts'
import type { Me } from '../../../src/adapters/wire/schemas/people.ts'
import type { Delivery } from '../../../src/application/live/delivery.ts'
import { SYSTEM_ID } from '../../../src/domain/ids.ts'
import { isRefusal, Refusal, refuse } from '../../../src/domain/refusal.ts'
import { type EmbedOptions, embed } from '../../../src/main/embed.ts'
import { type Mounted, openChat } from '../../../src/main/mount.ts'
import type { ServerOptions } from '../../../src/main/server-options.ts'
import { httpClient } from '../../support/http-client.ts'
import { listening, plainPasswords } from '../../support/http-server.ts'
import { eventually } from '../../support/waiting.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function embedded(options: EmbedOptions = {}) {
  const chat = embed(memory(), options)
  closing.push(chat.close)
  const [anna, boris] = [await chat.addPerson({ name: 'Anna' }), await chat.addPerson({ name: 'Boris' })]
  const { view } = await chat.as(anna.userId).createGroup({ name: 'Group', memberIds: [boris.userId] })
  const send = (clientMessageId: string, text: string) => chat.as(anna.userId).sendMessage({ chatId: view.chat.id, clientMessageId, text })
  return { chat, anna, boris, chatId: view.chat.id, send }
}

describe('beforeSend', () => {
  const masked = { beforeSend: ({ text }: { text: string }) => ({ text: text.replaceAll('damn', '****') }) }

  it('changes what is stored, while retries are compared with what the client sent', async () => {
    const { send } = await embedded(masked)
    const first = await send('k', 'damn it')
    expect(first).toMatchObject({ replayed: false, view: { message: { text: '**** it' } } })
    expect(await send('k', 'damn it')).toMatchObject({ replayed: true, view: { message: { id: first.view.message.id, text: '**** it' } } })
    await expect(send('k', '**** it')).rejects.toMatchObject({ code: 'key-reused' })
  })

  it('is asked about edits, private messages and forwards', async () => {
    const asked: unknown[] = []
    const { chat, anna, boris, chatId, send } = await embedded({
      beforeSend({ text }, about) {
        asked.push(about)
        return { text: text.replaceAll('damn', '****') }
      },
    })
    const { view } = await send('k', 'hello')
    const messageId = view.message.id
    expect(await chat.as(anna.userId).editMessage({ chatId, messageId, text: 'damn' })).toMatchObject({ message: { text: '****' } })
    const whispered = await chat.as(anna.userId).sendMessageToUser({ userId: boris.userId, clientMessageId: 'p', text: 'damn you' })
    expect(whispered.view.message.text).toBe('**** you')
    const forward = { chatId, messageId }
    const forwarded = await chat.as(boris.userId).sendMessageToUser({ userId: anna.userId, clientMessageId: 'f', forward })
    expect(forwarded.view.message.text).toBe('****')
    const caller = { userId: anna.userId }
    expect(asked).toEqual([
      { caller, chat: { id: chatId }, edit: false },
      { caller, chat: { id: chatId }, edit: true },
      { caller, chat: { partnerId: boris.userId }, edit: false },
      { caller: { userId: boris.userId }, chat: { partnerId: anna.userId }, edit: false },
    ])
  })

  it('is asked about what comes in by an inlet', async () => {
    const { chat, anna, chatId } = await embedded({
      beforeSend: ({ text }) => (text === 'no' ? refuse('not-that') : masked.beforeSend({ text })),
    })
    const { inlet, secret } = await chat.api.createInlet(anna, { chatId, name: 'Build' })
    const post = (text: string, key?: string) => chat.api.postToInlet({ address: '127.0.0.1' }, { inletId: inlet.id, secret, text, key })
    const { messageId } = await post('damn build', 'k')
    expect((await chat.as(anna.userId).getMessage({ chatId, messageId })).message.text).toBe('**** build')
    expect(await post('damn build', 'k')).toEqual({ messageId })
    await expect(post('no')).rejects.toMatchObject({ code: 'refused', facts: { reason: 'not-that' } })
  })

  it('refuses new messages, and answers those that are stored, whatever it says by then', async () => {
    let isStrict = false
    const { send } = await embedded({ beforeSend: (draft) => (isStrict ? refuse('no-links', 'No links.') : draft) })
    const { view } = await send('k', 'hello')
    isStrict = true
    expect(await send('k', 'hello')).toMatchObject({ replayed: true, view: { message: { id: view.message.id } } })
    await expect(send('k', 'other')).rejects.toMatchObject({ code: 'key-reused' })
    await expect(send('n', 'hello')).rejects.toMatchObject({ code: 'refused', facts: { reason: 'no-links', detail: 'No links.' } })
  })

  it('leaves out mentions of an edit that have no place in the text it made', async () => {
    const { chat, anna, boris, chatId, send } = await embedded({ beforeSend: ({ text }) => ({ text: text.replace('damn ', '') }) })
    const { view } = await send('k', 'hello')
    const edit = (text: string, start: number) =>
      chat.as(anna.userId).editMessage({
        chatId,
        messageId: view.message.id,
        text,
        mentions: [{ kind: 'user', userId: boris.userId, start, length: 6 }],
      })
    expect((await edit('damn @Boris', 5)).message).toMatchObject({ text: '@Boris', content: { mentions: [] } })
    expect((await edit('hi @Boris', 3)).message.content.mentions).toHaveLength(1)
    await expect(edit('hi', 3)).rejects.toMatchObject({ code: 'invalid' })
  })

  it('has so much time', async () => {
    let expire: (() => void) | undefined
    const { send } = await embedded({
      beforeSend: () => new Promise(() => {}),
      later: (run, wait) => void (wait === 1_500 && (expire = run)),
    })
    const sent = send('k', 'hello')
    await eventually(() => expect(expire).toBeDefined())
    expire!()
    await expect(sent).rejects.toMatchObject({ code: 'overloaded' })
  })

  it('has its text checked, too', async () => {
    const { send } = await embedded({ beforeSend: () => ({ text: ' ' }) })
    await expect(send('k', 'hello')).rejects.toMatchObject({ code: 'text-empty' })
  })
})

it('chats and joining can be refused', async () => {
  let isClosed = false
  const gate = () => void (isClosed && refuse('closed'))
  const { chat, anna, boris, chatId } = await embedded({ beforeCreateChat: gate, beforeJoin: gate })
  const carla = await chat.addPerson({ name: 'Carla' })
  isClosed = true
  const refused = { code: 'refused', facts: { reason: 'closed' } }
  await expect(chat.as(anna.userId).createGroup({ name: 'No', memberIds: [] })).rejects.toMatchObject(refused)
  await expect(chat.as(anna.userId).openPrivateChat({ userId: boris.userId })).rejects.toMatchObject(refused)
  await expect(chat.as(anna.userId).addMembers({ chatId, userIds: [carla.userId] })).rejects.toMatchObject(refused)
})

describe('a program that holds a chat', () => {
  it('names users by its own ids, provisions them, posts as the system and makes keys', async () => {
    const { chat, chatId } = await embedded()
    const profiles = [{ externalId: 'crm:1', name: 'Carla' }]
    const [carla] = await chat.people.upsert(profiles)
    expect(carla).toMatchObject({ result: 'created' })
    expect(await chat.people.upsert(profiles)).toMatchObject([{ result: 'same', userId: carla!.userId }])
    expect(await chat.as({ externalId: 'crm:1' }).getMe()).toMatchObject({ id: carla!.userId })
    await expect(chat.as({ externalId: 'nobody' }).getMe()).rejects.toMatchObject({ code: 'user-not-found' })
    await expect(chat.as(SYSTEM_ID.replace('1', '2')).getMe()).rejects.toMatchObject({ code: 'user-not-found' })
    expect(await chat.system.sendMessage({ chatId, clientMessageId: 's', text: 'Hello' })).toMatchObject({
      view: { message: { sender: { id: SYSTEM_ID } } },
    })
    const { id, key } = await chat.keys.create({ name: 'Back end', scopes: ['read'] })
    expect(key).toMatch(/^wck_/)
    await chat.keys.revoke(id)
    await expect(chat.keys.revoke(id)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('goes on hearing after a listener has thrown', async () => {
    const defects: unknown[] = []
    const { chat, boris, send } = await embedded({ onDefect: (error) => defects.push(error) })
    const heard: Delivery[] = []
    await chat.listen(boris, (delivery) => {
      heard.push(delivery)
      throw new Error('mine')
    })
    await send('one', 'one')
    await send('two', 'two')
    expect(heard.filter(({ type }) => type === 'event')).toHaveLength(2)
    expect(defects).toHaveLength(2)
  })

  it('adds one user under one id, however often, and none under what is no id', async () => {
    const { chat } = await embedded()
    const id = '0190a6f0-0000-7000-8000-0000000000aa'
    const added = await Promise.all(Array.from({ length: 8 }, () => chat.addPerson({ name: 'Twin', id })))
    expect(new Set(added.map(({ userId }) => userId))).toEqual(new Set([id]))
    await expect(chat.addPerson({ name: 'Odd', id: 42 as never })).rejects.toMatchObject({ code: 'invalid' })
    await chat.api.deleteUser({ userId: SYSTEM_ID, sessionId: SYSTEM_ID as never, via: 'key', scopes: ['admin'] }, id as never)
    await expect(chat.addPerson({ name: 'Again', id })).rejects.toMatchObject({ code: 'user-not-found' })
  })

  it('is told of names that it has misspelt', async () => {
    expect(() => embed(memory(), { clok: Date.now } as object)).toThrow('"clok" is unknown; did you mean "clock"?')
    await expect(openChat({ databseUrl: 'memory:' } as object)).rejects.toThrow('did you mean "databaseUrl"?')
    await expect(openChat({ databaseUrl: 'memory:', accessTtl: 'soon' as never })).rejects.toThrow('accessTtl is a length of time')
    await using chat = await openChat({ databaseUrl: 'memory:', accessTtl: '15m' as never, ports: { passwords: plainPasswords } })
    const person = { name: 'Anna', email: 'anna@example.com', password: 'four words in line' }
    expect(await chat.api.register({ address: 'here' }, person)).toMatchObject({ expiresIn: 900_000 })
  })
})

it('refusals are told apart by their codes', () => {
  const thrown: unknown = new Refusal('text-too-long', { limit: 1, length: 2 })
  expect(isRefusal(thrown)).toBe(true)
  expect(isRefusal(thrown, 'text-empty', 'text-too-long') && thrown.code).toBe('text-too-long')
  expect(isRefusal(thrown, 'text-empty')).toBe(false)
  expect(isRefusal(thrown, 'text-too-long') ? thrown.facts.limit : 0).toBe(1)
  expect(() => refuse('Not a reason')).toThrow(TypeError)
})

/** The users of a host, by the cookie of their browser. */
function cookies() {
  const sessions = new Map([
    ['a', { externalId: 'host:anna', name: 'Anna', session: 'anna 1' }],
    ['b', { externalId: 'host:boris', name: 'Boris', session: 'boris 1' }],
  ])
  const identify = ({ headers }: IncomingMessage) => sessions.get(/session=(\w+)/.exec(headers.cookie ?? '')?.[1] ?? '')
  return { sessions, identify }
}

async function served(
  options: ServerOptions,
  before: (chat: Mounted) => ReturnType<typeof createServer> = (chat) => createServer(chat.listener),
) {
  const chat = await openChat({ databaseUrl: 'memory:', ports: { passwords: plainPasswords }, ...options })
  const http = before(chat)
  chat.attach(http)
  const server = await listening(http)
  closing.push(chat.close, server.close)
  return { chat, http, ...httpClient(server.url) }
}

describe('users of a host', () => {
  it('are known by its cookie, and change something from its own pages only', async () => {
    const { call, url } = await served({ identify: cookies().identify, allowedOrigins: ['https://shop.example'] })
    const as = (cookie: string, origin?: string) => ({ headers: { cookie: `session=${cookie}`, ...(origin && { origin }) } })
    const me = await call<Me>('get', '/users/me', as('a'))
    expect(me).toMatchObject({ status: 200, body: { external_id: 'host:anna', name: 'Anna' } })
    expect((await call<Me>('get', '/users/me', as('a'))).body.id).toBe(me.body.id)
    expect((await call('get', '/users/me', as('x'))).status).toBe(401)
    expect((await call('get', '/users/me')).status).toBe(401)
    const rename = (origin?: string) => call('patch', '/users/me', { ...as('a', origin), body: { name: 'Ann' } })
    expect(await rename()).toMatchObject({ status: 403, body: { code: 'not-allowed' } })
    expect((await rename('https://evil.example')).status).toBe(403)
    expect((await rename(url)).status).toBe(200)
    expect((await rename('https://shop.example')).status).toBe(200)
    expect(await call('post', '/users/me/delete', { ...as('a', url), body: { password: '' } })).toMatchObject({
      status: 403,
      body: { requires: ['password'] },
    })
  })

  it('have sockets, which end with the host’s session', async () => {
    const { sessions, identify } = cookies()
    const { chat, url, call } = await served({ identify })
    const socket = await connected(url, { cookie: 'session=a' })
    expect(socket.hello.user_id).toBe((await call<Me>('get', '/users/me', { headers: { cookie: 'session=a' } })).body.id)
    const other = await connected(url, { cookie: 'session=b' })
    sessions.delete('a')
    await chat.endSession('anna 1')
    expect(await socket.closed).toBe(4403)
    expect((await call('get', '/users/me', { headers: { cookie: 'session=a' } })).status).toBe(401)
    expect((await call('get', '/users/me', { headers: { cookie: 'session=b' } })).status).toBe(200)
    other.close()
  })
})

/** A bare socket: the first frame, and how it ends. */
async function connected(url: string, headers: Record<string, string>) {
  const { WebSocket } = await import('ws')
  const ws = new WebSocket(`${url.replace('http', 'ws')}/api/v1/ws`, { headers })
  const closed = new Promise<number>((resolve) => ws.on('close', resolve))
  const hello = await new Promise<{ user_id?: string }>((resolve, reject) => {
    ws.once('message', (data: Buffer) => resolve(JSON.parse(data.toString()) as { user_id?: string }))
    ws.once('error', reject)
  })
  return { hello, closed, close: () => ws.close() }
}

describe('a chat beside other things', () => {
  it('is below a path of its own', async () => {
    const { chat, url } = await served({ basePath: '/chat/' })
    expect((await fetch(`${url}/chat/api/v1`)).status).toBe(200)
    expect((await fetch(`${url}/chat/livez`)).status).toBe(200)
    const ws = new (await import('ws')).WebSocket(`${url.replace('http', 'ws')}/chat/api/v1/ws`)
    await new Promise((resolve) => ws.once('message', resolve))
    ws.close()
    expect(chat.place).toContain('memory')
    await expect(openChat({ databaseUrl: 'memory:', basePath: 'chat' })).rejects.toThrow('basePath is a path')
  })

  it('shares a server with sockets of others', async () => {
    const { url } = await served({}, (chat) => {
      const http = createServer(chat.listener)
      const others = new WebSocketServer({ server: http, path: '/others' })
      others.on('connection', (ws) => ws.send('theirs'))
      return http
    })
    const first = async (path: string) => {
      const ws = new (await import('ws')).WebSocket(url.replace('http', 'ws') + path)
      const text = await new Promise<string>((resolve, reject) => {
        ws.once('message', (data: Buffer) => resolve(data.toString()))
        ws.once('error', reject)
      })
      ws.close()
      return text
    }
    expect(await first('/others')).toBe('theirs')
    expect(await first('/api/v1/ws')).toContain('hello')
  })

  it.each([
    ['takes what a parser of the host has left', true, 201],
    ['says that somebody else has read the body', false, 422],
  ])('%s', async (_, isLeft, status) => {
    const { call } = await served({}, (chat) =>
      createServer((request, response) => {
        const chunks: Buffer[] = []
        request.on('data', (chunk: Buffer) => chunks.push(chunk))
        request.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          if (isLeft && text !== '') Object.assign(request, { body: JSON.parse(text) })
          // Node tells that a stream has ended after its last event.
          setImmediate(() => chat.listener(request, response))
        })
      }),
    )
    const body = { name: 'Anna', email: 'anna@example.com', password: 'four words in line' }
    const reply = await call<{ errors?: { detail: string }[] }>('post', '/auth/register', { body })
    expect(reply.status).toBe(status)
    const details = reply.body.errors?.map(({ detail }) => detail.slice(0, 8))
    expect(details).toEqual(isLeft ? undefined : ['was read'])
  })

  it('tells the client the host’s own reasons', async () => {
    const own = () => {
      throw new (Refusal as new (code: string) => Refusal)('quota-of-plan')
    }
    const { register } = await served({ beforeSend: own, beforeCreateChat: () => refuse('plan.too-small', 'Upgrade.') })
    const [anna, boris] = [await register('Anna'), await register('Boris')]
    expect(await anna.call('post', `/users/${boris.id}/messages`, { client_message_id: 'k', text: 'x' })).toMatchObject({
      status: 422,
      body: { code: 'refused', reason: 'quota-of-plan' },
    })
    expect(await anna.call('post', '/chats', { kind: 'group', name: 'G' })).toMatchObject({
      status: 422,
      body: { code: 'refused', reason: 'plan.too-small', detail: 'Upgrade.' },
    })
  })
})
