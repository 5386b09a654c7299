import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClientFrameType, clientFrames } from '../../../src/adapters/wire/frames.ts'
import type { SocketClient } from '../../support/socket-client.ts'
import { type Given, given, type Somebody } from './given.ts'

const roles = ['anonymous', 'deleted', 'disabled', 'guest', 'stranger', 'staff', 'former', 'member', 'admin', 'owner'] as const
type Role = (typeof roles)[number]
/** Who may at least; staff of the service is a stranger in every chat. `author or admin`: who wrote the message, and who is above. */
type Needs = 'person' | 'member' | 'author' | 'author or admin'

/** A row for each frame: a new one does not compile until it has one. */
const needs: { readonly [T in Exclude<ClientFrameType, 'authorize'>]: Needs } = {
  resume: 'person',
  send_message: 'member',
  edit_message: 'author',
  delete_message: 'author or admin',
  add_reaction: 'member',
  remove_reaction: 'member',
  mark_read: 'member',
  typing: 'member',
  join_chat: 'member',
  leave_chat: 'member',
  fetch: 'member',
  ping: 'person',
}
type FrameType = keyof typeof needs

const inChat: readonly Role[] = ['member', 'admin', 'owner']
/** The message was written by the owner. */
const may: { readonly [N in Needs]: (role: Role) => boolean } = {
  'person': () => true,
  'member': (role) => inChat.includes(role),
  'author': (role) => role === 'owner',
  'author or admin': (role) => role === 'owner' || role === 'admin',
}
/** Those whose tokens are refused: their sockets are closed. */
const refused = { deleted: 'session-ended', disabled: 'person-disabled' } as const
const connected = roles.filter((role) => !(role in refused))

function expected(type: FrameType, role: Role): string {
  if (role === 'anonymous') return 'unauthenticated'
  if (may[needs[type]](role)) return 'done'
  return inChat.includes(role) ? 'not-allowed' : 'chat-not-found'
}

let at: Given
beforeAll(async () => {
  at = await given({ config: { guests: true } })
})
afterAll(() => at[Symbol.asyncDispose]())

interface Scene {
  readonly as: { readonly [R in Role]: Somebody | undefined }
  readonly frames: { readonly [T in FrameType]: object }
}

/** A group of its own, with somebody in each role, and a message of its owner. */
async function scene(): Promise<Scene> {
  const { api, app } = at
  const names = ['owner', 'admin', 'member', 'former', 'stranger', 'staff', 'deleted', 'disabled'] as const
  const people = await Promise.all(names.map(async (name) => [name, await at.person(name)] as const))
  const as = Object.fromEntries(people) as { readonly [N in (typeof names)[number]]: Somebody }
  const { owner, admin, member, former } = as
  const chatId = await at.group(owner, admin, member, former)
  await api.changeRole(owner, { chatId, userId: admin.userId, role: 'admin' })
  await api.removeMembers(owner, { chatId, userIds: [former.userId] })
  const { view } = await at.say(owner, chatId, 'hello')
  await app.ports.accounts.setAdmin(as.staff.userId, true)
  await app.ports.accounts.setDisabled(as.disabled.userId, 1)
  await api.deleteMe(as.deleted, { password: 'a battery of horses' })
  const about = { chat_id: chatId, message_id: view.message.id }
  return {
    as: { ...as, guest: await guest(), anonymous: undefined },
    frames: {
      resume: { cursors: {} },
      send_message: { chat_id: chatId, client_message_id: 'n', text: 'hello' },
      edit_message: { ...about, text: 'bye' },
      delete_message: about,
      add_reaction: { ...about, emoji: '👍' },
      remove_reaction: { ...about, emoji: '👍' },
      mark_read: { chat_id: chatId, seq: 1 },
      typing: { chat_id: chatId, active: true },
      join_chat: { chat_id: chatId },
      leave_chat: { chat_id: chatId },
      fetch: { chat_id: chatId, after: 0 },
      ping: {},
    },
  }
}

async function guest(): Promise<Somebody> {
  const { user, sessionId, accessToken: token } = await at.api.createGuest({ address: 'here' }, { name: 'Guest' })
  return { userId: user.id, sessionId, token, name: 'Guest' }
}

const outcome = async (socket: SocketClient, type: FrameType, frame: object): Promise<string> =>
  (await socket.ask(type, frame)).problem?.code ?? 'done'

describe.each(connected)('frames by %s', (role) => {
  it.each(Object.keys(needs) as FrameType[])('%s', async (type) => {
    const { as, frames } = await scene()
    await using socket = await at.connect()
    const somebody = as[role]
    const problem = somebody && (await socket.authorize(somebody.token)).problem
    expect(problem).toBeUndefined()
    expect(await outcome(socket, type, frames[type])).toBe(expected(type, role))
  })
})

it.each(['deleted', 'disabled'] as const)('the socket of a %s user is closed before any frame counts', async (role) => {
  const { as, frames } = await scene()
  await using socket = await at.connect()
  const answer = socket.authorize(as[role]!.token)
  for (const [type, frame] of Object.entries(frames)) socket.send({ type, ref: type, ...frame })
  expect((await answer).problem?.code).toBe(refused[role])
  expect([4401, 4403]).toContain((await socket.closed).code)
  expect(socket.of('ok')).toEqual([])
})

it('the table has a row for every frame', () => {
  expect([...Object.keys(needs), 'authorize'].toSorted()).toEqual(Object.keys(clientFrames).toSorted())
})
