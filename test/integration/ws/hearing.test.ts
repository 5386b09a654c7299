import { describe, expect, it } from 'vitest'
import type { ChatId } from '../../../src/domain/ids.ts'
import type { Frame, SocketClient } from '../../support/socket-client.ts'
import { eventually } from '../../support/waiting.ts'
import { given } from './given.ts'

const brief = (frame: Frame) => {
  if (frame.type === 'event') return `${frame.event.seq} ${frame.event.type}`
  if (frame.type === 'chat_gone') return `gone ${frame.reason}`
  return frame.type
}
const heard = (socket: SocketClient) => socket.frames.filter(({ type }) => type !== 'hello' && type !== 'ok').map(brief)

describe('resuming', () => {
  it('brings what was missed before its answer, and afterwards what happens', async () => {
    await using at = await given()
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const chat = await at.group(anna, boris)
    for (const text of ['раз', 'два']) await at.say(anna, chat, text)
    const socket = await at.connect(boris)
    const { heads, reads } = await socket.resume({ [chat]: 1 })
    expect({ heads, reads }).toEqual({
      heads: { [chat]: 3 },
      reads: { [chat]: { read_seq: 1, read_by_others_seq: 1, unread: 2, unread_mentions: 0 } },
    })
    expect(socket.frames.map(brief)).toEqual(['hello', 'ok', '2 message.sent', '3 message.sent', 'ok'])
    await at.say(anna, chat, 'три')
    await socket.first('event', ({ event }) => event.seq === 4)
  })

  it('says nothing of any chat before', async () => {
    await using at = await given()
    const anna = await at.person('Анна')
    const chat = await at.group(anna)
    const socket = await at.connect(anna)
    await at.say(anna, chat, 'раз')
    expect(await socket.get('ping', {})).toEqual({ heads: {} })
    expect(heard(socket)).toEqual([])
    expect((await socket.resume()).heads).toEqual({ [chat]: 2 })
    expect(heard(socket)).toEqual([])
  })

  it('happens once', async () => {
    await using at = await given()
    const socket = await at.live(await at.person('Анна'))
    expect((await socket.ask('resume', { cursors: {} })).problem).toMatchObject({ code: 'already-resumed', status: 409 })
  })

  it('of another epoch, or ahead, resets', async () => {
    await using at = await given()
    const anna = await at.person('Анна')
    const chat = await at.group(anna)
    const epoch = await at.api.epoch()
    const [one, other] = [await at.connect(anna), await at.connect(anna)]
    expect((await one.resume({ [chat]: 1 }, 'another')).heads).toEqual({ [chat]: 1 })
    expect(one.of('reset')).toEqual([{ type: 'reset', chat_id: null, epoch, reason: 'epoch' }])
    expect((await other.resume({ [chat]: 9 }, epoch)).heads).toEqual({ [chat]: 1 })
    expect(other.of('reset')).toEqual([{ type: 'reset', chat_id: chat, epoch, reason: 'ahead' }])
  })

  it('by `as_of` names what has moved since, whoever has how many chats, and what was lost', async () => {
    await using at = await given()
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const chats: string[] = []
    for (let i = 0; i < 20; i++) chats.push(await at.group(anna, boris))
    const [busy, lost] = chats as ChatId[]
    const first = await (await at.connect(boris)).get('resume', { cursors: {} })
    expect(first).toMatchObject({ whole: true, heads: Object.fromEntries(chats.map((id) => [id, 1])) })

    const resumed = async (asOf: string, cursors: Record<string, number> = {}) => {
      const socket = await at.connect(boris)
      return { socket, result: await socket.get('resume', { as_of: asOf, cursors }) }
    }
    at.clock.advance(120_000)
    const still = await resumed((await resumed(first.as_of)).result.as_of)
    expect(still.result).toMatchObject({ whole: false, heads: {}, reads: {}, my: {} })

    at.clock.advance(120_000)
    await at.say(anna, busy!, 'раз')
    const { socket, result } = await resumed(still.result.as_of)
    expect(result).toMatchObject({ whole: false, heads: { [busy!]: 2 }, reads: { [busy!]: { unread: 1 } } })
    expect(Object.keys(result.heads)).toHaveLength(1)
    expect(heard(socket)).toEqual(['2 message.sent'])

    at.clock.advance(120_000)
    await at.api.removeMembers(anna, { chatId: lost!, userIds: [boris.userId] })
    const without = await resumed(result.as_of)
    expect(without.result).toMatchObject({ whole: true })
    expect(without.result.heads).not.toHaveProperty(lost!)
    expect(Object.keys(without.result.heads)).toHaveLength(19)
    for (const unknown of ['', 'nonsense', '0.0.0', first.as_of.replace(/^./, 'zzz')])
      expect((await resumed(unknown)).result).toMatchObject({ whole: true })
  })

  it('of more than 500 in a chat brings the newest 50', async () => {
    await using at = await given()
    const anna = await at.person('Анна')
    const chat = await at.group(anna)
    for (let i = 0; i < 501; i++) await at.say(anna, chat, `${i}`)
    const socket = await at.connect(anna)
    expect((await socket.resume({ [chat]: 1 })).heads).toEqual({ [chat]: 502 })
    expect(socket.of('limited')).toMatchObject([{ chat_id: chat, from: 2, to: 452 }])
    expect(socket.of('limited')[0]!.newest.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, i) => 453 + i))
    expect(heard(socket)).toEqual(['limited'])
  })
})

