import { describe, expect, it } from 'vitest'
import {
  ATTACHMENTS_LIMIT,
  checkedContent,
  checkedData,
  checkedMentions,
  DATA_LIMIT,
  isSameContent,
  MENTIONS_LIMIT,
  searchedText,
  suffixOf,
  WAVEFORM_LIMIT,
} from '../../../src/domain/content.ts'
import { canonical, isShallow } from '../../../src/domain/json.ts'
import { type Mention, PLAIN } from '../../../src/domain/message.ts'
import { isUntouched } from '../../../src/domain/own.ts'
import { checkedEmoji } from '../../../src/domain/reaction.ts'
import { id, refused } from './given.ts'

const fault = (pointer: string, detail: string) => ({ code: 'invalid', facts: { errors: [{ pointer, detail }] } })
const user = (start: number, length: number): Mention => ({ kind: 'user', userId: id('bob'), start, length })
const file = (fileId: string, more = {}) => ({ fileId: fileId as never, ...more })

describe('the content of a message', () => {
  it('is complete, and plain where nothing is given', () => {
    expect(checkedContent({ text: ' hello ' })).toEqual({
      text: 'hello',
      format: 'text',
      mentions: [],
      attachments: [],
      kind: undefined,
      data: undefined,
    })
  })

  it('has a text or an attachment', () => {
    expect(checkedContent({ attachments: [file('f')] }).text).toBe('')
    expect(checkedContent({ text: '\u200b', attachments: [file('f')] }).text).toBe('')
    expect(checkedContent({ text: ' a ', attachments: [file('f')] }).text).toBe('a')
    expect(refused(() => checkedContent({})).code).toBe('text-empty')
    expect(refused(() => checkedContent({ attachments: [] })).code).toBe('text-empty')
  })

  it.each(['a', 'a.b_c-9', 'x'.repeat(64)])('has a kind: %s', (kind) => expect(checkedContent({ text: 'a', kind }).kind).toBe(kind))
  it.each(['', 'A', 'a b', 'x'.repeat(65), 'a\n', 'я'])('has no kind %j', (kind) =>
    expect(refused(() => checkedContent({ text: 'a', kind }))).toEqual(
      fault('/kind', 'has 1 to 64 of a–z, 0–9, dot, underscore and hyphen'),
    ),
  )
})

describe('mentions', () => {
  const wrong = (i: number) => fault(`/mentions/${i}`, 'is a range of the text, in code points, behind the one before it')

  it('lie in the text, in code points, one behind the other', () => {
    const mentions = [user(0, 1), user(1, 2), { kind: 'all', start: 3, length: 1 } as const]
    expect(checkedMentions(mentions, '😀😀😀😀')).toEqual(mentions)
    expect(checkedMentions([Object.assign(user(0, 1), { more: 1 })], 'a')).toEqual([user(0, 1)])
  })

  it.each([
    [0, [user(0, 5)]],
    [0, [user(4, 1)]],
    [0, [user(-1, 1)]],
    [0, [user(0, 0)]],
    [0, [user(0.5, 1)]],
    [0, [user(0, 1.5)]],
    [0, [user(Number.NaN, 1)]],
    [0, [user(0, Number.NaN)]],
    [1, [user(1, 2), user(2, 1)]],
    [1, [user(1, 2), user(0, 1)]],
  ])('are refused at %i', (i, mentions) => expect(refused(() => checkedMentions(mentions, '😀😀😀😀'))).toEqual(wrong(i)))

  it('are 50 at most', () => {
    const some = Array.from({ length: MENTIONS_LIMIT + 1 }, (_, i) => user(i, 1))
    const text = 'x'.repeat(100)
    expect(checkedMentions(some.slice(1), text)).toHaveLength(MENTIONS_LIMIT)
    expect(refused(() => checkedMentions(some, text))).toEqual(fault('/mentions', `has at most ${MENTIONS_LIMIT}`))
  })
})

describe('attachments', () => {
  const attach = (...attachments: ReturnType<typeof file>[]) => checkedContent({ attachments }).attachments

  it('are ten at most, each once', () => {
    const some = Array.from({ length: ATTACHMENTS_LIMIT + 1 }, (_, i) => file(`f${i}`))
    expect(attach(...some.slice(1))).toHaveLength(ATTACHMENTS_LIMIT)
    expect(refused(() => attach(...some))).toEqual(fault('/attachments', `has at most ${ATTACHMENTS_LIMIT}`))
    expect(refused(() => attach(file('f'), file('f')))).toEqual(fault('/attachments/1/file_id', 'is attached already'))
  })

  it.each([0, 1, 300_000])('last %i ms', (durationMs) => expect(attach(file('f', { durationMs }))[0]).toMatchObject({ durationMs }))
  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('do not last %d ms', (durationMs) =>
    expect(refused(() => attach(file('f', { durationMs })))).toEqual(fault('/attachments/0/duration_ms', 'is a whole number')),
  )

  it.each([[[]], [[0, 100, 50]], [Array.from({ length: WAVEFORM_LIMIT }, () => 1)]])('have a waveform', (waveform) =>
    expect(attach(file('f', { waveform }))[0]).toMatchObject({ waveform }),
  )
  it.each([[[-1]], [[101]], [[Number.NaN]], [[1, 101]], [Array.from({ length: WAVEFORM_LIMIT + 1 }, () => 1)]])(
    'have no waveform of other numbers',
    (waveform) =>
      expect(refused(() => attach(file('f', { waveform })))).toEqual(
        fault('/attachments/0/waveform', `has at most ${WAVEFORM_LIMIT} numbers from 0 to 100`),
      ),
  )
})

