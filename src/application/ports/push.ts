import type { ChatId } from '../../domain/ids.ts'
import type { PushDevice } from './notices.ts'

/** What a device is sent. `badge` counts unread messages of chats that are not muted. */
export type PushPayload =
  | {
      readonly type: 'message'
      readonly chatId: ChatId
      readonly seq: number
      readonly title: string | undefined
      readonly body: string | undefined
      readonly badge: number
    }
  /** The messages up to there were read elsewhere: their notification goes. */
  | { readonly type: 'read'; readonly chatId: ChatId; readonly readSeq: number; readonly badge: number }

/** Sends to devices through the push services that their browsers have chosen. */
export interface Push {
  /** The public key that subscriptions belong to. */
  readonly key: string
  /** Returns the pointer of what is wrong with a device and what would be right; undefined if nothing is wrong. */
  fault(device: Pick<PushDevice, 'endpoint' | 'keys'>): { readonly pointer: string; readonly detail: string } | undefined
  /** Whether a device may be sent something that it does not show. */
  isQuiet(device: Pick<PushDevice, 'endpoint'>): boolean
  /** Never rejects. `gone`: the subscription has ended. */
  send(device: PushDevice, payload: PushPayload): Promise<'sent' | 'gone' | 'failed'>
}
