import { describe, expect, it } from 'vitest'
import { listMentions } from '../../../src/client/mentions.ts'
import { answered, clientOf, given, online } from './given.ts'

describe('mentions', () => {
  it('are listed newest first, page by page; those that were read can be left out', async () => {
    const { server, ann, bob, clock } = await given()
    const chatId = await bob.group('Tea', [ann.id])
    const mention = [{ kind: 'user', userId: ann.id, start: 0, length: 4 }] as never
    for (const text of ['@Ann one', '@Ann two', '@Ann three']) await bob.send(chatId, text, undefined, { mentions: mention })
    await bob.send(chatId, 'to nobody')
    await bob.send(chatId, '@all four', undefined, { mentions: [{ kind: 'all', start: 0, length: 4 }] })
    const { client } = clientOf(server, ann)
    await online(server, client)
    const list = (options = {}) => answered(clock, listMentions(client, options))
    const first = await list({ limit: 3 })
    expect(first.items.map(({ text }) => text)).toEqual(['@all four', '@Ann three', '@Ann two'])
    const rest = await list({ limit: 3, cursor: first.next })
    expect(rest).toMatchObject({ items: [{ text: '@Ann one' }], next: undefined })
    await ann.read(chatId, first.items[1]!.seq)
    expect((await list({ unread: true })).items.map(({ text }) => text)).toEqual(['@all four'])
  })
})
