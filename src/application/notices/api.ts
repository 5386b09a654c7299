import type { ChatId, UserId } from '../../domain/ids.ts'
import type { Anonymous, Caller } from '../caller.ts'
import type { ChatNotices, PushDevice } from '../ports/notices.ts'

/** The calls about notifications. */
export interface NoticesApi {
  getNotices(caller: Caller, chatId: ChatId): Promise<ChatNotices>
  setNotices(caller: Caller, command: ChatNotices & { readonly chatId: ChatId }): Promise<ChatNotices>
  /** Returns the public key that a browser's subscription must belong to. */
  getPushKey(caller: Caller): Promise<{ readonly key: string }>
  keepPushDevice(caller: Caller, command: Omit<PushDevice, 'userId' | 'sessionId'>): Promise<void>
  dropPushDevice(caller: Caller, deviceId: string): Promise<void>
  /** Ends the mails about missed messages, by the address that one of them holds. */
  unsubscribe(anonymous: Anonymous, command: { readonly userId: UserId; readonly secret: string }): Promise<void>
}
