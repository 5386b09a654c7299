import { describe, expect, it } from 'vitest'
import { ALT_LIMIT, checkedAttachments } from '../../../src/domain/content.ts'
import { checkedFileKey, checkedFileName, FILE_NAME_LIMIT } from '../../../src/domain/filing.ts'
import { checkedAvatar, checkedExternalId, EXTERNAL_ID_LIMIT } from '../../../src/domain/keys.ts'
import { checkedPassword, opaque } from '../../../src/domain/password.ts'
import { refuse } from '../../../src/domain/refusal.ts'
import { COMMENT_LIMIT, checkedComment } from '../../../src/domain/report.ts'
import {
  checkedDescription,
  checkedEmail,
  checkedKey,
  checkedName,
  checkedReason,
  checkedText,
  checkedUsername,
  cleanedName,
  DESCRIPTION_LIMIT,
  EMAIL_LIMIT,
  isBlank,
  KEY_LIMIT,
  NAME_LIMIT,
  REASON_LIMIT,
  textLength,
  usernameFrom,
} from '../../../src/domain/words.ts'
import { id, refused } from './given.ts'

interface Bounded {
  readonly check: (text: string) => unknown
  readonly pointer: string
  readonly from: number
  readonly to: number
  /** What an invisible text becomes; left out: it is kept. */
  readonly blank?: null | undefined
  readonly isTrimmed: boolean
}

const attachedAlt = (alt: string) => checkedAttachments([{ fileId: 'f' as never }, { fileId: 'g' as never, alt }])[1]!.alt
const said = { from: 0, isTrimmed: true } as const

/** Every text that is kept as it was written. */
const texts: Readonly<Record<string, Bounded>> = {
  'a description': { ...said, check: checkedDescription, pointer: '/description', to: DESCRIPTION_LIMIT, blank: null },
  'the reason of a ban': { ...said, check: checkedReason, pointer: '/reason', to: REASON_LIMIT, blank: undefined },
  'the comment of a report': { ...said, check: checkedComment, pointer: '/comment', to: COMMENT_LIMIT, blank: undefined },
  'the key of a message': { check: (key) => checkedKey(id(key)), pointer: '/client_message_id', from: 1, to: KEY_LIMIT, isTrimmed: false },
  'the key of a file': { check: checkedFileKey, pointer: '/client_file_id', from: 1, to: KEY_LIMIT, isTrimmed: false },
  'an external id': { check: checkedExternalId, pointer: '/external_id', from: 1, to: EXTERNAL_ID_LIMIT, isTrimmed: false },
  'a text in place of a picture': { check: attachedAlt, pointer: '/attachments/1/alt', from: 0, to: ALT_LIMIT, isTrimmed: false },
}

describe.each(Object.entries(texts))('%s', (_, { check, pointer, from, to, isTrimmed, ...rest }) => {
  const detail = `has ${from === 0 ? 'at most' : `${from} to`} ${to} characters, neither NUL nor lone surrogates`
  const wrong = { code: 'invalid', facts: { errors: [{ pointer, detail }] } }

  it('is counted in code points', () => {
    expect(check('😀'.repeat(to))).toBe('😀'.repeat(to))
    expect(check('x')).toBe('x')
    expect(refused(() => check('😀'.repeat(to + 1)))).toEqual(wrong)
    expect(refused(() => check('x'.repeat(to + 1)))).toEqual(wrong)
  })

  it.each(['\0', 'a\0b', 'a\ud83d b', '\ude00'])('holds neither NUL nor lone surrogates: %j', (text) => {
    expect(refused(() => check(text))).toEqual(wrong)
  })

  it('is trimmed where people write it, and kept to the letter where programs do', () => {
    expect(check(' a b\n')).toBe(isTrimmed ? 'a b' : ' a b\n')
  })

  it.each('blank' in rest ? [rest.blank] : [])('is %s where nothing can be seen', (blank) => {
    for (const text of ['', ' \n', '\u200b\u2060']) expect(check(text)).toBe(blank)
  })

  it.each(from > 0 ? [''] : [])('is not empty', (text) => expect(refused(() => check(text))).toEqual(wrong))
})

const fault = (pointer: string, detail: string) => ({ code: 'invalid', facts: { errors: [{ pointer, detail }] } })

it('a description that is taken away is none', () => expect(checkedDescription(null)).toBe(null))

describe('a file name', () => {
  const length = fault('/name', `is a file name of 1 to ${FILE_NAME_LIMIT} characters`)

  it.each([
    ['a/b/c.txt', 'c.txt'],
    ['C:\\x\\y.png', 'y.png'],
    ['a\\b/c\\d', 'd'],
    ['a/b\\c', 'c'],
    [' x .txt ', 'x .txt'],
    ['dir/ x', 'x'],
    ['.profile', '.profile'],
    ['a.', 'a.'],
  ])('is the last part of %j', (path, name) => expect(checkedFileName(path)).toBe(name))

  it.each(['', '/', 'a/', '.', '..', '...', 'a/..', '  '])('is none in %j', (path) =>
    expect(refused(() => checkedFileName(path))).toEqual(length),
  )

  it('is counted in code points', () => {
    expect(checkedFileName('😀'.repeat(FILE_NAME_LIMIT))).toBe('😀'.repeat(FILE_NAME_LIMIT))
    expect(refused(() => checkedFileName('😀'.repeat(FILE_NAME_LIMIT + 1)))).toEqual(length)
  })

  it.each(['a\nb', 'a\0', '\u202etxt.exe', 'a\ud800'])('holds no control characters: %j', (path) =>
    expect(refused(() => checkedFileName(path))).toEqual(fault('/name', 'holds neither control characters nor lone surrogates')),
  )
})

