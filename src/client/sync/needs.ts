import type { ServerFrameOf } from '../../adapters/wire/frames.ts'
import type { Call } from '../calls/call.ts'
import type { Copies } from '../copy/copies.ts'
import type { Emit } from '../platform/events.ts'
import type { Platform } from '../platform/platform.ts'
import type { Request } from '../socket/requests.ts'
import type { Message, Profile } from '../types.ts'

export interface SyncNeeds {
  readonly copies: Copies
  readonly call: Call
  readonly request: Request
  readonly platform: Pick<Platform, 'later' | 'random'>
  readonly emit: Emit
  /** The id of the user. */
  me(): string
  /** How the user is shown was changed, on any device. */
  shown(profile: Profile): void
  /** A message of the user is in the log. */
  arrived(message: Message): void
  /** A chat is no longer the user's. */
  gone(chatId: string): void
  /** All copies are out of date. */
  allReset(): void
  present(frame: ServerFrameOf<'presence'>): void
  /** The people of a chat that is no longer the user's. */
  absent(userIds: readonly string[]): void
}
