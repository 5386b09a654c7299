import { describe, expect, it } from 'vitest'
import { historyLine } from '../../../src/application/importing/lines.ts'

const user = { user: 'u1', name: 'Anna', username: 'anna', email: 'anna@example.com', avatar_url: 'https://example.com/a.png' }
const chat = { chat: 'c1', name: 'General', owner: 'u1', members: ['u2'], at: 5 }
const message = { message: 'm1', chat: 'c1', author: 'u1', at: 5, text: 'hello', reply_to: 'm0' }
const read = (line: unknown) => historyLine(JSON.stringify(line))

describe('a line of a history', () => {
  it.each([user, chat, message])('is what it says: %j', (line) => expect(read(line)).toEqual(line))

  const without = (line: object, name: string) => Object.fromEntries(Object.entries(line).filter(([member]) => member !== name))
  const absent = (line: object, name: string) => [without(line, name), { ...line, [name]: null }]

  it.each([
    [user, ['username', 'email', 'avatar_url']],
    [message, ['reply_to']],
  ] as const)('may leave out what is optional: %j', (line, names) => {
    for (const name of names) for (const given of absent(line, name)) expect(read(given)).toEqual(without(line, name))
  })

  it.each([
    [user, ['name']],
    [chat, ['name', 'owner', 'members', 'at']],
    [message, ['chat', 'author', 'at', 'text']],
  ] as const)('has all the rest: %j', (line, names) => {
    for (const name of names) for (const given of absent(line, name)) expect(() => read(given)).toThrow(`has no usable "${name}"`)
  })

  it.each([
    [user, 'user', ''],
    [user, 'name', 7],
    [user, 'email', ''],
    [user, 'email', false],
    [chat, 'members', 'u2'],
    [chat, 'members', ['u2', '']],
    [chat, 'members', [2]],
    [chat, 'at', -1],
    [chat, 'at', 1.5],
    [chat, 'at', 'yesterday'],
    [chat, 'at', true],
    [message, 'text', 7],
    [message, 'chat', ''],
  ])('is refused: %j where %s is %j', (line, name, value) =>
    expect(() => read({ ...line, [name]: value })).toThrow(`has no usable "${name}"`),
  )

  it('may have an empty text, no members and the time 0', () => {
    expect(read({ ...message, text: '' })).toMatchObject({ text: '' })
    expect(read({ ...chat, members: [], at: 0 })).toMatchObject({ members: [], at: 0 })
  })

  it('has times in milliseconds or by the calendar', () => {
    expect(read({ ...chat, at: '2019-01-02T03:04:05Z' })).toEqual({ ...chat, at: Date.UTC(2019, 0, 2, 3, 4, 5) })
  })

  it.each([
    [{ ...user, nick: 'ann' }, 'has "nick", which a user does not have'],
    [{ ...message, members: [] }, 'has "members", which a message does not have'],
    [{ ...chat, topic: null }, 'has "topic", which a chat does not have'],
  ])('has nothing else: %j', (line, why) => expect(() => read(line)).toThrow(why))

  it.each([{}, { name: 'Anna' }, null, 7, 'user', [1]])('is a user, a chat or a message, not %j', (line) =>
    expect(() => read(line)).toThrow('is neither a user, nor a chat, nor a message'),
  )

  it('is JSON', () => expect(() => historyLine('{')).toThrow('is no JSON'))
})
