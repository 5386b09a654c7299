import { randomUUIDv7 } from 'node:crypto'
import { chatApp } from '../../../src/adapters/http/app.ts'
import type { ClientFrameType, ServerFrameOf, ServerFrameType } from '../../../src/adapters/wire/frames.ts'
import type { ChatId, ClientMessageId } from '../../../src/domain/ids.ts'
import { type Given, given, type Somebody } from '../../integration/ws/given.ts'
import { httpClient } from '../http-client.ts'
import type { MembersOf } from '../socket-client.ts'

/** What a server answers and sends: by call, by command, by type of frame and by kind of event. */
export interface Recording {
  readonly calls: Readonly<Record<string, unknown>>
  readonly results: Readonly<Record<string, unknown>>
  readonly frames: Readonly<Record<string, unknown>>
  readonly events: Readonly<Record<string, unknown>>
}

/** More is missed than a resume sends. */
const TOO_MANY = 520

/** Plays one story on a server in memory and keeps an example of everything that the server says in it. */
export async function record(): Promise<Recording> {
  await using at = await given()
  const people: Cast = { ann: await at.person('Ann'), ben: await at.person('Ben'), cyd: await at.person('Cyd') }
  const app = chatApp({ api: at.api, version: '0', newId: randomUUIDv7, stopwatch: () => 0, onDefect: () => {} })
  at.http.on('request', app.callback())
  const { group, pair } = await story(at, people)
  const calls = await called(at, people, { group, pair })
  const { results, frames } = await spoken(at, people, { group, pair })
  const { items } = calls['listEvents'] as { readonly items: readonly { readonly type: string }[] }
  return { calls, results, frames, events: Object.fromEntries(items.map((event) => [event.type, event])) }
}

interface Cast {
  readonly ann: Somebody
  readonly ben: Somebody
  readonly cyd: Somebody
}
interface Chats {
  readonly group: ChatId
  readonly pair: ChatId
}

/** One of each kind of event in a group, and a private chat. */
async function story(at: Given, { ann, ben, cyd }: Cast): Promise<Chats> {
  const { api } = at
  const chatId = await at.group(ann, ben)
  const dot = await at.person('Dot')
  await api.addMembers(ann, { chatId, userIds: [cyd.userId, dot.userId] })
  await api.renameChat(ann, { chatId, name: 'Tea' })
  await api.changeRole(ann, { chatId, userId: ben.userId, role: 'admin' })
  const { view: first } = await at.say(ann, chatId, 'first')
  const { view: second } = await at.say(dot, chatId, 'second')
  const key = randomUUIDv7() as ClientMessageId
  await api.sendMessage(ann, { chatId, clientMessageId: key, text: 'an answer', replyTo: first.message.id })
  await api.editMessage(ann, { chatId, messageId: first.message.id, text: 'edited' })
  await api.deleteMessage(ann, { chatId, messageId: second.message.id })
  await api.markRead(ben, { chatId, messageId: first.message.id })
  await api.removeMembers(cyd, { chatId, userIds: [cyd.userId] })
  await api.deleteMe(dot, { password: 'a battery of horses' })
  const eve = await at.person('Eve')
  await api.addMembers(ann, { chatId, userIds: [eve.userId] })
  await api.removeMembers(ann, { chatId, userIds: [eve.userId] })
  const { view } = await api.sendMessageToUser(ann, { userId: ben.userId, clientMessageId: key, text: 'hello' })
  return { group: chatId, pair: view.message.chatId }
}

