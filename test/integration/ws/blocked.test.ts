import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClientFrameType, clientFrames } from '../../../src/adapters/wire/frames.ts'
import { type ChatId, type MessageId, SYSTEM_ID } from '../../../src/domain/ids.ts'
import { type Pushes, pushesOf } from '../../support/pushes.ts'
import type { Frame, SocketClient } from '../../support/socket-client.ts'
import { type Given, given, type Somebody } from './given.ts'

let at: Given
let pushes: Pushes
beforeAll(async () => {
  at = await given()
  pushes = pushesOf(at.app)
})
afterAll(() => at[Symbol.asyncDispose]())

/** A chat, and messages in it of Bob and, where there is one, of Ann. */
interface Place {
  readonly chatId: ChatId
  readonly messages: readonly MessageId[]
}

interface Scene {
  readonly ann: Somebody
  readonly bob: Somebody
  /** Their private chat, in which both have written. */
  readonly chat: Place
  /** A group of Bob's, without Ann. */
  readonly own: Place
  /** A group of both. */
  readonly group: Place
}

let keys = 0
const said = () => ({ client_message_id: `key ${++keys}`, text: 'hello' })
type Members = (scene: Scene, place: Place) => readonly object[]
const ofEach =
  (more: object): Members =>
  (_, { chatId, messages }) =>
    messages.map((message_id) => ({ chat_id: chatId, message_id, ...more }))

/** What Bob sends in each frame, at a place. */
const frames: { readonly [T in ClientFrameType]: Members } = {
  authorize: ({ bob }) => [{ token: bob.token }],
  resume: () => [{ cursors: {} }],
  send_message: ({ ann, own }, { chatId: chat_id }) => [
    { chat_id, ...said() },
    { user_id: ann.userId, ...said() },
    { chat_id, client_message_id: said().client_message_id, forward: { chat_id: own.chatId, message_id: own.messages[0] } },
    { chat_id, ...said(), mentions: [{ kind: 'user', user_id: ann.userId, start: 0, length: 5 }] },
  ],
  edit_message: ofEach({ text: 'you fool' }),
  delete_message: ofEach({}),
  add_reaction: ofEach({ emoji: '👍' }),
  remove_reaction: ofEach({ emoji: '👍' }),
  mark_read: (_, { chatId: chat_id }) => [{ chat_id, seq: 100 }],
  typing: (_, { chatId: chat_id }) => [
    { chat_id, active: true },
    { chat_id, active: false },
  ],
  join_chat: (_, { chatId: chat_id }) => [{ chat_id }],
  leave_chat: (_, { chatId: chat_id }) => [{ chat_id }, { chat_id, mute: true }],
  fetch: (_, { chatId: chat_id }) => [{ chat_id, after: 0 }],
  ping: () => [{}],
}
const types = Object.keys(frames) as ClientFrameType[]
/** Takes back what was there before, or tells how far somebody has read: not held back. */
const EXEMPT: readonly ClientFrameType[] = ['delete_message', 'remove_reaction', 'mark_read']

async function place(chatId: ChatId, ...writers: readonly Somebody[]): Promise<Place> {
  const messages: MessageId[] = []
  for (const writer of writers) messages.push((await at.say(writer, chatId, 'hello')).view.message.id)
  return { chatId, messages }
}

async function scene(): Promise<Scene> {
  const [ann, bob] = [await at.person('Ann'), await at.person('Bob')]
  const { view } = await at.api.openPrivateChat(ann, { userId: bob.userId })
  const own = await at.group(bob)
  const group = await at.group(ann, bob)
  await pushes.keep(ann.userId)
  return { ann, bob, chat: await place(view.chat.id, bob, ann), own: await place(own, bob), group: await place(group, bob) }
}

/** Everything but answers to what Ann herself has asked. */
const heard = ({ frames: all }: SocketClient): readonly Frame[] => all.filter(({ type }) => type !== 'ok' && type !== 'error')

