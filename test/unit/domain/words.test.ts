import { domainToASCII as asciiDomain } from 'node:url'
import { describe, expect, it } from 'vitest'
import { toMinute } from '../../../src/domain/identity.ts'
import { asId, creationKey, isKey, pairKey } from '../../../src/domain/ids.ts'
import {
  checkedEmail,
  checkedKey,
  checkedName,
  checkedText,
  checkedUsername,
  fold,
  length,
  NAME_LIMIT,
  normalLogin,
  TEXT_LIMIT,
  usernameFrom,
} from '../../../src/domain/words.ts'
import { id, refused } from './given.ts'

const LONE = ['\ud83d', '\ude00', 'a\ud83d b', '\ude00\ud83d']

describe('a key of a message', () => {
  it('is anything of 1 to 128 characters', () => {
    for (const key of ['k', ' ', 'ключ 😀', '😀'.repeat(128)]) expect(checkedKey(asId(key))).toBe(key)
  })
  it.each(['', '\0', 'a\ud800', 'k'.repeat(129), '😀'.repeat(129)])('refuses %j', (key) => {
    expect(() => checkedKey(asId(key))).toThrow(expect.objectContaining({ code: 'invalid' }))
  })
})

describe('a text', () => {
  it('loses white space at both ends and nothing else', () => {
    expect(checkedText(' \t\n hello\n  world \u00a0\ufeff')).toBe('hello\n  world')
    expect(checkedText('e\u0301 👩‍👩‍👧 \u200b \u0001')).toBe('e\u0301 👩‍👩‍👧 \u200b \u0001')
  })

  it.each(['', ' ', '\n\t', '\u00a0\u3000\ufeff'])('is not blank: %j', (text) => {
    expect(refused(() => checkedText(text))).toEqual({ code: 'text-empty', facts: {} })
  })

  it('is counted in code points, after trimming', () => {
    expect(checkedText(` ${'😀'.repeat(TEXT_LIMIT)} `)).toHaveLength(2 * TEXT_LIMIT)
    expect(refused(() => checkedText('😀'.repeat(TEXT_LIMIT + 1)))).toEqual({
      code: 'text-too-long',
      facts: { limit: TEXT_LIMIT, length: TEXT_LIMIT + 1 },
    })
    expect(refused(() => checkedText('x'.repeat(TEXT_LIMIT + 1))).code).toBe('text-too-long')
  })

  it.each(['\0', 'a\0b', ...LONE])('holds neither NUL nor lone surrogates: %j', (text) => {
    expect(refused(() => checkedText(text))).toMatchObject({ code: 'invalid', facts: { errors: [{ pointer: '/text' }] } })
  })
})

describe('a name', () => {
  it('is trimmed and otherwise kept', () => {
    expect(checkedName('  Пётр  O’Neil 😀 ')).toBe('Пётр  O’Neil 😀')
  })

  it('has 1 to 128 code points', () => {
    expect(checkedName('😀'.repeat(NAME_LIMIT))).toHaveLength(2 * NAME_LIMIT)
    for (const name of ['', '  ', 'x'.repeat(NAME_LIMIT + 1), '😀'.repeat(NAME_LIMIT + 1)])
      expect(refused(() => checkedName(name))).toMatchObject({ code: 'invalid', facts: { errors: [{ pointer: '/name' }] } })
  })

  it.each(['a\0b', 'a\nb', 'a\u0085b', 'a\u007fb', ...LONE])('holds neither control characters nor lone surrogates: %j', (name) => {
    expect(refused(() => checkedName(name)).code).toBe('invalid')
  })

  it.each(['\u200b', '\u2060 \u00ad', '\u3164', '\u200e'])('can be seen: %j', (name) => {
    expect(refused(() => checkedName(name))).toMatchObject({ code: 'invalid', facts: { errors: [{ pointer: '/name' }] } })
    expect(checkedName(`a${name}b`)).toBe(`a${name}b`)
  })

  it.each(['ann\u202ebob', '\u2066ann\u2069'])('turns nothing around: %j', (name) => {
    expect(refused(() => checkedName(name)).code).toBe('invalid')
  })
})

