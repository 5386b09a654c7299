import { describe, expect, it } from 'vitest'
import { given } from './given.ts'

const all = (start: number) => ({ kind: 'all' as const, start, length: 1 })

describe('content in frames', () => {
  it('is sent, edited and told in events and answers, without anybody’s own reactions', async () => {
    await using at = await given()
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const chat_id = await at.group(anna, boris)
    const [a, b] = [await at.live(anna), await at.live(boris)]
    const user = { kind: 'user' as const, user_id: boris.userId, start: 0, length: 3 }
    const content = { text: 'чай?', format: 'markdown' as const, mentions: [user], kind: 'tea', data: { a: 1 } }
    const { message, replayed } = await a.get('send_message', { chat_id, client_message_id: 'k', ...content })
    expect({ message, replayed }).toMatchObject({
      message: { ...content, attachments: [], reactions: [], my_reactions: null },
      replayed: false,
    })
    expect(await a.get('send_message', { chat_id, client_message_id: 'k', ...content })).toMatchObject({ replayed: true })
    const { event } = await b.first('event', (frame) => frame.event.type === 'message.sent')
    expect(event).toMatchObject({ message: { ...content, reactions_seq: 2, my_reactions: null, forwarded_from: null } })
    expect(await a.get('edit_message', { chat_id, message_id: message.id, mentions: [all(1)], data: { b: 1 } })).toEqual({ seq: 3 })
    const { event: edited } = await b.first('event', (frame) => frame.event.type === 'message.edited')
    expect(edited).toMatchObject({ text: 'чай?', format: 'markdown', mentions: [all(1)], attachments: [], data: { b: 1 }, version: 2 })
    expect((await a.ask('edit_message', { chat_id, message_id: message.id, version: 2 })).problem).toMatchObject({ code: 'invalid' })
    const forward = { chat_id, message_id: message.id }
    const copy = await b.get('send_message', { user_id: anna.userId, client_message_id: 'f', forward })
    expect(copy.message).toMatchObject({
      text: 'чай?',
      mentions: [],
      data: null,
      forwarded_from: { sender: { id: anna.userId, name: 'Анна' } },
    })
    await at.api.renameChat(anna, { chatId: chat_id, data: { c: 1 } })
    const { event: changed } = await b.first('event', (frame) => frame.event.type === 'chat.data_changed')
    expect(changed).toMatchObject({ seq: 4, data: { c: 1 }, actor_id: anna.userId })
    expect((await b.get('fetch', { chat_id, after: 1 })).events.map(({ type }) => type)).toEqual([
      'message.sent',
      'message.edited',
      'chat.data_changed',
    ])
  })

  it('tells the reader alone how many unread messages mention them', async () => {
    await using at = await given()
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const chat_id = await at.group(anna, boris)
    const [a, b, phone] = [await at.live(anna), await at.live(boris), await at.live(boris)]
    for (const key of ['1', '2', '3'])
      await a.get('send_message', { chat_id, client_message_id: key, text: 'раз', ...(key !== '1' && { mentions: [all(0)] }) })
    const late = await at.connect(boris)
    expect((await late.resume({})).reads).toEqual({ [chat_id]: { read_seq: 1, read_by_others_seq: 1, unread: 3, unread_mentions: 2 } })
    expect(await b.get('mark_read', { chat_id, seq: 3 })).toEqual({ chat_id, read_seq: 3, unread: 1, unread_mentions: 1 })
    expect(await phone.first('receipt')).toMatchObject({ user_id: boris.userId, unread: 1, unread_mentions: 1 })
    expect(await a.first('receipt')).toMatchObject({ user_id: boris.userId, unread: null, unread_mentions: null })
  })
})
