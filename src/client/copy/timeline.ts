import type { Message } from '../types.ts'
import { later } from './message.ts'

/** All messages from one place of the log to another are known. `to` may be one below `from`: known from there on, nothing yet. */
export interface Span {
  from: number
  to: number
}

/** What has changed since somebody last looked. */
export interface Changes {
  /** Places of messages that are new or changed. */
  readonly seqs: Set<number>
  /** More has changed than `seqs` says. */
  isWhole: boolean
}

/**
 * What is known of the messages of one chat: windows over its log. It belongs to its maker, and is changed in place. All inputs
 * (events, pages, answers to sends) may arrive in any order and repeat: what is known only grows.
 */
export interface Timeline {
  readonly messages: Map<string, Message>
  /** The last event that was applied. */
  head: number
  /** Ascending and apart. */
  spans: Span[]
  /** Ids by `seq`. */
  order: string[]
  readonly changes: Changes
}

/** Messages kept of one chat, at most: the oldest are forgotten. */
export const KEPT = 20_000
/** Changes listed one by one, at most. */
const LISTED = 1_000

export const emptyTimeline = (head: number): Timeline => ({
  messages: new Map(),
  head,
  spans: [],
  order: [],
  changes: { seqs: new Set(), isWhole: false },
})

/** The window at the end of the log, if there is one. */
export const liveSpan = ({ spans, head }: Timeline): Span | undefined => {
  const last = spans.at(-1)
  return last && last.to >= head ? last : undefined
}

/** The window around a place; the last one for `Infinity`. */
export const spanAt = ({ spans }: Timeline, seq: number): Span | undefined =>
  seq === Number.POSITIVE_INFINITY ? spans.at(-1) : spans.find(({ from, to }) => from <= seq && seq <= Math.max(from, to))

/** One message is new or changed. */
export function changed({ changes }: Timeline, seq: number): void {
  if (changes.isWhole) return
  changes.seqs.add(seq)
  if (changes.seqs.size > LISTED) changedAll({ changes })
}

export function changedAll({ changes }: Pick<Timeline, 'changes'>): void {
  changes.isWhole = true
  changes.seqs.clear()
}

/** Adds a message from a page, an answer or an event. */
export function know(timeline: Timeline, message: Message): void {
  const { messages, order } = timeline
  const known = messages.get(message.id)
  const merged = known ? later(known, message) : message
  if (merged === known) return
  messages.set(message.id, merged)
  if (!known) order.splice(place(timeline, message.seq), 0, message.id)
  changed(timeline, message.seq)
}

/** Adds a page of messages: all that there are from one place to another. */
export function addPage(timeline: Timeline, messages: readonly Message[], { from, to }: Span): void {
  for (const message of messages) know(timeline, message)
  const apart = timeline.spans.filter((span) => span.to + 1 < from || span.from > to + 1)
  const joined = timeline.spans.filter((span) => !apart.includes(span))
  const span = { from: Math.min(from, ...joined.map((one) => one.from)), to: Math.max(to, ...joined.map((one) => one.to)) }
  timeline.spans = [...apart, span].sort((a, b) => a.from - b.from)
  changedAll(timeline)
}

/** Numbers up to `to` were left out: a new window begins after them. */
export function leave(timeline: Timeline, to: number): void {
  if (to <= timeline.head) return
  if (timeline.spans.length > 0) timeline.spans.push({ from: to + 1, to })
  timeline.head = to
  changedAll(timeline)
}

/** Forgets what is below a place: it may be out of date. A window with nothing from there on goes, too. */
export function forgetBelow(timeline: Timeline, seq: number): void {
  timeline.spans = timeline.spans.filter((span) => span.to >= seq).map((span) => ({ from: Math.max(span.from, seq), to: span.to }))
  const cut = place(timeline, seq)
  for (const id of timeline.order.splice(0, cut)) timeline.messages.delete(id)
  changedAll(timeline)
}

/** Forgets all but the newest of the live window. */
export function forgetOldest(timeline: Timeline, kept: number): void {
  const { order, messages } = timeline
  const first = order[order.length - kept]
  if (first === undefined) return
  forgetBelow(timeline, messages.get(first)!.seq)
}

/** Forgets everything and starts at a place of the log. */
export function forgetAll(timeline: Timeline, head: number): void {
  timeline.order.length = 0
  timeline.messages.clear()
  timeline.spans = []
  timeline.head = head
  changedAll(timeline)
}

/** The messages of a window, ascending; those of the live one include sent messages that the log has not delivered yet. */
export function messagesIn(timeline: Timeline, span: Span): Message[] {
  const { order, messages } = timeline
  const end = span === liveSpan(timeline) ? order.length : place(timeline, span.to + 1)
  return order.slice(place(timeline, span.from), end).map((id) => messages.get(id)!)
}

/** All known messages from a place on. */
export const messagesFrom = (timeline: Timeline, seq: number): Message[] =>
  timeline.order.slice(place(timeline, seq)).map((id) => timeline.messages.get(id)!)

export function messageAt(timeline: Timeline, seq: number): Message | undefined {
  const found = timeline.messages.get(timeline.order[place(timeline, seq)]!)
  return found?.seq === seq ? found : undefined
}

/** The index at which a `seq` is in the order, or would be. */
function place({ order, messages }: Timeline, seq: number): number {
  let low = 0
  let high = order.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (messages.get(order[middle]!)!.seq < seq) low = middle + 1
    else high = middle
  }
  return low
}