describe('a username', () => {
  it('is kept in lower case', () => {
    expect(checkedUsername('User.Name_1-x')).toBe('user.name_1-x')
  })

  it.each(['ab', 'x'.repeat(33), 'имя', 'a b', 'a@b', 'user!', 'İabc', 'abc\u212a', ' abc', 'abc\n'])('is not %j', (username) => {
    expect(refused(() => checkedUsername(username))).toMatchObject({ code: 'invalid', facts: { errors: [{ pointer: '/username' }] } })
  })

  it('is made from the letters and digits of a name, with room for four more digits', () => {
    expect(usernameFrom('Ann O’Neil 3rd')).toBe('annoneil3rd')
    expect(usernameFrom('Пётр')).toBe('user')
    expect(usernameFrom('Bo')).toBe('user')
    expect(checkedUsername(`${usernameFrom('x'.repeat(100))}-0000`)).toHaveLength(32)
  })
})

describe('a username that stands for others', () => {
  it.each(['admin', 'Root', 'SUPPORT', 'system', 'windi-chat', 'everyone'])('is refused: %s', (username) => {
    expect(refused(() => checkedUsername(username))).toMatchObject({ code: 'invalid', facts: { errors: [{ pointer: '/username' }] } })
  })

  it('is not made from a name', () => expect(usernameFrom('Admin')).toBe('user'))
})

describe('text that nobody can see', () => {
  it.each(['\u200b', '\u2060 \u00ad', '\u3164', '\ufeff\u200d'])('is none: %j', (text) => {
    expect(refused(() => checkedText(text))).toMatchObject({ code: 'text-empty' })
    expect(refused(() => checkedName(text))).toMatchObject({ code: 'invalid' })
  })
})

describe('an e-mail', () => {
  it('is trimmed and in lower case', () => {
    expect(checkedEmail(' Ann@Example.COM ', asciiDomain)).toBe('ann@example.com')
  })

  it.each([
    ['composed', 'Jose\u0301@example.com', 'josé@example.com'],
    ['with its domain in the letters of DNS', 'anna@Bücher.example', 'anna@xn--bcher-kva.example'],
    ['with full-width letters in its domain as the same', 'anna@ｅxample.com', 'anna@example.com'],
  ])('is %s', (_, given, form) => {
    expect(checkedEmail(given, asciiDomain)).toBe(form)
    expect(normalLogin(given, asciiDomain)).toBe(form)
  })

  it('is another login than a username', () => {
    expect(normalLogin(' Anna ', asciiDomain)).toBe('anna')
  })

  it.each([
    '',
    'ann',
    '@',
    'ann@',
    '@example.com',
    'a b@c.d',
    'a@b@c',
    'a\0@b.c',
    'an\u200bna@b.c',
    'a\u00ad@b.c',
    '\u2060a@b.c',
    'a@b\u202e.c',
    'a@[127.0.0.1]',
    `${'x'.repeat(250)}@x.yz`,
    'a\ud83d@b.c',
  ])('is not %j', (email) => {
    expect(refused(() => checkedEmail(email, asciiDomain))).toMatchObject({ code: 'invalid', facts: { errors: [{ pointer: '/email' }] } })
  })
})

describe('the small things', () => {
  it('counts code points, not units', () => {
    expect(['', 'abc', '😀', 'e\u0301', '👩‍👩‍👧'].map(length)).toEqual([0, 3, 1, 2, 5])
  })

  it('folds case in every script', () => {
    expect(['ПРИВЕТ', 'Ёж', 'GROẞE', 'ÀÉ', '漢字'].map(fold)).toEqual(['привет', 'ёж', 'große', 'àé', '漢字'])
  })

  it('rounds times down to the minute', () => {
    expect([0, 59_999, 60_000, 61_234].map(toMinute)).toEqual([0, 0, 60_000, 60_000])
  })

  it('names a pair alike from both sides, and never takes a key for an id', () => {
    expect(pairKey(id('ann'), id('bob'))).toBe(pairKey(id('bob'), id('ann')))
    expect(creationKey(id('ann'), 'c')).not.toBe(creationKey(id('bob'), 'c'))
    expect([pairKey(id('ann'), id('bob')), creationKey(id('ann'), 'c'), id('0198f1a0-0000-7000-8000-000000000000')].map(isKey)).toEqual([
      true,
      true,
      false,
    ])
  })
})
