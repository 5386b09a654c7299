import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Chat, MyChat } from '../../src/adapters/wire/schemas/chats.ts'
import { type HttpClient, httpClient, type SignedInClient } from '../support/http-client.ts'
import { type Service, startService } from '../support/service.ts'
import { connect, type SocketClient } from '../support/socket-client.ts'

let service: Service
let client: HttpClient
let anna: SignedInClient
let boris: SignedInClient
const sockets: SocketClient[] = []

beforeAll(async () => {
  service = await startService()
  client = httpClient(service.url)
  ;[anna, boris] = (await Promise.all(['Анна', 'Борис'].map((name) => client.register(name)))) as [SignedInClient, SignedInClient]
})
afterAll(async () => {
  for (const { ws } of sockets) ws.terminate()
  await service.stop()
})

const live = async (who: SignedInClient) => {
  const socket = await connect(service.url, { token: who.token })
  sockets.push(socket)
  return { socket, resumed: await socket.resume() }
}
const group = async () => (await anna.call<Chat>('post', '/chats', { kind: 'group', name: 'Группа', member_ids: [boris.id] })).body.id
const change = (who: SignedInClient, chatId: string, body: object) =>
  who.call<MyChat & { code?: string }>('patch', `/chats/${chatId}/me`, body)
const listed = async (who: SignedInClient, query = '') =>
  (await who.call<{ items: Chat[] }>('get', `/chats?limit=100${query}`)).body.items.map(({ id }) => id)
const say = (who: SignedInClient, chatId: string) =>
  who.call('post', `/chats/${chatId}/messages`, { client_message_id: crypto.randomUUID(), text: 'слово' })

describe('the own state of a chat', () => {
  it('is answered whole, is on all devices of its user, and on nobody else’s', async () => {
    const chatId = await group()
    const [mine, his] = [await live(anna), await live(boris)]
    const { status, body } = await change(anna, chatId, { pinned: true, marked_unread: true })
    expect(status).toBe(200)
    expect(body).toEqual({
      role: 'owner',
      joined_at: expect.any(String),
      read_seq: 1,
      pinned_at: expect.any(String),
      archived: false,
      hidden: false,
      marked_unread: true,
      muted_until: null,
    })
    expect(await mine.socket.first('my_chat')).toEqual({ type: 'my_chat', chat_id: chatId, me: body })
    expect((await anna.call<Chat>('get', `/chats/${chatId}`)).body.me).toEqual(body)
    expect((await live(anna)).resumed.my).toEqual({ [chatId]: body })
    expect((await live(boris)).resumed.my).toEqual({})
    await his.socket.ask('ping', {})
    expect(his.socket.of('my_chat')).toEqual([])
    await anna.call('post', `/chats/${chatId}/read`, { seq: 1 })
    const read = await mine.socket.first('my_chat', ({ me }) => !me.marked_unread)
    expect(read.me).toEqual({ ...body, marked_unread: false })
  })

  it('pins at the top, archives until the next message, and lists the archived alone', async () => {
    const chats = [await group(), await group(), await group()] as const
    const [pinned, archived, other] = chats
    await change(anna, pinned, { pinned: true })
    await change(anna, archived, { archived: true })
    const order = (ids: readonly string[]) => ids.filter((id) => chats.includes(id))
    expect(order(await listed(anna))).toEqual([pinned, other])
    expect(await listed(anna, '&archived=true')).toEqual([archived])
    expect(order(await listed(boris))).toEqual([other, archived, pinned])
    await say(boris, archived)
    expect(order(await listed(anna))).toEqual([pinned, archived, other])
    expect(await listed(anna, '&archived=true')).toEqual([])
  })

  it('hides a private chat that is left, tells so, and shows it again with its next message', async () => {
    const { id } = (await anna.call<Chat>('post', '/chats', { kind: 'private', user_id: boris.id })).body
    const { socket } = await live(anna)
    expect((await anna.call('delete', `/chats/${id}/members/me`)).status).toBe(204)
    expect((await socket.first('my_chat', ({ chat_id }) => chat_id === id)).me).toMatchObject({ hidden: true })
    expect(await listed(anna)).not.toContain(id)
    await say(boris, id)
    expect(await listed(anna)).toContain(id)
  })

  it('refuses the 51st pin, an unknown member, and whoever is no member', async () => {
    const many = await client.register('Много')
    const chats = await Promise.all(
      Array.from({ length: 51 }, async () => (await many.call<Chat>('post', '/chats', { kind: 'group', name: 'Группа' })).body.id),
    )
    const outcomes = await Promise.all(chats.map((chatId) => change(many, chatId, { pinned: true })))
    expect(outcomes.filter(({ status }) => status === 200)).toHaveLength(50)
    expect(outcomes.find(({ status }) => status !== 200)).toMatchObject({ status: 409, body: { code: 'pins-full', limit: 50 } })
    expect(await change(many, chats[0]!, { pinned: 'yes' })).toMatchObject({ status: 422, body: { code: 'invalid' } })
    expect(await change(anna, chats[0]!, { pinned: true })).toMatchObject({ status: 404, body: { code: 'chat-not-found' } })
  })
})
