import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { type Endpoint, endpoints } from '../../../src/adapters/wire/endpoints.ts'
import { clientFrames } from '../../../src/adapters/wire/frames.ts'
import { parse, pointer } from '../../../src/adapters/wire/parse/parse.ts'
import { type Fault, isRefusal } from '../../../src/domain/refusal.ts'

const ID = '0190a6f0-0000-7000-8000-000000000001'
const LOUD = 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'

/** The wrong places that a schema finds; none when it takes the value. */
function faults(schema: z.ZodType, value: unknown): readonly Fault[] {
  try {
    parse(schema, value)
    return []
  } catch (thrown) {
    if (!isRefusal(thrown, 'invalid')) throw thrown
    return thrown.facts.errors
  }
}
const places = (schema: z.ZodType, value: unknown) => faults(schema, value).map(({ pointer: place }) => place)

const {
  register,
  login,
  createChat,
  createGuest,
  sendMessage,
  addMembers,
  markRead,
  issueToken,
  changeRole,
  searchMessages,
  removeMembers,
} = endpoints
const bodies = Object.values<Endpoint>(endpoints).flatMap(({ body }) => (body ? [body] : []))
const ann = { name: 'Ann', email: 'ann@example.com', password: 'correct horse' }

describe('a refused request', () => {
  it('names every wrong place', () => {
    expect(faults(register.body, { name: 1, email: 'a@b', password: 'short', device_name: '' })).toEqual([
      { pointer: '/name', detail: 'is a string' },
      { pointer: '/password', detail: 'has 8 to 128 characters' },
      { pointer: '/device_name', detail: 'has 1 to 128 characters' },
    ])
  })

  it.each([
    ['a text', register.body, { name: 'Ann', password: 'correct horse' }, '/email'],
    ['an id', createChat.body, { kind: 'private' }, '/user_id'],
    ['what tells the shape', createChat.body, {}, '/kind'],
    ['one of several shapes', markRead.body, {}, '/message_id'],
    ['a login', login.body, { password: 'x' }, '/login'],
    ['where a frame goes', clientFrames.send_message.schema, { type: 'send_message', client_message_id: 'k', text: 'x' }, '/chat_id'],
    ['one of several words', changeRole.body, {}, '/role'],
    ['a parameter', searchMessages.query, {}, '/query'],
    ['one parameter or several', removeMembers.query, {}, '/user_id'],
    ['the body', register.body, undefined, ''],
  ])('says that %s is missing', (_, schema, value, place) => {
    expect(faults(schema, value)).toEqual([{ pointer: place, detail: 'is required' }])
  })

  it('says which words would do', () => {
    expect(faults(createChat.body, { kind: 'channel' })).toEqual([{ pointer: '/kind', detail: 'is "private" or "group"' }])
  })

  it('points at each member that is not known', () => {
    expect(faults(register.body, { ...ann, admin: true, 'a/b~c': 1 })).toEqual([
      { pointer: '/admin', detail: 'is not known here' },
      { pointer: '/a~1b~0c', detail: 'is not known here' },
    ])
  })

  it('takes no prototype for a member', () => {
    expect(places(register.body, JSON.parse('{"__proto__": {"name": "Ann"}, "email": "a@b.c", "password": "12345678"}'))).toEqual([
      '/name',
      '/__proto__',
    ])
  })

  it.each([null, undefined, [], 'text', 7, true])('wants an object and not %j', (value) => {
    expect(places(register.body, value)).toEqual([''])
  })

  it('tells no more than 20 places', () => {
    expect(faults(register.body, Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`m${i}`, i])))).toHaveLength(20)
    expect(faults(addMembers.body, { user_ids: Array.from({ length: 100 }, () => 'x') })).toHaveLength(20)
  })

  it.each(['a\0b', 'a\ud800b', '\udc00'])('holds no text that a database cannot keep: %j', (name) => {
    expect(faults(register.body, { ...ann, name })).toEqual([{ pointer: '/name', detail: 'holds neither NUL nor lone surrogates' }])
    expect(places(sendMessage.body, { client_message_id: name, text: name })).toEqual(['/client_message_id', '/text'])
  })

  it('points by RFC 6901, so that the member is found again', () => {
    const found = (value: unknown, place: string): unknown =>
      place
        .split('/')
        .slice(1)
        .reduce((node, step) => (node as Record<string, unknown>)[step.replaceAll('~1', '/').replaceAll('~0', '~')], value)
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('~1', '/~0', '')), { minLength: 1, maxLength: 6 }), (path) => {
        const value = path.reduceRight<unknown>((inner, step) => Object.fromEntries([[step, inner]]), 'here')
        expect(found(value, pointer(path))).toBe('here')
      }),
    )
  })

  it('counts code points, not halves of them', () => {
    expect(faults(register.body, { ...ann, password: '🦊'.repeat(128) })).toEqual([])
    expect(places(register.body, { ...ann, password: '🦊'.repeat(129) })).toEqual(['/password'])
    expect(places(register.body, { ...ann, password: '🦊'.repeat(7) })).toEqual(['/password'])
  })
})

