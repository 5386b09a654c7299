import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { presentEvent } from '../../src/adapters/wire/present/events.ts'
import { presentMessage } from '../../src/adapters/wire/present/messages.ts'
import { readEvent } from '../../src/client/calls/read-event.ts'
import { readMessage } from '../../src/client/calls/read-wire.ts'
import { absorb, apply } from '../../src/client/copy/absorb.ts'
import { type Cursor, cursorAt, isBehind, leap, learn, receive } from '../../src/client/copy/cursor.ts'
import { addPage, emptyTimeline, know, messagesIn, type Span, spanAt, type Timeline } from '../../src/client/copy/timeline.ts'
import type { Message as ShownMessage } from '../../src/client/index.ts'
import { emptyState } from '../../src/domain/decision.ts'
import type { ChatEvent, Happening } from '../../src/domain/event.ts'
import { evolve } from '../../src/domain/evolve.ts'
import { asId } from '../../src/domain/ids.ts'
import { type Message, PLAIN } from '../../src/domain/message.ts'
import { NO_REACTIONS } from '../../src/domain/reaction.ts'
import { tries } from '../support/tries.ts'

// A log with its states after each event, and all the ways in which a client hears of it.

type What =
  | { readonly kind: 'sent'; readonly by: number }
  | { readonly kind: 'edited' | 'deleted'; readonly which: number }
  | { readonly kind: 'erased'; readonly who: number }

const what: fc.Arbitrary<What> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('sent' as const), by: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('edited' as const, 'deleted' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('erased' as const), who: fc.nat(2) }) },
)

const chatId = asId<ChatEvent['chatId']>('chat')
const person = (n: number) => ({ id: asId<Message['sender']['id']>(`p${n}`), username: `p${n}`, name: `P${n}`, lastSeenAt: undefined })

/** The log, and what each message was after every event of it. */
function history(happenings: readonly What[]) {
  const log: ChatEvent[] = [
    { chatId, seq: 1, at: 1, actorId: person(0).id, type: 'chat.created', kind: 'group', name: 'g', key: undefined, members: [] },
  ]
  let state = evolve(emptyState(), log[0]!)
  const states: Message[][] = [[], []]
  for (const one of happenings) {
    const seq = log.length + 1
    const isErased = (id: string) => log.some((event) => event.type === 'author.erased' && event.userId === id)
    const happening = happeningOf(one, seq, [...state.messages.values()] as Message[])
    if (!happening || isErased(happening.actorId)) continue
    const event = { ...happening, chatId, seq, at: seq } as ChatEvent
    log.push(event)
    state = evolve(state, event)
    if (event.type === 'author.erased')
      for (const [id, message] of state.messages)
        if (message?.sender.id === event.userId)
          state.messages.set(id, { ...message, sender: { ...message.sender, name: undefined, username: undefined } })
    states.push([...state.messages.values()] as Message[])
  }
  return { log, states }
}

function happeningOf(one: What, seq: number, messages: readonly Message[]): Happening | undefined {
  if (one.kind === 'sent') {
    const sender = person(one.by)
    const id = asId<Message['id']>(`m${seq}`)
    const blank = { n: 0, bodyHash: '', content: PLAIN, kind: undefined, replyTo: undefined, editedAt: undefined, deletedAt: undefined }
    const clientMessageId = asId<Message['clientMessageId']>(`k${seq}`)
    const message: Message = { ...blank, id, chatId, seq, sender, clientMessageId, text: `t${seq}`, version: 1, at: seq, changedSeq: seq }
    return { type: 'message.sent', actorId: sender.id, message }
  }
  if (one.kind === 'erased') return { type: 'author.erased', actorId: person(one.who).id, userId: person(one.who).id }
  const alive = messages.filter(({ deletedAt }) => deletedAt === undefined)
  const target = alive[one.which % Math.max(1, alive.length)]
  if (!target) return undefined
  const place = { actorId: target.sender.id, messageId: target.id, messageSeq: target.seq }
  if (one.kind === 'deleted') return { ...place, type: 'message.deleted', deletedAt: seq }
  return { ...place, type: 'message.edited', content: PLAIN, text: `t${target.seq} at ${seq}`, version: target.version + 1, editedAt: seq }
}

/**
 * The ways in: `fetch` reads the log again from where the client stands; a page that was asked for is as old as the moment of asking.
 */
/** Doubles of fast-check crowd around 0. */
const place = fc.nat(999).map((thousandths) => thousandths / 1_000)
const step = fc.record({
  way: fc.constantFrom('next', 'next', 'next', 'event', 'answer', 'fetch', 'ask', 'page'),
  a: place,
  b: place,
  size: fc.integer({ min: 1, max: 6 }),
})

interface Rules {
  readonly apply: typeof apply
  readonly absorb: typeof absorb
  readonly know: typeof know
  readonly receive: typeof receive<ChatEvent>
}
const honest: Rules = { apply, absorb, know, receive }

/**
 * However events, answers to one's own sends, replays and pages interleave, and whatever of them is lost: once nothing is missing, a
 * client that has read the whole log shows what the service has, and no row has ever had two keys.
 */
