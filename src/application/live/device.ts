import type { ChatId, Instant } from '../../domain/ids.ts'
import type { Owned } from '../ports/own.ts'
import type { Viewer } from './connection.ts'
import type { Reader } from './tracks.ts'

export interface Device extends Reader {
  readonly viewer: Viewer
  /** `live` once the device has received what it missed. */
  stage: 'open' | 'resuming' | 'live' | 'closed'
  /** Chats that the user joined while the device was resuming. */
  joined: Set<ChatId> | undefined
  onScreen: Set<ChatId> | undefined
  /** Since when at least it has what was committed, and in which store. */
  level: { readonly epoch: string; readonly at: Instant } | undefined
  /** Own states that it has received, by chat. */
  own: Map<ChatId, Owned> | undefined
}