describe('a body', () => {
  it('names the login in one of three ways', () => {
    const password = 'x'
    for (const key of ['login', 'email', 'username'])
      expect(parse(login.body, { [key]: 'Ann', password, device_name: 'd' })).toEqual({ login: 'Ann', password, device_name: 'd' })
    expect(places(login.body, { login: 'a', email: 'a', password })).toEqual(['/email'])
    expect(places(login.body, { password })).toEqual(['/login'])
  })

  it('takes any UUID, in lower case from then on', () => {
    for (const id of [ID, LOUD, '00000000-0000-0000-0000-000000000000'])
      expect(parse(createChat.body, { kind: 'private', user_id: id })).toEqual({ kind: 'private', user_id: id.toLowerCase() })
    expect(faults(createChat.body, { kind: 'private', user_id: 'me' })).toEqual([{ pointer: '/user_id', detail: 'is a UUID' }])
  })

  it('of a chat has what its kind has', () => {
    expect(places(createChat.body, { kind: 'private', user_id: ID, name: 'x' })).toEqual(['/name'])
    expect(places(createChat.body, { kind: 'channel' })).toEqual(['/kind'])
    expect(places(createChat.body, { kind: 'group', name: 'x', member_ids: [ID, 'nobody'] })).toEqual(['/member_ids/1'])
    expect(faults(createChat.body, { kind: 'group', name: 'x', member_ids: [] })).toEqual([])
  })

  it('names 1 to 100 people', () => {
    expect(places(addMembers.body, { user_ids: [] })).toEqual(['/user_ids'])
    expect(faults(addMembers.body, { user_ids: Array.from({ length: 100 }, () => ID) })).toEqual([])
    expect(faults(addMembers.body, { user_ids: Array.from({ length: 101 }, () => ID) })).toEqual([
      { pointer: '/user_ids', detail: 'has at most 100' },
    ])
  })

  it('marks by a message or by a place, not by both', () => {
    expect(parse(markRead.body, { seq: 0 })).toEqual({ seq: 0 })
    expect(parse(markRead.body, { message_id: LOUD })).toEqual({ message_id: LOUD.toLowerCase() })
    expect(places(markRead.body, { message_id: ID, seq: 1 })).toEqual(['/seq'])
    expect(places(markRead.body, {})).toEqual(['/message_id'])
  })

  it.each([-1, 1.5, 2 ** 53, Number.POSITIVE_INFINITY, Number.NaN, '1', null])('has no place %j in a log', (seq) => {
    expect(places(markRead.body, { seq })).toEqual(['/seq'])
  })

  it('leaves the text to the domain, which knows what is too long', () => {
    expect(faults(sendMessage.body, { client_message_id: 'k', text: '' })).toEqual([])
    expect(faults(sendMessage.body, { client_message_id: 'k', text: 'x'.repeat(60_000) })).toEqual([])
    expect(places(sendMessage.body, { client_message_id: '', text: 1 })).toEqual(['/client_message_id', '/text'])
    expect(places(sendMessage.body, { client_message_id: 'k'.repeat(129), text: 'x' })).toEqual(['/client_message_id'])
  })

  it('may be left out where nothing in it is needed', () => {
    expect(parse(createGuest.body, undefined)).toEqual({})
  })

  it('of the token form leaves unknown fields alone', () => {
    expect(parse(issueToken.form, { username: 'ann', password: 'x', scope: '', client_id: 'c' })).toEqual({
      username: 'ann',
      password: 'x',
    })
  })

  it('nested 50,000 deep is refused like any other', () => {
    const deep: unknown = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000))
    for (const body of bodies) expect(places(body, deep)).toEqual([''])
    expect(places(sendMessage.body, { client_message_id: 'k', text: deep })).toEqual(['/text'])
  })

  it('is taken or refused, whatever it is', () => {
    const names = ['kind', 'name', 'text', 'seq', 'user_id', 'user_ids', 'message_id', 'login', 'email', 'password', 'role', 'version']
    const value = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...names), fc.jsonValue()))
    fc.assert(
      fc.property(fc.constantFrom(...bodies), value, (body, given) => {
        expect(Array.isArray(faults(body, given))).toBe(true)
      }),
    )
  })
})

