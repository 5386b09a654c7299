import { type ChatState, emptyState } from '../../domain/decision.ts'
import type { ChatEvent } from '../../domain/event.ts'
import { evolve } from '../../domain/evolve.ts'
import { type ChatId, type MessageId, sendKey } from '../../domain/ids.ts'
import type { Message } from '../../domain/message.ts'

/** All messages from one place of the log to another are known. `to` may lie one below `from`: known from there on, nothing yet. */
export interface Span {
  from: number
  to: number
}

/**
 * What is known of the messages of one chat: windows over its log. It belongs to whoever made it, and is changed in place. All ways
 * in (events, pages, answers to one's own sends) may come in any order and repeat: what is known only grows.
 */
export interface Timeline {
  readonly state: ChatState
  /** The last event that was applied. */
  head: number
  /** Ascending and apart. */
  spans: Span[]
  /** Ids by `seq`. */
  order: MessageId[]
  /** Something in it has changed since it was last looked at. */
  version: number
}

/** Of one chat no more is kept: the far end is forgotten. */
export const KEPT = 20_000

export function emptyTimeline(chatId: string, head: number): Timeline {
  const state = emptyState()
  state.chat = {
    id: chatId as ChatId,
    kind: 'group',
    name: undefined,
    key: undefined,
    createdAt: 0,
    headSeq: head,
    headN: 0,
    headAt: 0,
    memberSeq: 0,
    memberCount: 0,
  }
  return { state, head, spans: [], order: [], version: 0 }
}

/** The window at the end of the log, if there is one. */
export const liveSpan = ({ spans, head }: Timeline): Span | undefined => {
  const last = spans.at(-1)
  return last && last.to >= head ? last : undefined
}

/** The window around a place; the last one for `Infinity`. */
export const spanAt = ({ spans }: Timeline, seq: number): Span | undefined =>
  seq === Number.POSITIVE_INFINITY ? spans.at(-1) : spans.find(({ from, to }) => from <= seq && seq <= Math.max(from, to))

/** The next event of the log. An event of an unknown kind is a number and nothing else. */
export function apply(timeline: Timeline, seq: number, event: ChatEvent | undefined): void {
  const live = liveSpan(timeline)
  if (event && (live || event.type !== 'message.sent')) absorb(timeline, event)
  if (live) live.to = Math.max(live.to, seq)
  timeline.head = Math.max(timeline.head, seq)
  if (live && timeline.order.length > KEPT) forgetOldest(timeline, KEPT)
}

/** What an event says of messages, whenever it is heard. */
export function absorb(timeline: Timeline, event: ChatEvent): void {
  const { state } = timeline
  const { chat } = state
  switch (event.type) {
    case 'message.sent':
      return know(timeline, event.message)
    case 'message.edited': {
      const known = state.messages.get(event.messageId)
      if (!known || known.version >= event.version) return
      if (known.deletedAt === undefined) break
      // Heard of after the deletion: the text stays away.
      state.messages.set(known.id, { ...known, version: event.version, editedAt: event.editedAt })
      timeline.version++
      return
    }
    case 'message.deleted': {
      const known = state.messages.get(event.messageId)
      if (known?.deletedAt === undefined) break
      if (known.deletedAt <= event.deletedAt) return
      // Heard of after the erasure of its author, which came later.
      state.messages.set(known.id, { ...known, deletedAt: event.deletedAt })
      timeline.version++
      return
    }
    case 'chat.created':
    case 'chat.deleted':
      return
    default:
  }
  evolve(state, event, 'given')
  state.chat = chat
  if (event.type === 'author.erased') forgetNames(timeline, event.userId)
  timeline.version++
}

/** The service names the erased no longer; nor does a copy. */
function forgetNames({ state }: Timeline, userId: string): void {
  for (const [id, message] of state.messages)
    if (message?.sender.id === userId)
      state.messages.set(id, { ...message, sender: { ...message.sender, name: undefined, username: undefined } })
}