describe('the address of a picture', () => {
  const wrong = fault('/avatar_url', 'is an https URL of at most 2048 characters')
  const long = (points: number) => `https://example.com/${'x'.repeat(points - 20)}`

  it.each(['https://example.com', 'https://example.com/a?b#c', 'https://пример.рф/я', 'https://e.com:8443?x', long(2_048)])(
    'is %s',
    (url) => expect(checkedAvatar(url)).toBe(url),
  )

  it.each([
    'http://example.com',
    'https://',
    'https:///a',
    'https://a b',
    'https://me@example.com/',
    'https://a\\b',
    'https://e.com/a b',
    'https://e.com/\u0007',
    'https://e.com/\ud800',
    'xhttps://e.com',
    long(2_049),
  ])('is not %j', (url) => expect(refused(() => checkedAvatar(url))).toEqual(wrong))
})

describe('a name', () => {
  it('says what is wrong with it', () => {
    expect(refused(() => checkedName('a\nb'))).toEqual(fault('/name', 'holds neither control characters nor lone surrogates'))
    expect(refused(() => checkedName(''))).toEqual(fault('/name', `has 1 to ${NAME_LIMIT} characters`))
    expect(refused(() => checkedName('\u200b'))).toEqual(fault('/name', 'has characters that can be seen'))
  })

  it.each([
    ['a\u202eb\nc\u0000d', 'a b c d'],
    ['a\ud800b', 'a\ufffdb'],
    ['  Anna ', 'Anna'],
    [`${'😀'.repeat(127)} b c`, '😀'.repeat(127)],
    ['\u200b', undefined],
    ['\n', undefined],
    ['', undefined],
  ])('of another system, %j, is shown as %j', (given, shown) => expect(cleanedName(given)).toBe(shown))

  it('makes a username if it has three letters', () => {
    expect(usernameFrom('Bob')).toBe('bob')
    expect(usernameFrom('Bo')).toBe('user')
  })
})

describe('a password', () => {
  const check = (password: string, names: readonly string[] = [], pointer?: string) =>
    checkedPassword(password, { isCommonPassword: (form) => form === 'password1234', names, ...(pointer && { pointer }) })

  it('has 8 to 128 code points', () => {
    expect(check('😀'.repeat(8))).toBe('😀'.repeat(8))
    expect(check('😀'.repeat(128))).toBe('😀'.repeat(128))
    for (const length of [7, 129]) expect(refused(() => check('x'.repeat(length)))).toEqual(fault('/password', 'has 8 to 128 characters'))
  })

  it('says what is wrong with it, and where', () => {
    const control = 'holds neither control characters nor lone surrogates'
    expect(refused(() => check('correct\nhorse'))).toEqual(fault('/password', control))
    expect(refused(() => check('correct\ud800horse'))).toEqual(fault('/password', control))
    expect(refused(() => check('password1234', [], '/new_password'))).toEqual(fault('/new_password', 'is among the commonest passwords'))
    expect(refused(() => check('anna-karenina', ['Anna Karenina']))).toEqual(fault('/password', 'has more than your names in it'))
  })

  it.each([
    ['annakareninaXYZ', ['Anna Karenina'], true],
    ['annakareninaWXYZ', ['Anna Karenina'], false],
    ['1234anna5678', ['anna'], true],
    ['xyzxyzxyz', ['anna'], false],
    // Of a name as a whole first, so that its parts leave nothing behind.
    ['annabelle-2024', ['anna', 'annabelle'], true],
    ['WINDI-CHAT-99', [], true],
    // Parts of two letters are in many words.
    ['oliolioliol', ['Li Xu'], false],
    ['Jose\u0301-1999', ['José'], true],
    ['tom-2024-tom', ['Tom'], true],
  ])('%j of %j is made of names: %s', (password, names, isRefused) => {
    const outcome = () => (isRefused ? refused(() => check(password, names)) : check(password, names))
    expect(outcome()).toEqual(isRefused ? fault('/password', 'has more than your names in it') : opaque(password))
  })

  it('is the same with other spaces and compositions', () => {
    expect(opaque('a\u00a0b\u3000c e\u0301')).toBe('a b c é')
  })
})

it('a username and an e-mail say what is wrong with them', () => {
  const ascii = (domain: string) => domain
  expect(refused(() => checkedUsername('ab'))).toEqual(fault('/username', 'has 3 to 32 of a–z, 0–9, dot, underscore and hyphen'))
  expect(refused(() => checkedUsername('admin'))).toEqual(
    fault('/username', 'is not one of the names that stand for the service and its staff'),
  )
  const longest = `${'x'.repeat(EMAIL_LIMIT - 5)}@x.yz`
  expect(checkedEmail(longest, ascii)).toBe(longest)
  expect(refused(() => checkedEmail(`x${longest}`, ascii))).toEqual(fault('/email', 'is an e-mail address of at most 254 characters'))
})

it('a text says what is wrong with it, and is counted and blank without its white space', () => {
  expect(refused(() => checkedText('a\0'))).toEqual(fault('/text', 'holds neither NUL nor lone surrogates'))
  expect(textLength(' a b ')).toBe(3)
  expect([isBlank(' \n'), isBlank('\u0020\u200b'), isBlank(' a ')]).toEqual([true, true, false])
})

it('a reason of one’s own has 1 to 64 letters', () => {
  for (const reason of ['no-links', 'a', 'x'.repeat(64)])
    expect(refused(() => refuse(reason, 'Why'))).toEqual({ code: 'refused', facts: { reason, detail: 'Why' } })
  for (const reason of ['', 'A', 'a b', 'x'.repeat(65), 'я'])
    expect(() => refuse(reason)).toThrow(new TypeError('A reason is 1 to 64 of a–z, 0–9, dot and hyphen'))
})
