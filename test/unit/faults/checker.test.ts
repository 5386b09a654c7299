import { describe, expect, it } from 'vitest'
import type { Ending, Entry, LoggedEvent, Recording } from '../../support/recording.ts'
import { check, type Property, properties } from '../../support/recording-checks.ts'

const chat = 'chat'
const sent = (seq: number, by: string, key: string): LoggedEvent => ({
  seq,
  what: `message.sent m${seq} 1`,
  sent: { by, key, id: `m${seq}` },
  joins: [],
})
const log: readonly LoggedEvent[] = [
  { seq: 1, what: 'chat.created', joins: ['ann', 'bob', 'cyd'] },
  sent(2, 'ann', 'a1'),
  sent(3, 'bob', 'b1'),
  sent(4, 'ann', 'a2'),
  { seq: 5, what: 'member.removed cyd', joins: [], leaves: 'cyd' },
  sent(6, 'bob', 'b2'),
  { seq: 7, what: 'member.added cyd', joins: ['cyd'] },
  sent(8, 'ann', 'a3'),
  { seq: 9, what: 'message.deleted m6', deletes: 6, about: 'm6', pins: 'deleted', joins: [] },
  { seq: 10, what: 'message.reacted m2', about: 'm2', changes: [{ emoji: '👍', on: true, user_ids: ['bob'] }], joins: [] },
  { seq: 11, what: 'message.pinned m4', about: 'm4', pins: true, joins: [] },
  { ...sent(12, 'bob', 'b3'), mentions: { users: ['ann'], isAll: false } },
]
const applied = (by: string, seq: number, isFirst = false): Entry => ({
  type: 'applied',
  by,
  chat,
  seq,
  what: log[seq - 1]!.what,
  isFirst,
})
const sending = (by: string, key: string, n: number): Entry => ({ type: 'sent', by, chat, key, n })
const acknowledged = (by: string, key: string, seq: number, id = `m${seq}`): Entry => ({ type: 'acknowledged', by, chat, key, id, seq })
const resumed = (by: string, line: number, head: number, cursor = head): Entry => ({
  type: 'resumed',
  by,
  line,
  heads: { [chat]: head },
  cursors: { [chat]: cursor },
})
const receipt = (by: string, line: number, seq: number): Entry => ({ type: 'receipt', by, line, chat, user: 'bob', seq })
const changing = (to: 'in' | 'out'): Entry => ({ type: 'changes-member', chat, user: 'cyd', to })

/** A run in which nothing is wrong. */
const honest: readonly Entry[] = [
  ...['ann', 'bob', 'cyd'].map((by) => resumed(by, 1, 1)),
  sending('ann', 'a1', 1),
  acknowledged('ann', 'a1', 2),
  applied('ann', 2),
  applied('bob', 2),
  applied('cyd', 2),
  sending('bob', 'b1', 1),
  applied('ann', 3),
  applied('bob', 3),
  { type: 'marks', by: 'bob', chat, seq: 3 },
  receipt('ann', 1, 3),
  acknowledged('bob', 'b1', 3),
  sending('ann', 'a2', 2),
  acknowledged('ann', 'a2', 4),
  { type: 'resuming', by: 'bob', line: 2 },
  applied('bob', 4),
  resumed('bob', 2, 4),
  applied('ann', 4),
  changing('out'),
  applied('cyd', 3),
  applied('cyd', 4),
  { type: 'gone', by: 'cyd', chat, reason: 'removed' },
  applied('ann', 5),
  applied('bob', 5),
  sending('bob', 'b2', 2),
  acknowledged('bob', 'b2', 6),
  applied('ann', 6),
  applied('bob', 6),
  changing('in'),
  applied('cyd', 7, true),
  applied('ann', 7),
  applied('bob', 7),
  sending('ann', 'a3', 3),
  acknowledged('ann', 'a3', 8),
  acknowledged('ann', 'a3', 8),
  ...['ann', 'bob', 'cyd'].flatMap((by) => [applied(by, 8), applied(by, 9)]),
  { type: 'reacts', by: 'bob', chat, message: 'm2', emoji: '👍', on: true },
  { type: 'reacted', by: 'bob', chat, message: 'm2', emoji: '👍', on: true },
  ...['ann', 'bob', 'cyd'].flatMap((by) => [applied(by, 10), applied(by, 11), applied(by, 12)]),
]
const content = { messages: [{ id: 'm2', reactions: ['👍 1'], mine: [] as string[] }], pins: ['m4'] }
const view = (readSeq: number, unread: number, more: object = {}) => ({ [chat]: { readSeq, unread, unreadMentions: 0, content, ...more } })
const ending: Ending = {
  chats: [{ id: chat, log }],
  clients: [
    { user: 'ann', cursors: { [chat]: 12 }, views: view(1, 2, { unreadMentions: 1 }) },
    {
      user: 'bob',
      cursors: { [chat]: 12 },
      views: view(3, 2, { content: { ...content, messages: [{ ...content.messages[0]!, mine: ['👍'] }] } }),
    },
    { user: 'cyd', cursors: { [chat]: 12 }, views: view(7, 2) },
  ],
}

