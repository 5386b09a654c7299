import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chatApp } from '../../../src/adapters/http/app.ts'
import type { Endpoint } from '../../../src/adapters/wire/endpoints/endpoint.ts'
import { endpoints } from '../../../src/adapters/wire/endpoints.ts'
import { type ClientFrameType, clientFrames } from '../../../src/adapters/wire/frames.ts'
import type { OperationId } from '../../../src/adapters/wire/routes.ts'
import type { ChatId } from '../../../src/domain/ids.ts'
import { type Asked, bodiesOf, withoutBody } from '../../support/call-bodies.ts'
import { type HttpClient, httpClient } from '../../support/http-client.ts'
import type { SocketClient } from '../../support/socket-client.ts'
import { type Given, given, type Somebody } from './given.ts'

let at: Given
let http: HttpClient
beforeAll(async () => {
  at = await given({ config: { guests: true } })
  const { newId } = at.app.ports
  const app = chatApp({ api: at.api, version: '1.2.3', newId, stopwatch: () => performance.now(), onDefect: () => {}, guests: true })
  at.http.on('request', app.callback())
  http = httpClient(at.url)
})
afterAll(() => at[Symbol.asyncDispose]())

async function guest(): Promise<Somebody> {
  const { user, sessionId, accessToken: token } = await at.api.createGuest({ address: 'here' }, { name: 'Guest' })
  return { userId: user.id, sessionId, token, name: 'Guest' }
}

interface Scene {
  readonly guest: Somebody
  readonly stranger: Somebody
  /** The private chat in which the guest alone has written. */
  readonly chat: ChatId
  readonly message: string
  /** A group of others of which the guest is an admin, and in which every member may add and invite. */
  readonly group: ChatId
  readonly code: string
}

async function scene(): Promise<Scene> {
  const [owner, stranger, who] = [await at.person('Owner'), await at.person('Stranger'), await guest()]
  const group = await at.group(owner)
  await at.api.renameChat(owner, { chatId: group, rules: { post: 'member', add: 'member', invite: 'member' } })
  const { code } = await at.api.createInvitation(owner, { chatId: group, uses: undefined, expiresAt: undefined })
  await at.api.joinChat(who, { code })
  await at.api.changeRole(owner, { chatId: group, userId: who.userId, role: 'admin' })
  const { view } = await at.api.openPrivateChat(who, { userId: stranger.userId })
  const said = await at.say(who, view.chat.id, 'hello')
  return { guest: who, stranger, chat: view.chat.id, message: said.view.message.id, group, code }
}

const all = Object.entries(endpoints as Record<string, Endpoint>).filter(([, { open }]) => !open)
const address = (path: string, { chat, message, stranger }: Scene, chatId = chat): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const ids: Readonly<Record<string, string>> = { chat_id: chatId, message_id: message, emoji: encodeURIComponent('👍') }
    return ids[name] ?? stranger.userId
  })

const asked = ({ guest: { userId: me }, stranger: { userId }, code, chat: chatId }: Scene): Asked => {
  return { userId, me, password: 'none', code, chatId }
}
const bodyOf = (id: string, here: Scene): unknown => bodiesOf(asked(here))[id as OperationId]
/** Calls that end the account or the session of who asks. */
const ENDING = ['deleteMe', 'logout', 'endSession']

describe('a guest', () => {
  const changing = all.filter(([id, { method }]) => !['get', 'head'].includes(method) && !ENDING.includes(id))

  it.each(changing)('puts nobody into a group by %s', async (id, { method, path }) => {
    const here = await scene()
    const { guest: who, stranger, group, chat } = here
    const groups = async () =>
      (await at.api.listChats(stranger, { kind: 'group' }, { limit: 100 })).items.map(({ chat: { id: one } }) => one)
    for (const chatId of [group, chat, group])
      await http.call(method, address(path, here, chatId), { token: who.token, body: bodyOf(id, here) ?? {} })
    expect(await groups()).toEqual([])
  })

  it('asks with bodies that the calls take', async () => {
    expect(withoutBody(changing, bodiesOf(asked(await scene())))).toEqual([])
  })

  it.each(['createChat', 'addMembers'])('would, with an account, by %s', async (id) => {
    const here = await scene()
    const member = await at.person('Member')
    await at.api.joinChat(member, { code: here.code })
    const { method, path } = (endpoints as Record<string, Endpoint>)[id]!
    const answer = await http.call(method, address(path, here, here.group), { token: member.token, body: bodyOf(id, here) })
    expect(answer.status).toBeLessThan(300)
    expect((await at.api.listChats(here.stranger, { kind: 'group' }, { limit: 100 })).items).toHaveLength(1)
  })
})