describe('an open socket', () => {
  it('hears all chats of its person, on all devices, its own messages too', async () => {
    await using at = await given()
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const [one, other] = [await at.group(anna, boris), await at.group(anna)]
    const devices = [await at.live(anna), await at.live(anna, { deviceId: 'phone' })]
    const b = await at.live(boris)
    await devices[0]!.get('send_message', { chat_id: one, client_message_id: 'k', text: 'всем' })
    await devices[1]!.get('send_message', { chat_id: other, client_message_id: 'k', text: 'себе' })
    for (const socket of devices) {
      await eventually(() => expect(heard(socket)).toEqual(['2 message.sent', '2 message.sent']))
      for (const { event } of socket.of('event')) expect(event).toMatchObject({ message: { client_message_id: 'k' } })
    }
    await eventually(() => expect(heard(b)).toEqual(['2 message.sent']))
    expect(b.of('event')[0]!.event).toMatchObject({ message: { client_message_id: null, text: 'всем' } })
  })

  it('hears of a chat that becomes its own first what made it so', async () => {
    await using at = await given()
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const old = await at.group(anna)
    await at.say(anna, old, 'до него')
    const socket = await at.live(boris)
    const made = await at.group(anna, boris)
    await at.say(anna, made, 'привет')
    await at.api.addMembers(anna, { chatId: old, userIds: [boris.userId] })
    await at.say(anna, old, 'и ему')
    await eventually(() => expect(heard(socket)).toHaveLength(4))
    expect(heard(socket)).toEqual(['1 chat.created', '2 message.sent', '3 member.added', '4 message.sent'])
  })

  it('hears of its removal instead of it, and nothing afterwards', async () => {
    await using at = await given()
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const chat = await at.group(anna, boris)
    const sockets = [await at.live(boris), await at.live(boris)]
    await at.api.removeMembers(anna, { chatId: chat, userIds: [boris.userId] })
    await at.say(anna, chat, 'без него')
    for (const socket of sockets) {
      await socket.first('chat_gone')
      expect((await socket.ask('fetch', { chat_id: chat, after: 0 })).problem).toMatchObject({ code: 'chat-not-found' })
      expect((await socket.ask('typing', { chat_id: chat, active: true })).problem).toMatchObject({ code: 'chat-not-found' })
      expect(await socket.get('ping', {})).toEqual({ heads: {} })
      expect(heard(socket).filter((what) => what !== 'error')).toEqual(['gone removed'])
    }
  })

  it('hears whether a chat was left or deleted', async () => {
    await using at = await given()
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const [one, other] = [await at.group(anna, boris), await at.group(anna, boris)]
    const socket = await at.live(boris)
    await at.api.removeMembers(boris, { chatId: one, userIds: [boris.userId] })
    await at.api.deleteChat(anna, other)
    await eventually(() => expect(heard(socket)).toEqual(['gone left', 'gone deleted']))
  })

  it('hears nothing of a muted chat until it joins again', async () => {
    await using at = await given()
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const chat = await at.group(anna, boris)
    const socket = await at.live(boris)
    expect(await socket.get('leave_chat', { chat_id: chat, mute: true })).toEqual({})
    await at.say(anna, chat, 'тихо')
    expect(await socket.get('ping', {})).toEqual({ heads: {} })
    expect((await socket.get('join_chat', { chat_id: chat })).head).toBe(2)
    await at.say(anna, chat, 'громко')
    await eventually(() => expect(heard(socket)).toEqual(['3 message.sent']))
    await socket.get('leave_chat', { chat_id: chat, mute: true })
    await at.api.deleteChat(anna, chat)
    await socket.first('chat_gone')
  })
})