const convergence = (rules: Rules) =>
  fc.property(
    place,
    fc.array(what, { minLength: 1, maxLength: 40, size: 'max' }),
    fc.array(step, { maxLength: 60, size: 'max' }),
    (start, happenings, steps) => {
      const { log, states } = history(happenings)
      const head = log.length
      const at = (share: number, most: number) => 1 + Math.floor(share * most)
      // The chat is opened somewhere in its life: what was before comes in pages.
      const opened = Math.min(head, at(start, head))
      const timeline = emptyTimeline(opened)
      const cursor: Cursor<ChatEvent> = cursorAt(opened)
      addPage(timeline, [], { from: opened + 1, to: opened })
      const pages: {
        readonly asked: number
        readonly heads: number
        readonly messages: readonly Message[]
        readonly from: number
        readonly to: number
      }[] = []
      const recorded: ChatEvent[] = []
      const pass = (events: readonly ChatEvent[]) => {
        for (const event of events) {
          recorded.push(event)
          rules.apply(timeline, event.seq, heard(event))
        }
      }
      const hear = (event: ChatEvent) => pass(rules.receive(cursor, event))
      const ahead = () => Math.max(1, Math.min(head, cursor.last + 6))

      for (const { way, a, b, size } of steps) {
        if (way === 'next') hear(log[Math.min(head, cursor.last + 1) - 1]!)
        else if (way === 'event') hear(log[at(a, ahead()) - 1]!)
        else if (way === 'fetch') for (const event of log.slice(cursor.last, at(a, ahead()))) hear(event)
        else if (way === 'answer') {
          const as = Math.max(opened, at(a, ahead()))
          const message = states[as]!.find(({ seq }) => seq === at(b, as))
          if (message) rules.know(timeline, told(message))
        } else if (way === 'ask') {
          // The service answers as of some moment that is not before what has been applied here.
          const asOf = Math.max(cursor.last, at(a, ahead()))
          const before = at(b, asOf) + 1
          const messages = states[asOf]!.filter(({ seq }) => seq < before).slice(-size)
          pages.push({ asked: cursor.last, heads: asOf, messages, from: messages[0]?.seq ?? 1, to: before - 1 })
        } else {
          const page = pages.shift()
          if (!page) continue
          addPage(timeline, page.messages.map(told), { from: page.from, to: page.to })
          for (const event of recorded) if (event.seq > page.asked && event.type !== 'message.sent') rules.absorb(timeline, heard(event)!)
        }
      }
      for (let i = 0; i < 3; i++) for (const event of log.slice(cursor.last)) hear(event)
      learn(cursor, head)
      expect(isBehind(cursor)).toBe(false)
      for (let missing = firstHole(timeline); missing; missing = firstHole(timeline)) {
        const { from, to } = missing
        addPage(timeline, states[head]!.filter(({ seq }) => from <= seq && seq <= to).map(told), missing)
      }
      expect(shown(timeline)).toEqual(states[head]!.map(told).map(face))
    },
  )

/** As the service sends them, and the client reads them: everything is the viewer's own. */
const told = (message: Message) => readMessage(presentMessage({ message, isRead: false, reactions: NO_REACTIONS }, message.sender.id))
const heard = (event: ChatEvent) => readEvent(presentEvent(event, event.actorId), event.actorId)

const face = ({ id, clientMessageId, seq, text, version, deletedAt, editedAt, sender }: ShownMessage) => ({
  id,
  clientMessageId,
  seq,
  text,
  version,
  deletedAt,
  editedAt,
  name: sender.name,
})

const firstHole = ({ spans }: Timeline): Span | undefined => {
  const holes = spans.map(({ from }, i) => ({ from: (spans[i - 1]?.to ?? 0) + 1, to: from - 1 }))
  return holes.find(({ from, to }) => from <= to)
}

const shown = (timeline: Timeline) => messagesIn(timeline, spanAt(timeline, Number.POSITIVE_INFINITY)!).map(face)

const saboteurs: readonly (readonly [string, Partial<Rules>])[] = [
  ['applies whatever comes', { receive: (cursor, event) => (leap(cursor, event.seq), [event]) }],
  [
    'takes a replayed event for newer than what it has',
    {
      know(timeline, message) {
        if (timeline.messages.has(message.id)) timeline.messages.set(message.id, message)
        else know(timeline, message)
      },
      apply(timeline, seq, event) {
        if (event?.type === 'message.sent' && timeline.messages.has(event.message.id))
          timeline.messages.set(event.message.id, event.message)
        apply(timeline, seq, event)
      },
    },
  ],
  ['forgets what happened while a page was on its way', { absorb: () => {} }],
  [
    'appends what it hears of',
    { know: (timeline, message) => void (timeline.messages.set(message.id, message), timeline.order.push(message.id)) },
  ],
  ['misses deletions', { apply: (timeline, seq, event) => apply(timeline, seq, event?.type === 'message.deleted' ? undefined : event) }],
]

describe('a timeline', { retry: 0 }, () => {
  it('comes to the same rows, however what it hears interleaves', () => {
    expect(() => fc.assert(convergence(honest), { numRuns: tries(500) })).not.toThrow()
  })

  it.each(saboteurs)('would notice one that %s', (_, rules) => {
    expect(fc.check(convergence({ ...honest, ...rules }), { numRuns: 2_000, endOnFailure: true })).toMatchObject({
      failed: true,
      errorInstance: { name: 'AssertionError' },
    })
  })
})
