import type { ChatEvent } from '../../domain/event.ts'
import type { AccountNotice, Person } from '../../domain/identity.ts'
import type { ChatId, Count, Instant, Seq, UserId } from '../../domain/ids.ts'
import type { Block } from '../ports/consents.ts'
import type { NoticesChanged } from '../ports/notices.ts'
import type { MyChat } from '../ports/views.ts'

export type Gone = 'left' | 'removed' | 'deleted' | 'not-found'

/** What a reader is handed, in the words of the socket's frames. */
export type Delivery =
  | { readonly type: 'event'; readonly event: ChatEvent }
  | {
      readonly type: 'receipt'
      readonly chatId: ChatId
      readonly userId: UserId | undefined
      readonly readSeq: Seq
      readonly at: Instant
      readonly unread: Count | undefined
      readonly unreadMentions: Count | undefined
    }
  | { readonly type: 'typing'; readonly chatId: ChatId; readonly userIds: readonly UserId[] }
  | { readonly type: 'presence'; readonly userId: UserId; readonly online: boolean; readonly lastSeenAt: Instant | undefined }
  /** A user is shown otherwise now: by another name or picture. One object for all, which says nothing of when the user was last seen. */
  | { readonly type: 'user'; readonly person: Person }
  /** Too much was missed: the newest is here, `from` … `to` can be read from the log. */
  | { readonly type: 'limited'; readonly chatId: ChatId; readonly from: Seq; readonly to: Seq; readonly newest: readonly ChatEvent[] }
  | { readonly type: 'reset'; readonly chatId: ChatId | undefined; readonly epoch: string; readonly reason: 'epoch' | 'ahead' }
  /** The user's own state of a chat was changed, on any device. */
  | { readonly type: 'my_chat'; readonly chatId: ChatId; readonly me: MyChat }
  /** The user has blocked another one, or no longer. */
  | ({ readonly type: 'blocked' } & Block)
  | NoticesChanged
  | { readonly type: 'notice'; readonly notice: AccountNotice }
  | { readonly type: 'chat_gone'; readonly chatId: ChatId; readonly reason: Gone }
