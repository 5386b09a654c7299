import type { ChatState } from '../../../domain/decision.ts'
import type { EventOf, EventType, Happenings } from '../../../domain/event.ts'
import { type Person, unnamed } from '../../../domain/identity.ts'
import type { Instant, MessageId, Seq, UserId } from '../../../domain/ids.ts'
import type { Data, Message } from '../../../domain/message.ts'
import type { Tally } from '../../../domain/reaction.ts'
import type { LowestMarks } from '../../../domain/receipt.ts'
import type { Row } from '../database/connect.ts'
import type { RowChange } from './changes.ts'

/** What the row of an event says beside its columns. */
export type Payload = Readonly<Record<string, unknown>>

/** What the events of a page refer to, as it is now. */
export interface Known {
  readonly people: ReadonlyMap<UserId, Person>
  /** By the `seq` of their messages. */
  readonly reactions: ReadonlyMap<Seq, Tally>
  readonly messages: ReadonlyMap<MessageId, Pick<Message, 'text' | 'content' | 'version' | 'editedAt'>>
  readonly data: Data | undefined
  readonly description: string | undefined
  readonly lowest: LowestMarks
}

/** How a kind of event is stored. */
export interface Kind<T extends EventType> {
  /**
   * What the event's own row keeps. Neither names nor texts: they are read as they are now. Without it the event has no row of its own: the
   * rows that it changes say all.
   */
  readonly payload?: (event: EventOf<T>) => Payload
  /** The rows that it changes, from the state after it. */
  readonly changes: (event: EventOf<T>, state: ChatState) => readonly RowChange[]
  /** Where the chat stands in lists from now on. */
  readonly listedAt?: (event: EventOf<T>) => Instant
  /** Users that the payload names by id alone. */
  readonly people?: (payload: Payload) => readonly UserId[]
  /** Whether it tells the data or the description of the chat. */
  readonly tellsChat?: true
  /** The message whose text it tells. */
  readonly text?: (payload: Payload) => MessageId
  /** The message whose reactions it tells. */
  readonly reactions?: (payload: Payload) => Seq
  /** What of the event is not common to all. */
  readonly read: (payload: Payload, known: Known, row: Row) => Happenings[T]
}

export function asWritten<T extends object>(payload: Payload): T {
  return payload as T
}
export function ofUser({ userId }: { readonly userId: UserId }): Payload {
  return { userId }
}
export const personIn = ({ people }: Known, id: UserId): Person => people.get(id) ?? unnamed(id)