const queries: Readonly<Record<string, string>> = {
  findUsers: '?query=Stranger',
  searchMessages: '?query=hello',
  findExternalUser: '?external_id=x',
}
/** Says when the guest was there last. */
const OWN = ['listSessions']
const reading = all.filter(([id, { method }]) => method === 'get' && !OWN.includes(id))

/** What a guest asks in each frame; the answers and what comes by itself are all that it learns. */
const frames: { readonly [T in ClientFrameType]: (scene: Scene) => object } = {
  authorize: ({ guest: { token } }) => ({ token }),
  resume: () => ({ cursors: {} }),
  send_message: ({ chat }) => ({ chat_id: chat, client_message_id: 'again', text: 'hello' }),
  edit_message: ({ chat, message }) => ({ chat_id: chat, message_id: message, text: 'hello' }),
  delete_message: ({ chat, stranger }) => ({ chat_id: chat, message_id: stranger.userId }),
  add_reaction: ({ chat, message }) => ({ chat_id: chat, message_id: message, emoji: '👍' }),
  remove_reaction: ({ chat, message }) => ({ chat_id: chat, message_id: message, emoji: '👎' }),
  mark_read: ({ chat }) => ({ chat_id: chat, seq: 1 }),
  typing: ({ chat }) => ({ chat_id: chat, active: true }),
  join_chat: ({ chat }) => ({ chat_id: chat }),
  leave_chat: ({ chat }) => ({ chat_id: chat }),
  fetch: ({ chat }) => ({ chat_id: chat, after: 0 }),
  ping: () => ({}),
}

/** Each request has an id of its own. */
const withoutRequest = (name: string, value: unknown): unknown => (name === 'request_id' ? undefined : value)

/** Everything that a guest is told by all calls and frames, but the time, while the other one is there or is not. */
async function told(here: Scene, watching: SocketClient): Promise<Readonly<Record<string, string>>> {
  const { guest: who } = here
  const answers: Record<string, string> = {}
  for (const [id, { path }] of reading) {
    const { status, body } = await http
      .call(`get`, address(path, here) + (queries[id] ?? ''), { token: who.token })
      .catch(() => ({ status: 0, body: '' }))
    answers[id] = JSON.stringify([status, body], withoutRequest)
  }
  await using socket = await at.connect(who)
  for (const [type, frame] of Object.entries(frames)) {
    const { ok, problem } = await socket.ask(type as ClientFrameType, frame(here))
    // These say when, and on which session.
    const said = type === 'authorize' ? {} : type === 'resume' ? { ...ok, as_of: '' } : ok
    answers[type] = JSON.stringify([said, problem?.code])
  }
  const isOfPresence = ({ type }: { readonly type: string }) => type === 'presence' || type === 'typing'
  answers.heard = JSON.stringify([...socket.frames, ...watching.frames].filter(isOfPresence))
  return answers
}

/** Which answers differ by whether somebody is there. */
async function telling(here: Scene): Promise<readonly string[]> {
  await using watching = await at.live(here.guest)
  await watching.get('join_chat', { chat_id: here.chat })
  at.clock.advance(120_000)
  await told(here, watching)
  await at.app.activity.flush()
  const away = await told(here, watching)
  await using _there = await at.live(here.stranger)
  await at.app.activity.flush()
  const present = await told(here, watching)
  return Object.keys(away).filter((id) => away[id] !== present[id])
}

describe('whether a stranger is there', () => {
  it('is told to a guest by no call and by no frame', async () => {
    expect(await telling(await scene())).toEqual([])
  })

  it('is asked by nothing that puts the stranger into a group', async () => {
    const here = await scene()
    await telling(here)
    expect((await at.api.listChats(here.stranger, { kind: 'group' }, { limit: 100 })).items).toEqual([])
  })

  it('would be told of somebody who has answered', async () => {
    const here = await scene()
    await at.say(here.stranger, here.chat, 'hello')
    expect(await telling(here)).toEqual(expect.arrayContaining(['join_chat', 'heard', 'getUser']))
  })

  it('is asked in every frame, and in every call that reads', () => {
    expect(Object.keys(frames).toSorted()).toEqual(Object.keys(clientFrames).toSorted())
    const asks = ([id, { query }]: (typeof reading)[number]) =>
      query?.safeParse(Object.fromEntries(new URLSearchParams(queries[id]))).success
    expect(reading.filter((row) => asks(row) === false).map(([id]) => id)).toEqual([])
  })
})
