import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Endpoint } from '../../../src/adapters/wire/endpoints/endpoint.ts'
import { endpoints } from '../../../src/adapters/wire/endpoints.ts'
import type { OperationId } from '../../../src/adapters/wire/routes.ts'
import type { Chat } from '../../../src/adapters/wire/schemas/chats.ts'
import type { Delivery } from '../../../src/application/live/delivery.ts'
import type { SessionId, UserId } from '../../../src/domain/ids.ts'
import { type Asked, bodiesOf, withoutBody } from '../../support/call-bodies.ts'
import type { SignedInClient } from '../../support/http-client.ts'
import { type HttpServed, serveHttp } from '../../support/http-server.ts'
import { type Pushes, pushesOf } from '../../support/pushes.ts'

const mailed: string[] = []
let server: HttpServed
let pushes: Pushes
beforeAll(async () => {
  const send = async (_kind: unknown, to: string) => void mailed.push(to)
  server = await serveHttp({}, {}, { mail: { send } })
  pushes = pushesOf(server.app)
})
afterAll(() => server.close())

let keys = 0
const said = () => ({ client_message_id: `key ${++keys}`, text: 'hello' })

/** Takes back what was there before, tells how far somebody has read, or changes the name by which lists show them: not held back. */
const EXEMPT = ['deleteMessage', 'removeReaction', 'unpinMessage', 'markRead', 'markMessageRead', 'updateMe']
/** Ends the account of who asks, or the session, which the next call needs. */
const ENDING = ['deleteMe', 'logout', 'endSession']
const table = Object.entries(endpoints as Record<string, Endpoint>).filter(
  ([id, { open, method }]) => !open && !['get', 'head'].includes(method) && ![...EXEMPT, ...ENDING].includes(id),
)

interface Pair {
  readonly ann: SignedInClient
  readonly bob: SignedInClient
  readonly chat: string
  readonly own: string
  /** A group of Ann's in which Bob is an admin. */
  readonly group: string
  readonly code: string
  readonly messages: Readonly<Record<'ann' | 'bob', string>>
  readonly handed: Delivery[]
}

/** Ann, connected, and Bob, who have both written in their private chat; Bob has a group of his own. */
async function pair(): Promise<Pair> {
  const [ann, bob] = [await server.register('Ann'), await server.register('Bob')]
  const chat = (await ann.call<Chat>('post', '/chats', { kind: 'private', user_id: bob.id })).body.id
  const send = async (who: SignedInClient) => (await who.call<{ id: string }>('post', `/chats/${chat}/messages`, said())).body.id
  const messages = { ann: await send(ann), bob: await send(bob) }
  const own = (await bob.call<Chat>('post', '/chats', { kind: 'group', name: 'Of Bob', member_ids: [] })).body.id
  const { code } = (await bob.call<{ code: string }>('post', `/chats/${own}/invitations`, {})).body
  const group = (await ann.call<Chat>('post', '/chats', { kind: 'group', name: 'Both', member_ids: [bob.id] })).body.id
  await ann.call('patch', `/chats/${group}/members/${bob.id}`, { role: 'admin' })
  await pushes.keep(ann.id)
  const handed: Delivery[] = []
  const viewer = { userId: ann.id as UserId, sessionId: ann.id as SessionId }
  const connection = server.app.hub.open({ ...viewer, deliver: (one) => void handed.push(one), end() {} })
  await connection.resume({ cursors: new Map() })
  return { ann, bob, chat, own, group, code, messages, handed }
}

const asked = ({ ann, bob, code, chat }: Pair): Asked => ({ userId: ann.id, me: bob.id, password: bob.password, code, chatId: chat })

/** Bob makes a call, at Ann and at what is his; returns whether Ann hears or sees anything of it, in a list, by mail or on a device. */
async function reaches(id: string, isBlocked: boolean): Promise<{ readonly there: boolean; readonly pushed: boolean }> {
  const { method, path } = (endpoints as Record<string, Endpoint>)[id]!
  const scene = await pair()
  const { ann, bob, chat, own, group, messages, handed } = scene
  if (isBlocked) await ann.call('put', `/users/me/blocks/${bob.id}`)
  const { email } = (await ann.call<{ email: string }>('get', '/users/me')).body
  const mails = () => mailed.filter((to) => to === email).length
  const seen = async () => JSON.stringify((await ann.call('get', '/chats?limit=100')).body)
  const [before, count, sent] = [await seen(), handed.length, mails()]
  const places = [chat, own, group]
  const heads = await Promise.all(places.map((one) => pushes.head(one)))
  const make = async (chatId: string) => {
    for (const messageId of [messages.bob, messages.ann]) {
      const ids: Readonly<Record<string, string>> = {
        chat_id: chatId,
        message_id: messageId,
        user_id: ann.id,
        emoji: encodeURIComponent('👍'),
      }
      const address = path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? ann.id)
      await bob.call(method, address, bodiesOf(asked(scene))[id as OperationId] ?? {})
    }
  }
  for (const one of [chat, own]) await make(one)
  // A frame goes the same way, behind all of that.
  await new Promise((resolve) => setImmediate(resolve))
  const there = handed.length > count || mails() > sent || (await seen()) !== before
  // What Bob does in a group of both is there for Ann, too: but it calls nobody.
  await make(group)
  const pushed = await Promise.all(places.map((one, i) => pushes.above(one, heads[i]!)))
  return { there, pushed: pushed.some((one) => one > 0) }
}

describe('a user who is blocked', () => {
  it.each(table.map(([id]) => id))('reaches the blocker by no %s, not on a device either', async (id) => {
    expect(await reaches(id, true)).toEqual({ there: false, pushed: false })
  })

  it.each(['sendMessage', 'sendMessageToUser', 'editMessage', 'addReaction', 'pinMessage', 'createChat', 'addMembers', 'renameChat'])(
    'would reach by %s otherwise',
    async (id) => {
      expect((await reaches(id, false)).there).toBe(true)
    },
  )

  it.each(['sendMessage', 'sendMessageToUser'])('would be pushed by %s otherwise', async (id) => {
    expect((await reaches(id, false)).pushed).toBe(true)
  })
})

it('each call of the table has a body that it takes: a new one has to say what it is asked with', async () => {
  expect(withoutBody(table, bodiesOf(asked(await pair())))).toEqual([])
})
