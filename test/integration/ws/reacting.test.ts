import { describe, expect, it } from 'vitest'
import { eventually } from '../../support/waiting.ts'
import { given } from './given.ts'

describe('reactions over a socket', () => {
  it('are acknowledged with the number of their event, and told to all members with one form', async () => {
    await using at = await given()
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const chat_id = await at.group(anna, boris)
    const [one, other] = [await at.live(anna), await at.live(boris)]
    const { message } = await one.get('send_message', { chat_id, client_message_id: 'k', text: 'привет' })
    expect(message).toMatchObject({ reactions: [], reactions_seq: 2, my_reactions: null })
    const command = { chat_id, message_id: message.id }
    expect(await other.get('add_reaction', { ...command, emoji: '👍' })).toEqual({ seq: 3 })
    expect(await other.get('add_reaction', { ...command, emoji: '👍' })).toEqual({ seq: 3 })
    expect(await one.get('remove_reaction', { ...command, emoji: '👍' })).toEqual({ seq: 3 })
    expect(await other.get('remove_reaction', { ...command, emoji: '👍' })).toEqual({ seq: 4 })
    await eventually(() => expect(one.of('event').map(({ event }) => event.seq)).toEqual([2, 3, 4]))
    const told = (socket: typeof one) => socket.of('event').filter(({ event }) => event.type === 'message.reacted')
    expect(told(one)).toEqual(told(other))
    expect(told(one)[0]!.event).toMatchObject({
      changes: [{ emoji: '👍', on: true, user_ids: [boris.userId] }],
      reactions: [{ emoji: '👍', count: 1, user_ids: [boris.userId] }],
      reactions_seq: 3,
    })
    expect((await other.ask('add_reaction', { ...command, emoji: 'no' })).problem?.code).toBe('not-an-emoji')
    expect((await other.ask('add_reaction', { ...command, message_id: chat_id, emoji: '👍' })).problem?.code).toBe('message-not-found')
    const { events } = await one.get('fetch', { chat_id, after: 1 })
    expect(events[0]).toMatchObject({ type: 'message.sent', message: { reactions: [], reactions_seq: 4, my_reactions: null } })
  })
})
