import type { ChatKind } from './chat.ts'
import type { Person } from './identity.ts'
import type { ChatId, CreationKey, FileId, Instant, MessageId, PairKey, Seq, UserId } from './ids.ts'
import type { Invitation } from './invitation.ts'
import type { Role } from './member.ts'
import type { Content, Data, Message } from './message.ts'
import type { ReactionChange, ReactionSum, Reactions } from './reaction.ts'
import type { Rules } from './rules.ts'

/** All that can happen in a chat: one member per kind of event. What else a kind is known by stands in `kinds/`. */
export interface Happenings {
  'chat.created': {
    readonly kind: ChatKind
    readonly name: string | undefined
    readonly key: PairKey | CreationKey | undefined
    readonly members: readonly { readonly person: Person; readonly role: Role }[]
  }
  'chat.renamed': { readonly name: string }
  /** `data` as of the moment the log is read. */
  'chat.data_changed': { readonly data: Data | undefined }
  'chat.rules_changed': { readonly rules: Rules }
  /** `description` as of the moment the log is read. */
  'chat.description_changed': { readonly description: string | undefined }
  'chat.avatar_changed': { readonly avatar: FileId | undefined }
  /** `invitation` is told to the store alone: the one that was used, and how often it is now. */
  'member.added': { readonly person: Person; readonly role: Role; readonly invitation?: Pick<Invitation, 'id' | 'used'> | undefined }
  'member.left': { readonly userId: UserId }
  'member.removed': { readonly userId: UserId }
  /** Without `until` the member may write again. */
  'member.muted': { readonly userId: UserId; readonly until: Instant | undefined }
  /** `reason` is told to the store alone. */
  'member.banned': { readonly userId: UserId; readonly until: Instant | undefined; readonly reason?: string | undefined }
  'member.unbanned': { readonly userId: UserId }
  'member.role_changed': { readonly userId: UserId; readonly role: Role }
  /**
   * As of the moment the log is read: whether every other member has read it, and what it got. `appearsTo` is told at the commit alone: the
   * members of a private chat, by its first message.
   */
  'message.sent': {
    readonly message: Message
    readonly isRead?: boolean
    readonly reactions?: Reactions
    readonly appearsTo?: readonly UserId[] | undefined
  }
  /** Values as of the moment the log is read; `text` is undefined when the message was deleted since. */
  'message.edited': {
    readonly messageId: MessageId
    readonly messageSeq: Seq
    readonly text: string | undefined
    readonly content: Content
    readonly version: number
    readonly editedAt: Instant
    /** Told to the store alone, as what follows is: `editHash` of the message. */
    readonly editHash?: string | undefined
    /** Whom the message concerns is found anew. */
    readonly isMentioning?: boolean
    /** The same of its files. */
    readonly isAttaching?: boolean
  }
  'message.deleted': { readonly messageId: MessageId; readonly messageSeq: Seq; readonly deletedAt: Instant }
  /** `reactions` and `reactionsSeq` as of the moment the log is read. */
  'message.reacted': {
    readonly messageId: MessageId
    readonly messageSeq: Seq
    readonly changes: readonly ReactionChange[]
    readonly reactions: readonly ReactionSum[]
    readonly reactionsSeq: Seq
  }
  'message.pinned': { readonly messageId: MessageId; readonly messageSeq: Seq }
  'message.unpinned': { readonly messageId: MessageId; readonly messageSeq: Seq }
  /** All texts of that person in this chat are deleted. */
  'author.erased': { readonly userId: UserId }
  /** The chat is deleted with its log: the one event that is delivered and not stored. */
  'chat.deleted': object
}
export type EventType = keyof Happenings

export type Happening = { [T in EventType]: { readonly type: T; readonly actorId: UserId } & Happenings[T] }[EventType]

interface Place {
  readonly chatId: ChatId
  readonly seq: Seq
  readonly at: Instant
}
export type KnownEvent = Happening & Place

/** An event of a kind that this version does not know, written by a newer one: the members that all kinds have, and the kind's name. */
export interface UnknownEvent extends Place {
  readonly type: 'unknown'
  readonly kind: string
  readonly actorId: UserId
}

/** An event of a log. Decisions make known events only; logs, the bus and the wire may hand over unknown ones. */
export type ChatEvent = KnownEvent | UnknownEvent
export type EventOf<T extends ChatEvent['type']> = Extract<ChatEvent, { type: T }>