describe('what is not kept', () => {
  it('typing comes to those who have the chat on screen, and ends with the message', async () => {
    await using at = await given()
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const chat = await at.group(anna, boris)
    const [a, b, away] = [await at.live(anna), await at.live(boris), await at.live(boris)]
    for (const socket of [a, b]) await socket.get('join_chat', { chat_id: chat })
    await a.get('typing', { chat_id: chat, active: true })
    expect(await b.first('typing')).toEqual({ type: 'typing', chat_id: chat, user_ids: [anna.userId] })
    expect((await away.get('join_chat', { chat_id: chat })).typing).toEqual([anna.userId])
    await away.get('leave_chat', { chat_id: chat })
    await a.get('send_message', { chat_id: chat, client_message_id: 'k', text: 'вот' })
    await b.first('typing', ({ user_ids }) => user_ids.length === 0)
    await a.get('typing', { chat_id: chat, active: true })
    at.pass(6_000)
    at.app.hub.sweep()
    await eventually(() => expect(b.of('typing').map(({ user_ids }) => user_ids.length)).toEqual([1, 0, 1, 0]))
    await a.get('ping', {})
    expect(a.of('typing').flatMap(({ user_ids }) => user_ids)).toEqual([])
    expect(away.of('typing')).toEqual([])
  })

  it('presence comes to those who have a chat of theirs on screen', async () => {
    await using at = await given()
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const chat = await at.group(anna, boris)
    const a = await at.live(anna)
    expect((await a.get('join_chat', { chat_id: chat })).online).toEqual([anna.userId])
    const b = await at.live(boris)
    expect(await a.first('presence')).toMatchObject({ user_id: boris.userId, online: true })
    const second = await at.live(boris)
    await second.close()
    await b.close()
    expect(await a.first('presence', ({ online }) => !online)).toMatchObject({ user_id: boris.userId, last_seen_at: expect.any(String) })
    expect(a.of('presence')).toHaveLength(2)
  })

  it('receipts come to everybody, the number of unread ones to the reader alone', async () => {
    await using at = await given()
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const chat_id = await at.group(anna, boris)
    await at.say(anna, chat_id, 'раз')
    const [a, b, phone] = [await at.live(anna), await at.live(boris), await at.live(boris)]
    await b.get('mark_read', { chat_id, seq: 2 })
    const receipt = { type: 'receipt', chat_id, user_id: boris.userId, read_seq: 2, at: expect.any(String) }
    expect(await a.first('receipt')).toEqual({ ...receipt, unread: null, unread_mentions: null })
    for (const own of [b, phone]) expect(await own.first('receipt')).toEqual({ ...receipt, unread: 0, unread_mentions: 0 })
  })
})

