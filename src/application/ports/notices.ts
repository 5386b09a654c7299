import type { ChatKind } from '../../domain/chat.ts'
import type { ChatId, Instant, Seq, SessionId, UserId } from '../../domain/ids.ts'

/** Of which messages a user is notified. `mentions`: also of replies to one's own messages, and in private chats. */
export type NoticeLevel = 'all' | 'mentions' | 'none'

/** What a member has set for one chat. */
export interface ChatNotices {
  /** Undefined: as for all chats. */
  readonly level: NoticeLevel | undefined
  readonly mutedUntil: Instant | undefined
}

/** A time of the day in which a user is not notified: `HH:MM` in a time zone. */
export interface Quiet {
  readonly from: string
  readonly to: string
  readonly zone: string
}
/** What a user has set for all chats. */
export interface UserNotices {
  readonly level: NoticeLevel
  readonly quiet: Quiet | undefined
  /** Whether mails tell of messages that were missed. */
  readonly digest: boolean
}

/** How much of a message a notification shows. */
export type PushContent = 'full' | 'name' | 'none'

/** A device that takes notifications. */
export interface PushDevice {
  readonly userId: UserId
  /** Chosen by the client. */
  readonly id: string
  readonly sessionId: SessionId
  readonly kind: 'web'
  readonly endpoint: string
  readonly keys: { readonly p256dh: string; readonly auth: string }
  readonly content: PushContent
  /** Undefined: as for the chat. */
  readonly level: NoticeLevel | undefined
}

/** A device of a member who has not read a message, and what decides whether it shows the message. */
export interface Reached {
  readonly device: PushDevice
  readonly chat: ChatNotices & { readonly kind: ChatKind; readonly name: string | undefined }
  readonly user: UserNotices
  /** The latest message of the chat that the device was shown. */
  readonly shownSeq: Seq
  /** Whether the user has used another session since `usedSince`. */
  readonly isInUseElsewhere: boolean
}

/** A notification of a message that was read since. */
export interface ReadSince {
  readonly device: PushDevice
  readonly chatId: ChatId
  readonly readSeq: Seq
}

/** Settings of notifications, the devices that take them, and what was shown on them. */
export interface Notices {
  /** Returns undefined for users who are not members. */
  ofChat(userId: UserId, chatId: ChatId): Promise<ChatNotices | undefined>
  /** Returns false for users who are not members. */
  setOfChat(userId: UserId, chatId: ChatId, notices: ChatNotices): Promise<boolean>
  ofUser(userId: UserId): Promise<UserNotices>
  setOfUser(userId: UserId, notices: UserNotices): Promise<void>
  /** Returns users with an email who want digests and may sign in, in the order of their ids, those after `after`. */
  digested(after: UserId | undefined, limit: number): Promise<readonly UserId[]>
  /** Returns what a user has set for single chats, of all of them. One statement. */
  ofChats(userId: UserId): Promise<ReadonlyMap<ChatId, ChatNotices>>

  /** Adds or replaces a device. Another device with the same endpoint is dropped: a browser has one. */
  keepDevice(device: PushDevice, at: Instant): Promise<void>
  /** Deletes a device and what it was shown. */
  dropDevice(userId: UserId, id: string): Promise<void>
  /**
   * Returns the devices of members but the sender who have not read `seq`: those through which their users might still come in, so none of
   * a session that has ended, of a disabled user, or kept before the user's tokens were revoked. One statement.
   */
  reached(
    message: { readonly chatId: ChatId; readonly seq: Seq; readonly senderId: UserId },
    times: { readonly now: Instant; readonly usedSince: Instant },
  ): Promise<readonly Reached[]>
  /** A message was shown on a device; nothing is kept of a device that is not there any more. */
  showed(device: Pick<PushDevice, 'userId' | 'id'>, chatId: ChatId, seq: Seq): Promise<void>
  /** Returns notifications that are shown and whose messages were read since. */
  readSince(limit: number): Promise<readonly ReadSince[]>
  /** A notification is no longer shown. Returns whether it was until now. */
  cleared(device: Pick<PushDevice, 'userId' | 'id'>, chatId: ChatId): Promise<boolean>
}

/** Settings that a user has changed; without a chat, those for all chats. */
export interface NoticesChanged {
  readonly type: 'notices'
  readonly chatId: ChatId | undefined
  readonly level: NoticeLevel | undefined
  readonly mutedUntil: Instant | undefined
  readonly quiet: Quiet | undefined
}

export const FOLLOWS_ALL: UserNotices = { level: 'all', quiet: undefined, digest: false }