/** What Ann sees of her private chat when she looks. */
async function seen(ann: SocketClient, { ann: somebody, chat }: Scene): Promise<string> {
  const { online, typing, readers } = await ann.get('join_chat', { chat_id: chat.chatId })
  const list = await at.api.listChats(somebody, {}, { limit: 100 })
  const { events } = await at.api.listEvents(somebody, { chatId: chat.chatId, after: 0, limit: 100 })
  return JSON.stringify([
    online,
    typing,
    readers,
    list.items.map(({ chat: { id }, lastMessage, unread }) => [id, lastMessage, unread]),
    events,
  ])
}

/** Bob sends a frame. Returns whether Ann, who has the chat on screen, hears or sees anything of it, or is pushed any. */
async function reaches(type: ClientFrameType, isBlocked: boolean): Promise<{ screen: boolean; device: boolean; codes: readonly string[] }> {
  const all = await scene()
  const { ann, bob, chat, own, group } = all
  await using hers = await at.live(ann)
  await hers.get('join_chat', { chat_id: chat.chatId })
  if (isBlocked) await at.api.blockUser(ann, bob.userId)
  await using his = await at.connect(type === 'authorize' ? undefined : bob)
  if (type !== 'authorize' && type !== 'resume') await his.resume()
  const settled = async () => {
    await new Promise((resolve) => setImmediate(resolve))
    await hers.get('ping', {})
  }
  await settled()
  const [before, count] = [await seen(hers, all), heard(hers).length]
  const ids = [chat, own, group].map(({ chatId }) => chatId)
  const heads = await Promise.all(ids.map((id) => pushes.head(id)))
  const codes: string[] = []
  const send = async (where: Place) => {
    for (const members of frames[type](all, where)) {
      codes.push((await his.ask(type, members)).problem?.code ?? 'done')
      await settled()
    }
  }
  await send(chat)
  await send(own)
  const screen = heard(hers).length > count || (await seen(hers, all)) !== before
  await send(group)
  const pushed = await Promise.all(ids.map((id, i) => pushes.above(id, heads[i]!)))
  return { screen, device: pushed.some((one) => one > 0), codes }
}

describe('a user who is blocked', () => {
  it.each(types.filter((type) => !EXEMPT.includes(type)))('reaches the blocker by no %s frame, not on a device either', async (type) => {
    const { screen, device, codes } = await reaches(type, true)
    expect({ screen, device }).toEqual({ screen: false, device: false })
    expect(codes).not.toContain('invalid')
  })

  it.each(EXEMPT)('is pushed by no %s frame, which says nothing new', async (type) => {
    expect((await reaches(type, true)).device).toBe(false)
  })

  it.each(['resume', 'send_message', 'edit_message', 'add_reaction', 'typing'] as const)('would reach by %s otherwise', async (type) => {
    expect((await reaches(type, false)).screen).toBe(true)
  })

  it('would be pushed otherwise', async () => {
    expect((await reaches('send_message', false)).device).toBe(true)
  })

  it('would reach a device by a store that forgets who is blocked', async () => {
    const real = pushes
    pushes = pushesOf(at.app, (notices) => ({
      ...notices,
      reached: (message, times) => notices.reached({ ...message, senderId: SYSTEM_ID }, times),
    }))
    expect((await reaches('send_message', true)).device).toBe(true)
    pushes = real
  })

  it('would be noticed by a server that forgets it', async () => {
    const { consents } = at.app.ports
    const { circles } = consents
    Object.assign(consents, {
      circles: async (...given: Parameters<typeof circles>) =>
        new Map([...(await circles(...given))].map(([id, circle]) => [id, { ...circle, blocked: [], blockedBy: [] }])),
    })
    expect((await reaches('typing', true)).screen).toBe(true)
    Object.assign(consents, { circles })
  })
})

it('the table has a row for every frame', () => {
  expect(types.toSorted()).toEqual(Object.keys(clientFrames).toSorted())
})
