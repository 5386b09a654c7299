import type { ChatEvent } from '../calls/read-event.ts'
import type { Message, Sender } from '../types.ts'
import { byKind, type Kinds } from './kinds.ts'
import { deleted, edited, erased, named, reacted } from './message.ts'
import { addPage, changed, changedAll, forgetOldest, KEPT, know, liveSpan, type Span, type Timeline } from './timeline.ts'

/** Applies the next event of the log. An event of an unknown kind, undefined here, is a number and nothing else. */
export function apply(timeline: Timeline, seq: number, event: ChatEvent | undefined): void {
  const live = liveSpan(timeline)
  if (event) absorb(timeline, event, live !== undefined)
  if (live) live.to = Math.max(live.to, seq)
  timeline.head = Math.max(timeline.head, seq)
  // Some at a time: to forget costs as much as the whole window.
  if (live && timeline.order.length > KEPT) forgetOldest(timeline, KEPT * 0.9)
}

/** Applies the events that were missing from `from` to `to`, all of them. */
export function closeHole(timeline: Timeline, { from, to }: Span, events: readonly ChatEvent[]): void {
  if (timeline.spans.length === 0) return
  for (const event of events) absorb(timeline, event)
  addPage(timeline, [], { from, to })
}

/** Applies what an event says of messages, whenever it arrives; a new message only where its window is known. */
export const absorb = (timeline: Timeline, event: ChatEvent, hasWindow = true): void => byKind(kinds, event, timeline, hasWindow)

/** Names a user in all messages as the user is named now. Returns whether any is of the user. */
export function rename(timeline: Timeline, person: Sender): boolean {
  let hasAny = false
  for (const { id } of timeline.messages.values()) if (change(timeline, id, (message) => named(message, person))) hasAny = true
  return hasAny
}

function change(timeline: Timeline, id: string, to: (message: Message) => Message): boolean {
  const message = timeline.messages.get(id)
  if (!message) return false
  const next = to(message)
  if (next === message) return false
  timeline.messages.set(id, next)
  changed(timeline, message.seq)
  return true
}

const ignored = () => {}

const kinds: Kinds<[timeline: Timeline, hasWindow: boolean], void> = {
  'chat.created': ignored,
  'chat.renamed': ignored,
  'chat.data_changed': ignored,
  'chat.rules_changed': ignored,
  'chat.description_changed': ignored,
  'chat.avatar_changed': ignored,
  'member.added': ignored,
  'member.left': ignored,
  'member.removed': ignored,
  'member.muted': ignored,
  'member.banned': ignored,
  'member.unbanned': ignored,
  'member.role_changed': ignored,
  'message.sent'({ message }, timeline, hasWindow) {
    if (hasWindow) know(timeline, message)
  },
  'message.edited'(event, timeline) {
    change(timeline, event.messageId, (message) => (message.version < event.version ? edited(message, event) : message))
  },
  'message.deleted'({ messageId, deletedAt }, timeline) {
    // It may arrive after the erasure of its author, which came later.
    change(timeline, messageId, (message) => ((message.deletedAt ?? Infinity) <= deletedAt ? message : deleted(message, deletedAt)))
  },
  'message.reacted'(event, timeline) {
    change(timeline, event.messageId, (message) => reacted(message, event))
  },
  'message.pinned': ignored,
  'message.unpinned': ignored,
  'author.erased'(event, timeline) {
    for (const [id, message] of timeline.messages) timeline.messages.set(id, erased(message, event))
    changedAll(timeline)
  },
}