/** A message, from wherever: a page, an answer, an event. */
export function know(timeline: Timeline, message: Message): void {
  const { state, order } = timeline
  const known = state.messages.get(message.id)
  const merged = known ? later(known, message) : message
  if (merged === known) return
  state.messages.set(message.id, merged)
  state.earlier.set(sendKey(merged.sender.id, merged.clientMessageId), merged)
  if (!known) order.splice(place(timeline, message.seq), 0, message.id)
  timeline.version++
}

/** A page of messages: all that there are from one place to another. */
export function addPage(timeline: Timeline, messages: readonly Message[], { from, to }: Span): void {
  for (const message of messages) know(timeline, message)
  const apart = timeline.spans.filter((span) => span.to + 1 < from || span.from > to + 1)
  const joined = timeline.spans.filter((span) => !apart.includes(span))
  const span = { from: Math.min(from, ...joined.map((one) => one.from)), to: Math.max(to, ...joined.map((one) => one.to)) }
  timeline.spans = [...apart, span].sort((a, b) => a.from - b.from)
  timeline.version++
}

/** Numbers up to `to` were not told: a new window begins behind them. */
export function leave(timeline: Timeline, to: number): void {
  if (to <= timeline.head) return
  if (timeline.spans.length > 0) timeline.spans.push({ from: to + 1, to })
  timeline.head = to
  timeline.version++
}

/** Events that were left out, now read after all; `from` … `to` is whole by them. */
export function closeHole(timeline: Timeline, { from, to }: Span, events: readonly ChatEvent[]): void {
  if (timeline.spans.length === 0) return
  for (const event of events) absorb(timeline, event)
  addPage(timeline, [], { from, to })
}

/** Forgets what lies below a place: it may be too old. */
export function forgetBelow(timeline: Timeline, seq: number): void {
  timeline.spans = timeline.spans
    .filter((span) => span.to >= seq || span.from >= seq)
    .map((span) => ({ from: Math.max(span.from, seq), to: span.to }))
  const cut = place(timeline, seq)
  for (const id of timeline.order.splice(0, cut)) drop(timeline, id)
  timeline.version++
}

/** Forgets all but the newest of the live window. */
export function forgetOldest(timeline: Timeline, kept: number): void {
  const { order, state } = timeline
  const first = order[order.length - kept]
  if (first === undefined) return
  forgetBelow(timeline, state.messages.get(first)!.seq)
}

/** Forgets everything, and starts at a place of the log. */
export function forgetAll(timeline: Timeline, head: number): void {
  for (const id of timeline.order.splice(0)) drop(timeline, id)
  timeline.spans = []
  timeline.head = head
  timeline.version++
}

function drop({ state }: Timeline, id: MessageId): void {
  const message = state.messages.get(id)
  state.messages.delete(id)
  if (message) state.earlier.delete(sendKey(message.sender.id, message.clientMessageId))
}

/** The messages of a window, ascending; those of the live one include what was heard of ahead of the log. */
export function messagesIn(timeline: Timeline, span: Span): Message[] {
  const { order, state } = timeline
  const end = span === liveSpan(timeline) ? order.length : place(timeline, span.to + 1)
  return order.slice(place(timeline, span.from), end).map((id) => state.messages.get(id)!)
}

/** Where in the order a `seq` stands, or would. */
function place({ order, state }: Timeline, seq: number): number {
  let low = 0
  let high = order.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (state.messages.get(order[middle]!)!.seq < seq) low = middle + 1
    else high = middle
  }
  return low
}

/** What two reports of one message say together: the higher version, deleted for ever, without names for ever. */
function later(one: Message, other: Message): Message {
  const newer = other.version > one.version ? other : one
  const deletedAt = earlier(one.deletedAt, other.deletedAt)
  const sender = other.sender.name === undefined ? other.sender : one.sender
  const isSame = newer === one && deletedAt === one.deletedAt && sender.name === one.sender.name
  if (isSame) return one
  return { ...newer, clientMessageId: one.clientMessageId, sender, deletedAt, text: deletedAt === undefined ? newer.text : undefined }
}

const earlier = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)
