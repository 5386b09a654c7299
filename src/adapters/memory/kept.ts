import type { Consumer, Cursor, DeadRange } from '../../application/ports/consumers.ts'
import type { ChatNotices, PushDevice, UserNotices } from '../../application/ports/notices.ts'
import type { ChatId, Instant, UserId } from '../../domain/ids.ts'

export interface KeptCursor extends Omit<Cursor, 'dueIn'> {
  readonly generation: number
  readonly dueAt: Instant | undefined
}
interface KeptDead extends DeadRange {
  readonly isDue: boolean
}

/** What consumers keep in a store. */
export interface ConsumerRecords {
  readonly consumers: Map<string, Consumer>
  /** By consumer and chat. */
  readonly cursors: Map<string, KeptCursor>
  readonly dead: Map<string, KeptDead & { readonly consumerId: string }>
  readonly leases: Map<string, { readonly node: string; readonly until: Instant }>
}
export const consumerRecords = (): ConsumerRecords => ({ consumers: new Map(), cursors: new Map(), dead: new Map(), leases: new Map() })

/** The end of a deleted chat, until consumers know of it. */
export interface Deletion {
  readonly seq: number
  readonly actorId: UserId
  readonly at: Instant
}

export interface KeptDevice {
  readonly device: PushDevice
  readonly keptAt: Instant
}

/** What users have set about notifications, and what was shown to them. */
export interface NoticeRecords {
  /** By user and chat. */
  readonly ofChats: Map<string, ChatNotices>
  readonly ofUsers: Map<UserId, UserNotices>
  /** By user and id. */
  readonly devices: Map<string, KeptDevice>
  /** By user, device and chat. */
  readonly shown: Map<string, { readonly device: PushDevice; readonly chatId: ChatId; readonly seq: number; readonly isCleared: boolean }>
}
export const noticeRecords = (): NoticeRecords => ({ ofChats: new Map(), ofUsers: new Map(), devices: new Map(), shown: new Map() })
