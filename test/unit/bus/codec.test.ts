import { describe, expect, it } from 'vitest'
import { isPassing, packed, unpack } from '../../../src/adapters/bus/codec.ts'
import type { BusMessage, Published, Topic } from '../../../src/application/ports/bus.ts'
import type { ChatEvent } from '../../../src/domain/event.ts'
import type { ChatId, SessionId, UserId } from '../../../src/domain/ids.ts'

const common = { chatId: 'chat', seq: 2, at: 1_000, actorId: 'ann' }
const RELEASE = '1.2.3'
const message = (notice: object, release = RELEASE) => `!${release}\nchat:chat ${JSON.stringify(notice)}`

function toldBy(text: string, isFollowed: (topic: Topic) => boolean = () => true): Published[] {
  const told: Published[] = []
  unpack(text, { release: RELEASE, isFollowed }, (one) => told.push(one))
  return told
}
const noticesOf = (text: string) => toldBy(text).map(({ notice }) => notice)

describe('a message of a newer version', () => {
  it('keeps the place of an event of a kind that this version does not know', () => {
    const events = [
      { ...common, type: 'chat.renamed', name: 'New' },
      { ...common, seq: 3, type: 'message.probe', depth: 7 },
    ]
    expect(noticesOf(message({ type: 'events', chatId: 'chat', events }))).toEqual([
      { type: 'events', chatId: 'chat', events: [events[0], { ...common, seq: 3, type: 'unknown', kind: 'message.probe' }] },
    ])
  })

  it('says nothing when it is of a kind that this version does not know', () => {
    expect(noticesOf(message({ type: 'weather', chatId: 'chat' }))).toEqual([])
  })
})

describe('a message of another release', () => {
  const events = [{ ...common, type: 'message.sent', message: { text: 'without members that came later' } }]
  const receipt = { type: 'receipt', receipt: { chatId: 'chat' }, unread: 1 }

  it.each(['1.2.2', '2.0.0', undefined])('is a hint where it brings events, and nothing where it brings a receipt: %s', (release) => {
    const text = (notice: object) => (release === undefined ? message(notice).replace(/^.*\n/, '') : message(notice, release))
    expect(noticesOf(text({ type: 'events', chatId: 'chat', events }))).toEqual([{ type: 'head', chatId: 'chat', head: 2 }])
    expect(noticesOf(text(receipt))).toEqual([])
    expect(noticesOf(text({ type: 'joined', chatId: 'chat', userId: 'b' }))).toHaveLength(1)
  })

  it('is passed over by a release that knows no line with a release', () => {
    const [packedText] = packed([told('chat:a', { type: 'joined', chatId, userId: 'b' as UserId })], RELEASE, 1_000)
    expect(packedText!.split('\n').map((line) => /^(chat|user):/.test(line))).toEqual([false, true])
  })
})

const chatId = 'chat' as ChatId
const renamed = (seq: number, name: string) => ({ ...common, seq, type: 'chat.renamed', name }) as unknown as ChatEvent
const told = (topic: string, notice: BusMessage): Published => ({ topic: topic as Topic, notice })

describe('notices', () => {
  const some = [
    told('chat:a', { type: 'events', chatId, events: [renamed(2, 'with\nbreaks and {"json"} and blanks'), renamed(3, 'ещё')] }),
    told('user:b', { type: 'joined', chatId, userId: 'b' as UserId }),
    told('chat:c', { type: 'typing', chatId, userId: 'b' as UserId, active: true, asOf: 3 }),
  ]

  it('arrive as they were sent, in order, in one message where they fit', () => {
    const messages = packed(some, RELEASE, 10_000)
    expect(messages).toHaveLength(1)
    expect(toldBy(messages[0]!)).toEqual(some)
    expect(some.map(isPassing)).toEqual([false, false, true])
  })

  it('leave in several messages of a bounded size', () => {
    const messages = packed(some, RELEASE, 300)
    expect(messages.length).toBeGreaterThan(1)
    for (const text of messages) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(300)
    expect(messages.flatMap((text) => toldBy(text))).toEqual(some)
  })

  it('that are too large leave in parts, one event as a hint', () => {
    const large = told('chat:a', { type: 'events', chatId, events: [renamed(2, 'short'), renamed(3, 'x'.repeat(500))] })
    const parts = packed([large], RELEASE, 300).flatMap((text) => noticesOf(text))
    expect(parts).toEqual([
      { type: 'events', chatId, events: [renamed(2, 'short')] },
      { type: 'head', chatId, head: 3 },
    ])
    const sessionIds = Array.from({ length: 40 }, (_, i) => `${i}`.padStart(36, '0') as SessionId)
    const ended = told('user:b', { type: 'sessions-ended', userId: 'b' as UserId, sessionIds })
    const ids = packed([ended], RELEASE, 300).flatMap((text) =>
      noticesOf(text).flatMap((notice) => ('sessionIds' in notice ? notice.sessionIds : [])),
    )
    expect(ids).toEqual(sessionIds)
    expect(packed([told('chat:c', { type: 'presence', chatId, node: 'x'.repeat(400), no: 1, userIds: [] })], RELEASE, 300)).toEqual([])
  })

  it('fill a message to its last byte', () => {
    const [one, two, three] = some as [Published, Published, Published]
    const lengthOf = (...all: readonly Published[]) => Buffer.byteLength(packed(all, RELEASE, 10_000)[0]!)
    const sizes = (bound: number) => packed(some, RELEASE, bound).map((text) => toldBy(text).length)
    const both = lengthOf(one, two)
    const all = lengthOf(one, two, three)
    expect([sizes(all), sizes(all - 1), sizes(both), sizes(both - 1)[0]]).toEqual([[3], [2, 1], [2, 1], 1])
    expect(packed([two], RELEASE, lengthOf(two))).toHaveLength(1)
    expect(packed([two], RELEASE, lengthOf(two) - 1)).toHaveLength(0)
    expect(packed([], RELEASE, 100)).toEqual([])
    const large = told('chat:a', { type: 'events', chatId, events: [renamed(2, 'x'.repeat(500))] })
    expect(
      packed([two, large, two], RELEASE, 300)
        .flatMap((text) => noticesOf(text))
        .map(({ type }) => type),
    ).toEqual(['joined', 'head', 'joined'])
  })

  it('of topics that nobody follows are not parsed', () => {
    const [mark, ...lines] = packed(some, RELEASE, 10_000)[0]!.split('\n')
    const text = `${mark}\nchat:a not json at all\n${lines.join('\n')}\nchat:z {"also": not}`
    expect(toldBy(text, (topic) => topic === 'user:b')).toEqual([some[1]])
    const parse = JSON.parse
    let parsed = 0
    JSON.parse = (...given) => (parsed++, parse(...given))
    try {
      toldBy(text, (topic) => topic === 'user:b')
    } finally {
      JSON.parse = parse
    }
    expect(parsed).toBe(1)
  })

  it.each([
    '',
    ' ',
    '\n',
    'chat:a',
    'chat:a ',
    'chat:a null',
    'chat:a {"type":7}',
    'chat:a {"type":"toString"}',
    '[["chat:a",{}]]',
    ' \n {"type":"head"}',
  ])('are none in %j', (text) => {
    expect(toldBy(text, (topic) => topic.length > 0)).toEqual([])
  })
})
