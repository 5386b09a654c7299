import type { z } from 'zod'
import type { Window } from '../../application/ports/lists.ts'
import type { MessageWindow } from '../../application/ports/views.ts'
import type { ChatId, Seq } from '../../domain/ids.ts'
import { decodeCursor, type Filters, type ListId, type Positions } from './cursor.ts'
import type { EventsQuery, MessagesQuery } from './schemas/messages.ts'

interface Listed {
  readonly limit: number
  readonly count: boolean
  readonly cursor?: string | undefined
}

/** Returns the requested page of a list. Throws `invalid` for a cursor of another list or other filters. */
export const windowOf = <L extends ListId>(list: L, filters: Filters, { limit, count, cursor }: Listed): Window<Positions[L]> => ({
  limit,
  count,
  from: cursor === undefined ? undefined : decodeCursor(list, filters, cursor),
})

/** A request for messages of one chat. Its cursors are valid for the same filters and order. */
export interface MessageList {
  readonly chatId: ChatId
  readonly query: z.output<typeof MessagesQuery>
}
export const messageFilters = ({ chatId, query: { sender_id, query, order } }: MessageList): Filters => ({
  chat_id: chatId,
  sender_id,
  query,
  order,
})

export function messageWindow(list: MessageList): MessageWindow {
  const { before, after, around, offset, cursor, order } = list.query
  if (cursor !== undefined) return decodeCursor('listMessages', messageFilters(list), cursor)
  if (before !== undefined) return { kind: 'before', seq: before }
  if (after !== undefined) return { kind: 'after', seq: after }
  if (around !== undefined) return { kind: 'around', seq: around }
  if (offset !== undefined) return { kind: 'offset', offset, fromEnd: order === 'desc' }
  return { kind: 'newest' }
}

/** A request for the events of one chat. */
export interface EventList {
  readonly chatId: ChatId
  readonly query: z.output<typeof EventsQuery>
}
export const eventFilters = ({ chatId }: EventList): Filters => ({ chat_id: chatId })

/** Returns the `seq` above which events are requested. */
export const eventsAfter = (list: EventList): Seq =>
  list.query.cursor === undefined ? (list.query.after ?? 0) : decodeCursor('listEvents', eventFilters(list), list.query.cursor).after
