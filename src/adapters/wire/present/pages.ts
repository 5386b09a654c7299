import type { Page } from '../../../application/ports/lists.ts'
import type { MessageRun } from '../../../application/ports/views.ts'
import type { ChatEvent } from '../../../domain/event.ts'
import type { Seq, UserId } from '../../../domain/ids.ts'
import { encodeCursor, type Filters, type ListId, type Positions } from '../cursor.ts'
import type { PageOf } from '../schemas/common.ts'
import type { EventPage } from '../schemas/events.ts'
import type { Message } from '../schemas/messages.ts'
import { type EventList, eventFilters, type MessageList, messageFilters } from '../windows.ts'
import { presentEvent } from './events.ts'
import { presentMessage } from './messages.ts'

const withTotal = (total: number | undefined) => (total === undefined ? {} : { total })

/** Returns a page of a list: items presented, positions as cursors. */
export function presentPage<L extends ListId, T, W>(
  page: Page<T, Positions[L]>,
  { list, filters }: { readonly list: L; readonly filters: Filters },
  present: (item: T) => W,
): PageOf<W> {
  const cursor = (position: Positions[L] | undefined) => (position === undefined ? null : encodeCursor(list, filters, position))
  return { items: page.items.map(present), next: cursor(page.next), prev: cursor(page.prev), ...withTotal(page.total) }
}

/** Returns a page of messages in the requested order. */
export function presentMessages(run: MessageRun, list: MessageList, viewer: UserId): PageOf<Message> {
  const items = run.items.map((view) => presentMessage(view, viewer))
  const filters = messageFilters(list)
  const cursor = (kind: 'before' | 'after', seq: Seq) => encodeCursor('listMessages', filters, { kind, seq })
  const older = run.hasOlder ? cursor('before', run.items[0]?.message.seq ?? Number.MAX_SAFE_INTEGER) : null
  const newer = run.hasNewer ? cursor('after', run.items.at(-1)?.message.seq ?? 0) : null
  const page = list.query.order === 'asc' ? { items, next: newer, prev: older } : { items: items.reverse(), next: older, prev: newer }
  return { ...page, ...withTotal(run.total) }
}

/** Returns a page of events. It has a `next` until it reaches the head. The log has no holes, so its head is its total. */
export function presentEvents(
  piece: { readonly events: readonly ChatEvent[]; readonly head: Seq },
  list: EventList,
  viewer: UserId,
): EventPage {
  const { events, head } = piece
  const last = events.at(-1)?.seq
  const next = last !== undefined && last < head ? encodeCursor('listEvents', eventFilters(list), { after: last }) : null
  const items = events.map((event) => presentEvent(event, viewer))
  return { items, next, prev: null, head, ...withTotal(list.query.count ? head : undefined) }
}