/** One answer of each reading call. */
async function called(at: Given, { ann, ben }: Cast, { group, pair }: Chats): Promise<Record<string, unknown>> {
  const { call } = httpClient(at.url)
  const get = async (path: string) => {
    const { status, body } = await call<unknown>('get', path, { token: ann.token })
    if (status !== 200) throw new Error(`${path} answers ${status}`)
    return body
  }
  const { items } = (await get(`/chats/${group}/messages?order=asc`)) as { readonly items: readonly { readonly id: string }[] }
  const message = `/chats/${group}/messages/${items[0]!.id}`
  return {
    getService: await get('/'),
    getMe: await get('/users/me'),
    getUser: await get(`/users/${ben.userId}`),
    findUsers: await get('/users?count=true'),
    listSessions: await get('/auth/sessions?count=true'),
    listChats: await get('/chats?count=true'),
    getChat: await get(`/chats/${pair}`),
    listMembers: await get(`/chats/${group}/members?count=true`),
    listMessages: await get(`/chats/${group}/messages?count=true`),
    searchMessages: await get('/messages?query=edited'),
    getMessage: await get(message),
    listReaders: await get(`${message}/readers?count=true`),
    listEvents: await get(`/chats/${group}/events?limit=100&count=true`),
    problem: (await call('get', `/chats/${randomUUIDv7()}`, { token: ann.token })).body,
  }
}

/** The result of each command, and one frame of each type. `skip` is not sent yet, `gap` only to slow readers. */
async function spoken(at: Given, { ann, ben, cyd }: Cast, { group: chat_id, pair }: Chats) {
  const results: Record<string, unknown> = {}
  const frames: Record<string, unknown> = {
    skip: { type: 'skip', chat_id, from: 4, to: 6 },
    gap: { type: 'gap', chat_id, from: 4, to: 6 },
  }
  const other = await at.live(ben)
  const socket = await at.connect()
  const keep = async <T extends ServerFrameType>(type: T, holds?: (frame: ServerFrameOf<T>) => boolean) =>
    void (frames[type] = await socket.first(type, holds))
  const ask = async <T extends ClientFrameType>(type: T, members: MembersOf<T>) => void (results[type] = await socket.get(type, members))
  await keep('hello')
  await ask('authorize', { token: ann.token })
  await ask('resume', { cursors: { [chat_id]: 1 }, epoch: 'another' })
  await keep('reset')
  await ask('join_chat', { chat_id })
  await ask('send_message', { chat_id, client_message_id: randomUUIDv7(), text: 'over the socket' })
  await keep('event', ({ event }) => event.type === 'message.sent')
  const { message } = results['send_message'] as { readonly message: { readonly id: string; readonly seq: number } }
  await ask('edit_message', { chat_id, message_id: message.id, text: 'edited there' })
  await ask('delete_message', { chat_id, message_id: message.id })
  await other.get('typing', { chat_id, active: true })
  await keep('typing', ({ user_ids }) => user_ids.length > 0)
  await other.get('mark_read', { chat_id, seq: message.seq })
  await keep('receipt')
  await other.close()
  await keep('presence')
  await ask('mark_read', { chat_id, seq: message.seq })
  await ask('typing', { chat_id, active: true })
  await ask('fetch', { chat_id, after: 0, limit: 1 })
  await ask('leave_chat', { chat_id })
  await ask('ping', {})
  socket.send({ type: 'nothing' })
  await keep('error')
  frames['ok'] = socket.of('ok')[0]
  at.pass(25_000)
  await keep('heads', ({ heads }) => Object.keys(heads).length > 0)
  await at.api.addMembers(ann, { chatId: chat_id, userIds: [cyd.userId] })
  const late = await at.live(cyd)
  await at.api.removeMembers(ann, { chatId: chat_id, userIds: [cyd.userId] })
  frames['chat_gone'] = await late.first('chat_gone')
  for (let i = 0; i < TOO_MANY; i++) await at.say(ben, pair, `${i}`)
  const behind = await at.connect(ann)
  await behind.resume({ [pair]: 1 })
  const limited = await behind.first('limited')
  frames['limited'] = { ...limited, newest: limited.newest.slice(0, 1) }
  const drained = at.sockets.drain(1)
  await keep('reconnect')
  await drained
  return { results, frames }
}
