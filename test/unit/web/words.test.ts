import { describe, expect, it } from 'vitest'
import { problems } from '../../../src/adapters/wire/problems.ts'
import { en as adminEn } from '../../../web/admin/words/en.ts'
import { ru as adminRu } from '../../../web/admin/words/ru.ts'
import { en } from '../../../web/i18n/en.ts'
import { ru } from '../../../web/i18n/ru.ts'
import { dayName, localeOf, shortTime, spanOf, timeAgo } from '../../../web/i18n/times.ts'

type Words = { readonly [key: string]: string | Words }

const flat = (words: Words, path = ''): [string, string][] =>
  Object.entries(words).flatMap(([key, word]): [string, string][] =>
    typeof word === 'string' ? [[`${path}${key}`, word]] : flat(word, `${path}${key}.`),
  )
const english = new Map(flat({ ...en, admin: adminEn }))
const russian = new Map(flat({ ...ru, admin: adminRu }))
const facts = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '').toSorted((a, b) => a.localeCompare(b))

describe('the words', () => {
  it('are all there in Russian, with all plural forms', () => {
    const wanted = [...english.keys()].flatMap((key) =>
      key.endsWith('_other') ? ['few', 'many', 'other'].map((form) => key.replace(/other$/, form)) : [key],
    )
    expect(wanted.filter((key) => !russian.get(key)?.trim())).toEqual([])
    expect(russian.size).toBe(wanted.length)
  })

  it('put a name only where it need not be declined', () => {
    const declined = /(^|\s)(без|в|для|до|за|из|к|на|о|от|по|с|у)\s\{\{(name|first|second)\}\}/iu
    expect([...russian].filter(([, text]) => declined.test(text))).toEqual([])
  })

  it('make no name the object of a verb, which would decline it', () => {
    const object = /[\p{L}]+(?:ть|ти|чь|ли|ла|л|ите|йте)\s«?\{\{(name|first|second)\}\}/iu
    const before = new Set(['group.confirmLeave', 'group.confirmDelete'])
    expect([...russian].filter(([key, text]) => !before.has(key) && object.test(text))).toEqual([])
  })

  it('ask for nothing with “please”, and speak of an email', () => {
    expect([...english].filter(([, text]) => /\bplease\b|\be-mail\b|\bsomebody\b|\banew\b|\bfor ever\b/i.test(text))).toEqual([])
    expect([...russian].filter(([, text]) => /пожалуйста/i.test(text))).toEqual([])
  })

  it('name the same facts in both languages', () => {
    const differing = [...russian].filter(([key, text]) => {
      const said = english.get(key) ?? english.get(key.replace(/_(few|many)$/, '_other'))
      return said === undefined || facts(said).join() !== facts(text).join()
    })
    expect(differing).toEqual([])
  })
})

it.each(['network', 'timeout', 'outbox-full', 'outbox-expired', 'text-empty', 'text-too-long', 'invalid', 'version-conflict'])(
  'there are words for %s, which keeps what was written from arriving',
  (code) => {
    expect(english.get(`problem.${code}`)).toBeDefined()
  },
)

/** What only a client at fault is told, or one that renews its access in time: the page never meets it. */
const UNMET = [
  'bad-json',
  'unknown-type',
  'token-expired',
  'method-not-allowed',
  'already-resumed',
  'upload-offset',
  'file-in-use',
  'unsupported-media-type',
]
it.each(Object.keys(problems).filter((code) => !UNMET.includes(code)))('there are words for the refusal %s in both languages', (code) => {
  for (const [words, form] of [
    [english, 'other'],
    [russian, 'many'],
  ] as const)
    expect(words.get(`problem.${code}`) ?? words.get(`problem.${code}_${form}`)).toBeDefined()
})

describe('times', () => {
  const now = new Date(2030, 4, 14, 12).getTime()
  const daysAgo = (days: number) => new Date(2030, 4, 14 - days, 9, 5).getTime()

  it.each([
    ['en', 0, 'Today'],
    ['en', 1, 'Yesterday'],
    ['ru', 0, 'Сегодня'],
    ['ru', 1, 'Вчера'],
    ['ru', 3, 'Суббота'],
    ['ru', 40, '4 апреля'],
    ['ru', 400, '9 апреля 2029 г.'],
  ])('in %s, %i days ago is %s', (language, days, expected) => {
    expect(dayName(language, daysAgo(days), now)).toBe(expected)
  })

  it('are short in lists', () => {
    expect(shortTime('ru', daysAgo(0), now)).toBe('09:05')
    expect(shortTime('ru', daysAgo(2), now)).toBe('вс')
  })

  it('are written also where the system names a language that no standard knows', () => {
    const { languages } = navigator
    Object.defineProperty(navigator, 'languages', { value: ['en-US@posix', 'en-AU'], configurable: true })
    expect(localeOf('en')).toBe('en-AU')
    Object.defineProperty(navigator, 'languages', { value: ['en-US@posix'], configurable: true })
    expect(localeOf('en')).toBe('en')
    Object.defineProperty(navigator, 'languages', { value: languages, configurable: true })
  })

  it.each([
    ['en', 30, '30 seconds'],
    ['en', 21_600, '6 hours'],
    ['en', 172_800, '2 days'],
    ['en', 7 * 86_400, '1 week'],
    ['ru', 30 * 86_400, '1 месяц'],
    ['ru', 730 * 86_400, '2 года'],
    ['ru', 86_401, '86\u00A0401 секунда'],
  ])('in %s, a span of %i seconds is %s', (language, seconds, expected) => {
    expect(spanOf(language, seconds)).toBe(expected)
  })

  it('say how long ago', () => {
    expect(timeAgo('en', now - 20_000, now)).toBe('just now')
    expect(timeAgo('ru', now - 20_000, now)).toBe('только что')
    expect(timeAgo('ru', now + 90_000, now)).toBe('только что')
    expect(timeAgo('en', now - 5 * 60_000, now)).toBe('5 minutes ago')
    expect(timeAgo('ru', now - 21 * 60_000, now)).toBe('21 минуту назад')
    expect(timeAgo('ru', now - 3 * 3_600_000, now)).toBe('3 часа назад')
  })
})
