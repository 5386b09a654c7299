import type { Chat, Guard } from '../../domain/chat.ts'
import type { Person } from '../../domain/identity.ts'
import type { ChatId, Count, Instant, Seq, UserId } from '../../domain/ids.ts'
import type { Role } from '../../domain/member.ts'
import type { Message } from '../../domain/message.ts'
import type { OwnState } from '../../domain/own.ts'
import type { Reactions } from '../../domain/reaction.ts'

/** What a chat is to one of its members. */
export interface MyChat extends OwnState {
  readonly role: Role
  readonly joinedAt: Instant
  readonly readSeq: Seq
  readonly mutedUntil: Instant | undefined
}

/** A chat as a member sees it. */
export interface ChatView {
  readonly chat: Pick<
    Chat,
    'id' | 'kind' | 'name' | 'createdAt' | 'headSeq' | 'memberSeq' | 'memberCount' | 'data' | 'description' | 'avatar' | 'rules'
  >
  /** The other member of a private chat. */
  readonly partner: Person | undefined
  readonly me: MyChat
  readonly unread: Count
  /** Of these, those that mention the viewer. */
  readonly unreadMentions: Count
  readonly readByOthers: Seq | undefined
  readonly lastMessage: MessageView | undefined
}

export interface MessageView {
  readonly message: Message
  /** Whether every present member except the sender has read it, and there is at least one. */
  readonly isRead: boolean
  readonly reactions: Reactions
}

export interface MemberView {
  readonly person: Person
  readonly role: Role
  readonly joinedAt: Instant
  readonly readSeq: Seq
  readonly mutedUntil: Instant | undefined
}

/** Where a chat is, for a member who reads it. */
export interface Place {
  readonly chatId: ChatId
  readonly headSeq: Seq
  readonly memberSeq: Seq
  readonly memberCount: Count
  readonly joinedSeq: Seq
  readonly guard: Guard
}

export interface PlaceSince extends Place {
  /** When the user joined it; if it appeared to the user later, when it did. */
  readonly shownAt: Instant
  /** Whether the log or a mark of a member moved at or after the time that was asked for. */
  readonly hasMoved: boolean
}

/** How a user's chats have changed since a time. */
export interface Moved {
  /** All chats of the user. */
  readonly count: Count
  /** Those in which the log, the user's own state or the user's own mark moved, or which appeared to the user; others may be among them. */
  readonly chatIds: readonly ChatId[]
}

export interface Standing extends Place {
  readonly readSeq: Seq
  readonly readByOthers: Seq | undefined
  readonly unread: Count
  readonly unreadMentions: Count
  readonly me: MyChat
  /** When the own state was last changed; 0 if never. */
  readonly ownAt: Instant
}

/** Pinned chats first, then by the last message, newest first. */
export interface ChatPosition {
  readonly pinned?: true
  readonly at: Instant
  readonly id: ChatId
}

/** By time, within a chat by `seq`, newest first. */
export interface MentionPosition {
  readonly at: Instant
  readonly chatId: ChatId
  readonly seq: Seq
}

export interface MemberPosition {
  readonly joinedSeq: Seq
  readonly userId: UserId
}

/** Somebody's reaction to a message. */
export interface ReactorView {
  readonly person: Person
  /** As it is shown. */
  readonly emoji: string
  readonly at: Instant
}

export interface ReactorPosition {
  readonly at: Instant
  /** Without U+FE0F. */
  readonly emoji: string
  readonly userId: UserId
}

/** The pinned messages of a chat, the newest pin first, as of `headSeq`. */
export interface PinnedMessages {
  readonly pins: readonly { readonly view: MessageView; readonly at: Instant; readonly by: Person }[]
  readonly headSeq: Seq
}

export interface PersonPosition {
  readonly name: string
  readonly id: UserId
}

export interface MessageFilter {
  readonly senderId?: UserId | undefined
  /** In folded form. */
  readonly query?: string | undefined
}

/** Selects messages of a chat that follow each other without gaps (among those that match). */
export type MessageWindow =
  | { readonly kind: 'newest' }
  /** The nearest below (or above) `seq`, without that one. */
  | { readonly kind: 'before' | 'after'; readonly seq: Seq }
  /** Half of the limit below `seq`, the rest from `seq` on. */
  | { readonly kind: 'around'; readonly seq: Seq }
  /** Counted from the first match; with `fromEnd`, backwards from the last match. */
  | { readonly kind: 'offset'; readonly offset: number; readonly fromEnd: boolean }

export interface MessageRun {
  /** Ascending by `seq`, whatever the window. */
  readonly items: readonly MessageView[]
  readonly hasOlder: boolean
  readonly hasNewer: boolean
  readonly total: Count | undefined
}
