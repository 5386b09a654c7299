import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../../src/domain/refusal.ts'
import type { SocketClient } from '../../support/socket-client.ts'
import { given } from './given.ts'

const states = async (socket: SocketClient) => {
  await socket.ask('ping', {})
  return socket.of('my_chat').map(({ chat_id, me: { pinned_at, archived, hidden, marked_unread } }) => ({
    chat_id,
    pinned: pinned_at !== null,
    archived,
    hidden,
    marked_unread,
  }))
}
const untouched = { pinned: false, archived: false, hidden: false, marked_unread: false }

describe('the own state of a chat', () => {
  it('goes to all devices of its user and to nobody else, and a resume brings what is not the default', async () => {
    await using at = await given()
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const [chat, other] = [await at.group(anna, boris), await at.group(anna, boris)]
    const [one, two, his, unresumed] = [await at.live(anna), await at.live(anna), await at.live(boris), await at.connect(anna)]
    const me = await at.api.updateMyChat(anna, { chatId: chat, pinned: true, markedUnread: true })
    expect(me).toMatchObject({ role: 'owner', pinnedAt: at.clock.now(), isMarkedUnread: true, isArchived: false })
    await at.api.updateMyChat(anna, { chatId: chat, pinned: true })
    for (const socket of [one, two])
      expect(await states(socket)).toEqual([{ ...untouched, chat_id: chat, pinned: true, marked_unread: true }])
    for (const socket of [his, unresumed]) expect(await states(socket)).toEqual([])
    const { my, heads } = await unresumed.resume()
    expect(Object.keys(heads).sort()).toEqual([chat, other].sort())
    expect(my).toEqual({ [chat]: one.of('my_chat')[0]!.me })
    expect((await his.get('ping', {})).heads).toEqual(heads)
    expect((await (await at.connect(boris)).resume()).my).toEqual({})
  })

  it('ends being marked as unread with reading, though there is nothing new', async () => {
    await using at = await given()
    const anna = await at.person('Анна')
    const chat = await at.group(anna)
    const socket = await at.live(anna)
    await at.api.updateMyChat(anna, { chatId: chat, markedUnread: true })
    await socket.get('mark_read', { chat_id: chat, seq: 1 })
    expect((await states(socket)).at(-1)).toEqual({ ...untouched, chat_id: chat })
    expect(await at.api.getChat(anna, chat)).toMatchObject({ me: { isMarkedUnread: false } })
  })

  it('tells the devices that a private chat was left, until it comes back', async () => {
    await using at = await given()
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const { view } = await at.api.openPrivateChat(anna, { userId: boris.userId })
    const socket = await at.live(anna)
    await at.api.removeMembers(anna, { chatId: view.chat.id, userIds: [anna.userId] })
    expect(await states(socket)).toEqual([{ ...untouched, chat_id: view.chat.id, hidden: true }])
    expect((await (await at.connect(anna)).resume()).my).toMatchObject({ [view.chat.id]: { hidden: true } })
    await at.say(boris, view.chat.id, 'hello')
    expect((await (await at.connect(anna)).resume()).my).toEqual({})
    expect((await at.api.listChats(anna, {}, { limit: 10 })).items).toHaveLength(1)
  })

  it('is found by the poll where the bus has lost it, once', async () => {
    await using at = await given()
    const anna = await at.person('Анна')
    const chat = await at.group(anna)
    const socket = await at.live(anna)
    await at.app.ports.own.change({ chatId: chat, userId: anna.userId, at: at.clock.now() }, { archived: true })
    await at.app.hub.poll()
    await at.app.hub.poll()
    expect(await states(socket)).toEqual([{ ...untouched, chat_id: chat, archived: true }])
  })

  it('does not come for a chat that the socket has muted', async () => {
    await using at = await given()
    const anna = await at.person('Анна')
    const chat = await at.group(anna)
    const socket = await at.live(anna)
    await socket.get('leave_chat', { chat_id: chat, mute: true })
    await at.api.updateMyChat(anna, { chatId: chat, pinned: true })
    expect(await states(socket)).toEqual([])
  })

  it('never says of a chat with a new message that it is archived', async () => {
    await using at = await given()
    const anna = await at.person('Анна')
    const chat = await at.group(anna)
    const socket = await at.live(anna)
    const { own } = at.app.ports
    const owned = await own.change({ chatId: chat, userId: anna.userId, at: at.clock.now() }, { archived: true, markedUnread: true })
    if (!owned || owned === 'pins-full') throw new Error('not changed')
    await at.say(anna, chat, 'hello')
    at.app.hub.owned(owned)
    await socket.first('my_chat')
    expect(await states(socket)).toEqual([{ ...untouched, chat_id: chat, marked_unread: true }])
  })

  it('is nobody’s who is no member', async () => {
    await using at = await given()
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const chat = await at.group(anna)
    const refused = await at.api.updateMyChat(boris, { chatId: chat, pinned: true }).catch((error: unknown) => error)
    expect(isRefusal(refused, 'chat-not-found')).toBe(true)
  })
})