describe('an address', () => {
  const { user_id } = endpoints.getUser.params

  it('holds any string, and what is no UUID is the id of nobody', () => {
    expect(parse(user_id, LOUD)).toBe(LOUD.toLowerCase())
    for (const text of ['', 'me', 'a\0b', 'pair:x', `${ID}0`]) expect(parse(user_id, text)).toBe('00000000-0000-0000-0000-000000000000')
  })

  it('calls oneself `me` among the members', () => {
    expect(parse(endpoints.removeMember.params.user_id, 'me')).toBe('me')
  })
})

describe('a query', () => {
  const messages = endpoints.listMessages.query

  it('has defaults', () => {
    expect(parse(messages, {})).toEqual({ limit: 50, count: false, order: 'asc' })
  })

  it('is read from text, strictly', () => {
    expect(parse(messages, { limit: '100', count: 'true', before: '9007199254740991' })).toMatchObject({
      limit: 100,
      count: true,
      before: 2 ** 53 - 1,
    })
    expect(faults(messages, { limit: '0', count: 'yes', before: '-1' })).toEqual([
      { pointer: '/before', detail: 'is a whole number from 0 to 9007199254740991' },
      { pointer: '/limit', detail: 'is a whole number from 1 to 100' },
      { pointer: '/count', detail: 'is true or false' },
    ])
  })

  it.each(['', ' 1', '1.0', '1e1', '0x1', '+1', '01', '101', '9007199254740992', '１'])('has no limit of %j', (limit) => {
    expect(places(messages, { limit })).toEqual(['/limit'])
  })

  it('asks for each thing once', () => {
    expect(places(messages, { limit: ['1', '2'] })).toEqual(['/limit'])
    expect(places(messages, { page: '2' })).toEqual(['/page'])
  })

  it('chooses one page in one way', () => {
    expect(places(messages, { before: '3', offset: '0', cursor: 'x' })).toEqual(['/offset', '/cursor'])
    expect(places(endpoints.listEvents.query, { after: '3', cursor: 'x' })).toEqual(['/cursor'])
  })

  it('searches for 2 to 100 characters', () => {
    const { query } = endpoints.searchMessages
    expect(places(query, {})).toEqual(['/query'])
    expect(places(query, { query: 'ч' })).toEqual(['/query'])
    expect(faults(query, { query: '🦊🦊' })).toEqual([])
    expect(places(query, { query: 'x'.repeat(101) })).toEqual(['/query'])
    expect(places(query, { query: 'a\0b' })).toEqual(['/query'])
  })

  it('removes one or several', () => {
    const { query } = endpoints.removeMembers
    expect(parse(query, { user_id: LOUD })).toEqual({ user_id: [LOUD.toLowerCase()] })
    expect(parse(query, { user_id: [ID, LOUD] })).toEqual({ user_id: [ID, LOUD.toLowerCase()] })
    expect(places(query, {})).toEqual(['/user_id'])
    expect(places(query, { user_id: Array.from({ length: 101 }, () => ID) })).toEqual(['/user_id'])
  })
})
