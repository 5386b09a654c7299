import type { ChatKind } from './chat.ts'
import type { Person } from './identity.ts'
import type { ChatId, CreationKey, MessageId, Millis, PairKey, Seq, UserId } from './ids.ts'
import type { Role } from './member.ts'
import type { Message } from './message.ts'

/** All that can happen in a chat. */
export interface Happenings {
  'chat.created': {
    readonly kind: ChatKind
    readonly name: string | undefined
    readonly key: PairKey | CreationKey | undefined
    readonly members: readonly { readonly person: Person; readonly role: Role }[]
  }
  'chat.renamed': { readonly name: string }
  'member.added': { readonly person: Person; readonly role: Role }
  'member.left': { readonly userId: UserId }
  'member.removed': { readonly userId: UserId }
  'member.role_changed': { readonly userId: UserId; readonly role: Role }
  /** `isRead` as it is when the log is read: everybody else has read it. */
  'message.sent': { readonly message: Message; readonly isRead?: boolean }
  /** `text` is undefined when the message was deleted since. */
  'message.edited': {
    readonly messageId: MessageId
    readonly messageSeq: Seq
    readonly text: string | undefined
    readonly version: number
    readonly editedAt: Millis
  }
  'message.deleted': { readonly messageId: MessageId; readonly messageSeq: Seq; readonly deletedAt: Millis }
  /** All texts of that person in this chat are gone. */
  'author.erased': { readonly userId: UserId }
  /** The chat is gone with its log: the one event that is told and not kept. */
  'chat.deleted': object
}
export type EventType = keyof Happenings

export type Happening = { [T in EventType]: { readonly type: T; readonly actorId: UserId } & Happenings[T] }[EventType]
export type ChatEvent = Happening & { readonly chatId: ChatId; readonly seq: Seq; readonly at: Millis }
export type EventOf<T extends EventType> = Extract<ChatEvent, { type: T }>

/** Who is no longer in the chat after this event, if it is somebody. */
export const leaverOf = (event: ChatEvent): UserId | undefined =>
  event.type === 'member.left' || event.type === 'member.removed' ? event.userId : undefined

/** Who is in the chat from this event on. */
export const joinersOf = (event: ChatEvent): readonly UserId[] => {
  if (event.type === 'chat.created') return event.members.map((member) => member.person.id)
  return event.type === 'member.added' ? [event.person.id] : []
}

export const changesMembers = (event: ChatEvent): boolean => joinersOf(event).length > 0 || leaverOf(event) !== undefined
