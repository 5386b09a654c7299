import type { Chat } from './chat.ts'
import type { Happening, KnownEvent } from './event.ts'
import type { Person } from './identity.ts'
import type { ChatId, ClientMessageId, CreationKey, Instant, MessageId, PairKey, UserId } from './ids.ts'
import type { Member } from './member.ts'
import type { Message } from './message.ts'

/** What a scope names of one chat. What was looked up and is absent is `null`; what was not named is not in the map. */
export interface ChatState {
  chat: Chat | null
  readonly members: Map<UserId, Member | null>
  /** Earlier sends by `sendKey`. */
  readonly earlier: Map<string, Message | null>
  readonly messages: Map<MessageId, Message | null>
  readonly people: Map<UserId, Person | null>
}

/** What of a chat a change has to see. */
export interface Scope {
  readonly chat: ChatId | PairKey | CreationKey
  readonly members?: readonly UserId[]
  readonly keys?: readonly (readonly [UserId, ClientMessageId])[]
  readonly messages?: readonly MessageId[]
  /** Do they exist, and what are they called. Who was deleted does not. */
  readonly people?: readonly UserId[]
}

/** What is to happen, and the answer to whoever asked. */
export interface Decision<R> {
  readonly events: readonly KnownEvent[]
  readonly result: R
}

export const emptyState = (): ChatState => ({ chat: null, members: new Map(), earlier: new Map(), messages: new Map(), people: new Map() })

/** What a map of the state holds for a name. Looking at what the scope did not name is a defect. */
export function look<K, V>(map: ReadonlyMap<K, V | null>, key: K): V | null {
  const found = map.get(key)
  if (found === undefined) throw new Error('defect: a decision looked at what its scope did not name')
  return found
}

export const nothing = <R>(result: R): Decision<R> => ({ events: [], result })

/** Gives what happened its place and time in the log of the chat. */
export function happened<R>(
  chat: Pick<Chat, 'id' | 'headSeq' | 'headAt'>,
  at: Instant,
  happenings: readonly Happening[],
  result: R,
): Decision<R> {
  const time = timeIn(chat, at)
  return { events: happenings.map((happening, i) => ({ ...happening, chatId: chat.id, seq: chat.headSeq + 1 + i, at: time })), result }
}

/** Now, but never before what has already happened in the chat. */
export const timeIn = (chat: Pick<Chat, 'headAt'>, now: Instant): Instant => Math.max(chat.headAt, now)
