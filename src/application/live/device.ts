import type { ChatId, Instant } from '../../domain/ids.ts'
import type { Owned } from '../ports/own.ts'
import type { Viewer } from './connection.ts'
import type { Reader } from './tracks.ts'

/** Where a device stands. */
export interface Level {
  readonly epoch: string
  /** Since when at least it has what was committed. */
  readonly at: Instant
  /** Since when its tracks tell what has moved. */
  readonly from: Instant
}

export interface Device extends Reader {
  readonly viewer: Viewer
  /** `live` once the device has received what it missed. */
  stage: 'open' | 'resuming' | 'live' | 'closed'
  /** Chats that the user joined while the device was resuming. */
  joined: Set<ChatId> | undefined
  onScreen: Set<ChatId> | undefined
  level: Level | undefined
  /** Own states that it has received, by chat. */
  own: Map<ChatId, Owned> | undefined
}