const without = (entry: Entry) => honest.filter((each) => JSON.stringify(each) !== JSON.stringify(entry))
const after = (entry: Entry, ...more: readonly Entry[]) =>
  honest.flatMap((each) => (JSON.stringify(each) === JSON.stringify(entry) ? [each, ...more] : [each]))
const instead = (entry: Entry, ...more: readonly Entry[]) =>
  honest.flatMap((each) => (JSON.stringify(each) === JSON.stringify(entry) ? more : [each]))
const endingWith = (change: Partial<Ending>): Recording => ({ entries: honest, ending: { ...ending, ...change } })
const clientsWith = (user: string, change: object) =>
  ending.clients.map((client) => (client.user === user ? { ...client, ...change } : client))
const seenAs = (seq: number, what: string): Entry => ({ type: 'applied', by: 'bob', chat, seq, what, isFirst: false })

const doctored: readonly (readonly [string, Property, Recording])[] = [
  ['loses what it acknowledged', 'kept', endingWith({ chats: [{ id: chat, log: log.slice(0, 7) }] })],
  ['acknowledges before it has committed', 'kept', { entries: after(sending('ann', 'a1', 1), acknowledged('ann', 'a1', 2, 'mX')), ending }],
  ['forgets keys', 'once', endingWith({ chats: [{ id: chat, log: [...log, { ...sent(13, 'ann', 'a3'), what: 'message.sent m13 1' }] }] })],
  [
    'answers one key with two messages',
    'once',
    { entries: after(acknowledged('bob', 'b1', 3), acknowledged('bob', 'b1', 2, 'm2')), ending },
  ],
  ['shows another order to somebody', 'one order', { entries: instead(applied('bob', 3), seenAs(3, 'message.sent m4 1')), ending }],
  ['shows what is not in the log', 'one order', { entries: after(applied('bob', 12), seenAs(13, 'message.sent m13 1')), ending }],
  ['leaves a hole', 'no hole', { entries: without(applied('ann', 5)), ending }],
  ['leaves a hole in the log', 'no hole', endingWith({ chats: [{ id: chat, log: log.filter(({ seq }) => seq !== 3) }] })],
  ['hands over twice', 'no hole', { entries: after(applied('ann', 5), applied('ann', 5)), ending }],
  ['begins a chat in the middle', 'no hole', { entries: instead(applied('cyd', 7, true), applied('cyd', 8, true)), ending }],
  [
    'repeats on a line',
    'in turn',
    { entries: after(applied('bob', 5), { type: 'out-of-turn', by: 'bob', chat, seq: 4, after: 5 }), ending },
  ],
  [
    'tells heads too early',
    'in turn',
    { entries: after(applied('bob', 5), { type: 'heads-ahead', by: 'bob', chat, head: 7, at: 5 }), ending },
  ],
  [
    'swaps what one person sent',
    'order of a sender',
    { entries: instead(acknowledged('ann', 'a2', 4), acknowledged('ann', 'a2', 1, 'm1')), ending },
  ],
  ['moves receipts back', 'receipts', { entries: after(receipt('ann', 1, 3), receipt('ann', 1, 2)), ending }],
  ['marks what nobody has marked', 'receipts', { entries: after(receipt('ann', 1, 3), receipt('ann', 1, 4)), ending }],
  ['forgets a mark', 'receipts', { entries: after(receipt('ann', 1, 3), { type: 'marked', by: 'bob', chat, seq: 4 }), ending }],
  ['resumes one short', 'resume', { entries: instead(resumed('bob', 2, 4), resumed('bob', 2, 4, 3)), ending }],
  ['resumes from an older log', 'resume', { entries: instead(resumed('bob', 2, 4), resumed('bob', 2, 3)), ending }],
  ['has a client forget', 'resume', { entries: after(resumed('bob', 2, 4), { type: 'reset', by: 'bob', chat, reason: 'ahead' }), ending }],
  ['hands over its removal to who was removed', 'removed', { entries: after(applied('cyd', 4), applied('cyd', 5)), ending }],
  ['takes permission from a cache', 'removed', { entries: after(applied('cyd', 4), applied('cyd', 5), applied('cyd', 6)), ending }],
  ['skips the poll', 'level', endingWith({ clients: clientsWith('bob', { cursors: { [chat]: 8 } }) })],
  ['forgets to tell of the end', 'level', endingWith({ chats: [{ id: chat, log: log.slice(0, 6) }] })],
  [
    'counts a reaction twice',
    'reactions',
    endingWith({
      clients: clientsWith('ann', {
        views: view(1, 2, { unreadMentions: 1, content: { ...content, messages: [{ ...content.messages[0]!, reactions: ['👍 2'] }] } }),
      }),
    }),
  ],
  ['forgets whose reaction it is', 'reactions', endingWith({ clients: clientsWith('bob', { views: view(3, 2) }) })],
  [
    'loses a reaction',
    'reactions',
    endingWith({ chats: [{ id: chat, log: log.map((event) => (event.changes ? { ...event, changes: [] } : event)) }] }),
  ],
  [
    'unpins nothing',
    'pins',
    endingWith({ clients: clientsWith('cyd', { views: view(7, 2, { content: { ...content, pins: ['m4', 'm6'] } }) }) }),
  ],
  ['counts mentions of others', 'mentions', endingWith({ clients: clientsWith('cyd', { views: view(7, 2, { unreadMentions: 1 }) }) })],
  ['miscounts the unread', 'unread', endingWith({ clients: clientsWith('bob', { views: view(3, 3) }) })],
]

describe('the checker', () => {
  it('finds nothing in an honest run, and looks at every property', () => {
    const { checks, violations } = check({ entries: honest, ending })
    expect(violations).toEqual([])
    for (const property of Object.keys(properties) as Property[]) expect(checks[property], property).toBeGreaterThan(0)
  })

  it.each(doctored)('notices a service that %s', (_, property, recording) => {
    expect(check(recording).violations.map((violation) => violation.property)).toContain(property)
  })

  it('has a planted run for every property', () => {
    expect(new Set(doctored.map(([, property]) => property))).toEqual(new Set(Object.keys(properties)))
  })

  it('lets somebody who was taken in again read what happened meanwhile', () => {
    const entries = instead(applied('cyd', 7, true), applied('cyd', 5), applied('cyd', 6), applied('cyd', 7)).filter(
      ({ type }) => type !== 'gone',
    )
    expect(check({ entries, ending }).violations).toEqual([])
  })
})
