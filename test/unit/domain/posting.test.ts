import { describe, expect, it } from 'vitest'
import { post, remove } from '../../../src/domain/posting.ts'
import { after, draft, group, id, naming, pair, posted, posting, refused } from './given.ts'

describe('posting', () => {
  it('puts a message at the next place of the log', () => {
    const { events, result } = posting(group(), draft('ann', 'hello'))
    expect(result).toMatchObject({
      replayed: false,
      message: { chatId: 'group', seq: 2, n: 1, text: 'hello', version: 1, at: 2_000, sender: { id: 'ann', name: 'ann' } },
    })
    expect(events).toEqual([{ type: 'message.sent', actorId: 'ann', chatId: 'group', seq: 2, at: 2_000, message: result.message }])
  })

  it('counts messages apart from events', () => {
    const { state } = posted(group({ bob: 'admin' }), 'ann', 'one')
    expect(posting(state, draft('bob', 'two')).result.message).toMatchObject({ seq: 5, n: 2 })
  })

  it('is for members, in groups and private chats', () => {
    expect(posting(pair(), draft('bob', 'hello')).result.message.seq).toBe(2)
    expect(refused(() => posting(group(), draft('eve', 'hello')))).toEqual({ code: 'chat-not-found', facts: { chatId: 'group' } })
    expect(refused(() => posting({ ...group(), chat: null }, draft('ann', 'hello')))).toEqual({ code: 'chat-not-found', facts: {} })
  })

  it('recognises a message that has already arrived, whatever happened to it since', () => {
    const first = posted(group({ bob: 'member' }), 'bob', 'hello')
    const { state } = posted(first.state, 'ann', 'other')
    expect(posting(state, draft('bob', 'hello', { id: id('another id'), at: 9_000 }))).toEqual({
      events: [],
      result: { message: first.message, replayed: true },
    })
    const gone = after(state, (seen) => remove(seen, { deleterId: id('ann'), messageId: first.message.id, at: 3_000 }), {
      members: ['ann'],
      messages: [first.message.id],
    })
    expect(posting(gone, draft('bob', 'hello')).result).toMatchObject({
      replayed: true,
      message: { id: first.message.id, text: undefined, deletedAt: 3_000 },
    })
  })

  it('refuses a key that has carried other content', () => {
    const { state, message } = posted(group(), 'ann', 'hello')
    const other = draft('ann', 'hello!', { clientMessageId: message.clientMessageId })
    expect(refused(() => posting(state, other))).toEqual({
      code: 'key-reused',
      facts: { clientMessageId: message.clientMessageId, messageId: message.id },
    })
  })

  it('lets two senders use the same key', () => {
    const { state, message } = posted(group({ bob: 'member' }), 'ann', 'hello')
    expect(posting(state, draft('bob', 'hello', { clientMessageId: message.clientMessageId })).result.replayed).toBe(false)
  })

  it('replies to a message of the same chat, deleted or not', () => {
    const { state, message } = posted(group(), 'ann', 'hello')
    expect(posting(state, draft('ann', 'reply', { replyTo: message.id })).result.message.replyTo).toBe(message.id)
    expect(refused(() => posting(state, draft('ann', 'reply', { replyTo: id('elsewhere') })))).toEqual({
      code: 'message-not-found',
      facts: { messageId: 'elsewhere' },
    })
  })

  it('answers a retry even when what it replied to cannot be found any more', () => {
    const first = posted(group(), 'ann', 'hello')
    const reply = posted(first.state, 'ann', 'reply', { replyTo: first.message.id })
    const forgotten = { ...reply.state, messages: new Map() }
    expect(posting(forgotten, draft('ann', 'reply', { replyTo: first.message.id })).result.replayed).toBe(true)
  })

  it('never goes back in time', () => {
    const { state } = posted(group(), 'ann', 'later', { at: 5_000 })
    const { events, result } = posting(state, draft('ann', 'clock turned back', { at: 4_000 }))
    expect([events[0]!.at, result.message.at]).toEqual([5_000, 5_000])
  })

  it('fails where the scope forgot what it has to look at', () => {
    const forgetful = naming(group(), { members: ['ann'] })
    expect(() => post(forgetful, draft('ann', 'hello'))).toThrow('defect')
    expect(() => remove(forgetful, { deleterId: id('ann'), messageId: id('m'), at: 0 })).toThrow('defect')
  })
})