describe('data', () => {
  const deep = (depth: number): object => (depth === 1 ? { a: 1 } : { a: deep(depth - 1) })

  it('is kept with sorted names', () => {
    expect(JSON.stringify(checkedData({ b: [1, { d: 1, c: 2 }], a: null }))).toBe('{"a":null,"b":[1,{"c":2,"d":1}]}')
  })

  it('is an object, eight containers deep at most', () => {
    expect(checkedData(deep(8) as never)).toEqual(deep(8))
    for (const data of [deep(9), [], null, 'text', 1])
      expect(refused(() => checkedData(data as never))).toEqual(fault('/data', 'is a JSON object, at most 8 containers deep'))
  })

  // `{"a":""}` has 8 bytes; the letters have 1, 2, 3 and 4.
  it.each([
    ['x', 1],
    ['\u007f', 1],
    ['\u0080', 2],
    ['\u07ff', 2],
    ['\u0800', 3],
    ['\uffee', 3],
    ['\u{10000}', 4],
    ['😀', 4],
  ])('has 4,096 bytes at most, where %j has %i', (letter, bytes) => {
    const room = DATA_LIMIT - 8
    const full = letter.repeat(Math.floor(room / bytes)) + 'x'.repeat(room % bytes)
    expect(checkedData({ a: full })).toEqual({ a: full })
    expect(refused(() => checkedData({ a: `${full}x` }))).toEqual(fault('/data', `has at most ${DATA_LIMIT} bytes as JSON`))
  })

  it('is the same, whatever the order of its names', () => {
    expect(canonical({ b: 1, a: [undefined, { c: undefined }] })).toBe('{"a":[null,{}],"b":1}')
    expect(isShallow({}, 0)).toBe(false)
    expect(isShallow(1, 0)).toBe(true)
    expect(isShallow([[1]], 2)).toBe(true)
    expect(isShallow([[1]], 1)).toBe(false)
  })
})

describe('what the digest covers', () => {
  const content = (more = {}) => checkedContent({ text: 'abc', ...more })
  const some = {
    format: { format: 'markdown' },
    mentions: { mentions: [user(0, 1)] },
    attachments: { attachments: [file('f', { alt: 'x', durationMs: 1, waveform: [1] })] },
    kind: { kind: 'order' },
    data: { data: { a: 1 } },
  }

  it('is nothing beside a plain text, as before there was anything else', () => expect(suffixOf(content())).toBe(''))

  it.each(Object.entries(some))('is %s', (_, more) => {
    expect(suffixOf(content(more))).toMatch(/^\0\[/)
    expect(suffixOf(content(more))).not.toBe(suffixOf(content(some.format === more ? some.kind : { ...more, ...some.format })))
  })

  it('is something with as many mentions as files', () => {
    expect(suffixOf(content({ ...some.mentions, ...some.attachments }))).not.toBe('')
  })

  it('is every part of an attachment', () => {
    const suffixes = [{}, { alt: 'x' }, { durationMs: 1 }, { waveform: [1] }].map((more) =>
      suffixOf(content({ attachments: [file('f', more)] })),
    )
    expect(new Set(suffixes).size).toBe(4)
    expect(suffixOf(content({ attachments: [file('g')] }))).not.toBe(suffixes[0])
  })
})

describe('contents', () => {
  const named = (name: string) => ({ ...PLAIN, attachments: [{ file: { name } }] }) as unknown as typeof PLAIN

  it('are the same by value', () => {
    expect(isSameContent(PLAIN, { ...PLAIN })).toBe(true)
    expect(isSameContent({ ...PLAIN, data: { a: 1, b: 2 } }, { ...PLAIN, data: { b: 2, a: 1 } })).toBe(true)
    expect(isSameContent(PLAIN, named('x'))).toBe(false)
  })

  it('are searched by text and by the names of files', () => {
    expect(searchedText('text', PLAIN)).toBe('text')
    expect(searchedText('text', named('a.pdf'))).toBe('text\na.pdf')
  })
})

it('an emoji has 16 code points at most', () => {
  const family = `👩${'\u200d👩'.repeat(7)}`
  expect(Array.from(family)).toHaveLength(15)
  expect(checkedEmoji(`${family}🏽`)).toBe(`${family}🏽`)
  expect(refused(() => checkedEmoji(`${family}\u200d👩`)).code).toBe('not-an-emoji')
})

it('a chat is untouched until its member has done one thing to it', () => {
  const untouched = { pinnedAt: undefined, isArchived: false, isHidden: false, isMarkedUnread: false }
  expect(isUntouched(untouched)).toBe(true)
  for (const more of [{ pinnedAt: 1 }, { isArchived: true }, { isHidden: true }, { isMarkedUnread: true }])
    expect(isUntouched({ ...untouched, ...more })).toBe(false)
})
