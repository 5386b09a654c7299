import type { TFunction } from 'i18next'
import { describe, expect, it } from 'vitest'
import { Event } from '../../../src/adapters/wire/schemas/events.ts'
import type { EventType } from '../../../src/domain/event.ts'
import { en } from '../../../web/i18n/en.ts'
import { ru } from '../../../web/i18n/ru.ts'
import { holesOf, readTold, type Told } from '../../../web/state/told.ts'
import { wordsOf } from '../../../web/timeline/system-words.ts'

const actor = '01900000-0000-7000-8000-000000000001'
const other = '01900000-0000-7000-8000-000000000002'
const common = { chat_id: actor, seq: 7, at: '2030-05-14T12:00:00.000Z', actor_id: actor }
const user = { id: other, username: 'bo', name: 'Bo', kind: 'person', avatar_url: null, avatar: null, last_seen_at: null }

/** What the page says of each kind of event, in both languages; `null` where it says nothing between the messages. */
const kinds: { readonly [T in EventType]: readonly [facts: object, english: string, russian: string] | null } = {
  'chat.created': [{ kind: 'group', name: 'Tea', members: [] }, 'Ann created the group', 'Создатель группы: Ann'],
  'chat.renamed': [{ name: 'Coffee' }, 'Ann renamed the group to “Coffee”', 'Ann: новое название группы — «Coffee»'],
  'chat.data_changed': null,
  'member.added': [{ user, role: 'member' }, 'Bo was added', 'Участник добавлен: Bo'],
  'member.left': [{ user_id: other }, 'Bo left', 'Bo больше не в группе'],
  'member.removed': [{ user_id: other }, 'Bo was removed', 'Участник исключён: Bo'],
  'chat.rules_changed': [
    { rules: { post: 'admin', add: 'admin', invite: 'admin', slow_s: 30, keep_s: 0 } },
    'Ann changed the group rules',
    'Ann: новые правила группы',
  ],
  'chat.avatar_changed': [{ avatar: null }, 'Ann changed the group photo', 'Ann: новое фото группы'],
  'chat.description_changed': [{ description: 'Tea' }, 'Ann changed the group description', 'Ann: новое описание группы'],
  'member.muted': [{ user_id: other, until: '2030-05-14T12:00:00.000Z' }, 'Bo was muted', 'Bo пока не может писать'],
  'member.banned': [{ user_id: other, until: null }, 'Bo was banned', 'Доступ в группу закрыт: Bo'],
  'member.unbanned': [{ user_id: other }, 'Ban lifted: Bo', 'Доступ в группу снова открыт: Bo'],
  'member.role_changed': [{ user_id: other, role: 'admin' }, 'Bo is now an admin', 'Bo теперь администратор'],
  'message.sent': null,
  'message.edited': null,
  'message.deleted': null,
  'message.reacted': null,
  'message.pinned': null,
  'message.unpinned': null,
  'author.erased': null,
  'chat.deleted': null,
}

const said = (words: object): TFunction =>
  ((key: string, facts: Readonly<Record<string, string>>) => {
    const text = key.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], words) as string
    return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => facts[name] ?? '')
  }) as unknown as TFunction
const nameOf = (id: string | undefined) => (id === actor ? 'Ann' : 'Bo')
const sentence = (told: Told, words: object) => wordsOf(told, nameOf, said(words)).replace(/[\u2068\u2069]/g, '')

describe('what the log tells', () => {
  it.each(Object.entries(kinds))('of %s has words in both languages, or none', (type, expected) => {
    const told = readTold({ ...common, type, ...expected?.[0] })
    expect(told ? [sentence(told, en), sentence(told, ru)] : null).toEqual(expected && expected.slice(1))
    expect(expected === null || Event.safeParse({ ...common, type, ...expected[0] }).success).toBe(true)
  })

  it.each(['owner', 'admin', 'member'])('says that somebody is %s', (role) => {
    const told = readTold({ ...common, type: 'member.role_changed', user_id: other, role })!
    expect(sentence(told, en)).toMatch(/^Bo is (now|no longer) (the owner|an admin)$/)
  })

  it('says who joined without being added', () => {
    const told = readTold({ ...common, type: 'member.added', user: { ...user, id: actor }, role: 'member' })!
    expect(sentence(told, en)).toBe('Ann joined')
  })

  it('says that somebody may write again', () => {
    expect(sentence(readTold({ ...common, type: 'member.muted', user_id: other, until: null })!, en)).toBe('Bo can write again')
  })

  it('leaves out a kind that it does not know', () => {
    expect(readTold({ ...common, type: 'poll.closed' })).toBeUndefined()
  })
})

describe('holes between messages', () => {
  it.each<[string, number[], boolean, number[], [number, number][]]>([
    ['none', [1, 2, 3], true, [], []],
    ['before the first, of a whole log', [3, 4], true, [], [[0, 2]]],
    ['not before the first, while there is older', [3, 4], false, [], []],
    ['near ones, asked for together', [1, 3, 5], true, [], [[1, 4]]],
    [
      'far ones, asked for apart',
      [1, 3, 203, 205],
      true,
      Array.from({ length: 199 }, (_, n) => n + 4),
      [
        [1, 2],
        [203, 204],
      ],
    ],
    ['what is known', [1, 3], true, [2], []],
  ])('%s', (_, seqs, isWhole, known, expected) => {
    expect(holesOf(seqs, isWhole, new Set(known)).map(({ after, to }) => [after, to])).toEqual(expected)
  })

  it('never asks for more than an answer holds', () => {
    for (const { after, to } of holesOf([1, 350, 900], true, new Set())) expect(to - after).toBeLessThanOrEqual(100)
  })
})