describe('a beat', () => {
  it('says the heads that changed in the last two, and none otherwise', async () => {
    await using at = await given({ random: () => 0 })
    const anna = await at.person('Анна')
    const [chat, quiet] = [await at.group(anna), await at.group(anna)]
    const socket = await at.live(anna)
    const beat = async (n: number) => {
      at.pass(25_000)
      return eventually(() => {
        expect(socket.of('heads')).toHaveLength(n)
        return socket.of('heads')[n - 1]!.heads
      })
    }
    expect(await beat(1)).toEqual({})
    await at.say(anna, chat, 'раз')
    expect(await beat(2)).toEqual({ [chat]: 2 })
    expect(await beat(3)).toEqual({ [chat]: 2 })
    expect(await beat(4)).toEqual({})
    await at.say(anna, quiet, 'раз')
    expect(await beat(5)).toEqual({ [quiet]: 2 })
  })

  it('pings, and closes with 4001 who gives no sign of life for two', async () => {
    await using at = await given({ random: () => 0, heartbeatMs: 1_000 })
    const [silent, lively] = [await at.connect(await at.person('Анна')), await at.connect(await at.person('Борис'))]
    let pings = 0
    lively.ws.on('ping', () => pings++)
    silent.ws.pause()
    for (let beat = 1; beat <= 4; beat++) {
      at.pass(1_000)
      await eventually(() => expect(pings).toBeGreaterThanOrEqual(beat))
      await lively.get('ping', {})
    }
    silent.ws.resume()
    expect(await silent.closed).toEqual({ code: 4001 })
    expect(await lively.get('ping', {})).toEqual({ heads: {} })
  })

  it('comes to each at a time of its own', async () => {
    let turn = 0
    await using at = await given({ random: () => (turn++ % 2 === 0 ? 0.2 : 0.7), heartbeatMs: 1_000 })
    const anna = await at.person('Анна')
    const [one, other] = [await at.live(anna), await at.live(anna)]
    at.pass(500)
    await one.first('heads')
    await other.get('ping', {})
    expect(other.of('heads')).toEqual([])
    at.pass(300)
    await other.first('heads')
  })
})

describe('draining', () => {
  it('takes nothing new, sends everybody elsewhere and closes with 4000', async () => {
    await using at = await given()
    const sockets = [await at.live(await at.person('Анна')), await at.connect()]
    const drained = at.sockets.drain(2_000)
    const { turnedAway } = await import('../../support/socket-client.ts')
    expect(await turnedAway(at.url)).toMatchObject({ status: 503 })
    for (const socket of sockets) {
      expect(await socket.closed).toEqual({ code: 4000 })
      expect(socket.of('reconnect')).toEqual([{ type: 'reconnect', after_ms: expect.any(Number) }])
    }
    await drained
    expect(at.sockets.size).toBe(0)
  })

  it('finishes the commands that are in work', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    await using base = await given()
    const send: typeof base.api.sendMessage = (...given) => promise.then(() => base.api.sendMessage(...given))
    await using at = await given({ api: { ...base.api, sendMessage: send }, hub: base.app.hub })
    const anna = await base.person('Анна')
    const chat_id = await base.group(anna)
    const socket = await at.live(anna)
    const sent = socket.get('send_message', { chat_id, client_message_id: 'k', text: 'ещё' })
    await socket.get('ping', {})
    const drained = at.sockets.drain(5_000)
    await socket.first('reconnect')
    resolve()
    expect((await sent).message.seq).toBe(2)
    expect(await socket.closed).toEqual({ code: 4000 })
    await drained
  })

  it('cuts at the deadline what has not gone', async () => {
    await using base = await given()
    const never: typeof base.api.sendMessage = () => new Promise(() => {})
    await using at = await given({ api: { ...base.api, sendMessage: never }, hub: base.app.hub })
    const anna = await base.person('Анна')
    const chat_id = await base.group(anna)
    const socket = await at.live(anna)
    socket.send({ type: 'send_message', chat_id, client_message_id: 'k', text: 'никогда' })
    await socket.get('ping', {})
    await at.sockets.drain(100)
    expect(await socket.closed).toEqual({ code: 1006 })
  })
})
