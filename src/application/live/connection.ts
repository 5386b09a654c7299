import type { ChatId, Seq, UserId } from '../../domain/ids.ts'
import type { Owned } from '../ports/own.ts'
import type { Access } from '../ports/sessions.ts'
import type { Standing } from '../ports/views.ts'
import type { Delivery } from './delivery.ts'

export type Ending = 'session-ended' | 'replaced' | 'failed'

/** What the hub needs to know of a connection, and how it is spoken to. Nothing of it throws or waits. */
export interface Viewer extends Access {
  readonly deviceId?: string | undefined
  /** Takes what is to be shown next. One object is handed to all who get the same, so that its bytes can be made once. */
  deliver(delivery: Delivery): void
  /** The connection is over. */
  end(why: Ending): void
}

/** Where everything stands at the moment of asking: a chat that was lost meanwhile is not in it. */
export interface Resumed {
  readonly epoch: string
  readonly standings: readonly Standing[]
  /** How far the log was handed over, for every chat of the person. */
  readonly heads: ReadonlyMap<ChatId, Seq>
  /** The user's own states: of all chats in which it was ever changed, or of those in which it changed since `asOf`. */
  readonly own: readonly Owned[]
  /** Whether every chat of the person is named; else only those in which anything moved since `asOf`, and those with a cursor. */
  readonly isWhole: boolean
  /** Whom the user has blocked. */
  readonly blocked: readonly UserId[]
}

export interface Joined {
  readonly head: Seq
  readonly readers: readonly { readonly userId: UserId; readonly readSeq: Seq }[]
  readonly online: readonly UserId[]
  readonly typing: readonly UserId[]
}

/** One connected device of somebody: what it can do besides calling the `ChatApi`. Everything but `resume` may come before it. */
export interface Connection {
  /**
   * Begins to deliver all chats of the person: first what was missed above each cursor (a chat without one starts at its head), then
   * what happens. Resolves when it is level. Once; again it refuses with `already-resumed`.
   */
  resume(from: {
    readonly epoch?: string | undefined
    /** What `asOf` once said: a chat without a cursor starts where it stood then. */
    readonly asOf?: string | undefined
    readonly cursors: ReadonlyMap<ChatId, Seq>
  }): Promise<Resumed>
  /** Puts a chat on the screen: typing and presence of it come from now on. Refuses with `chat-not-found`. */
  join(chatId: ChatId): Promise<Joined>
  /** Takes it off; muted, nothing of it comes until it is joined again. */
  leave(chatId: ChatId, isMuted: boolean): Promise<void>
  typing(chatId: ChatId, isActive: boolean): Promise<void>
  /** How far each chat was handed over; with a time, those only that changed since. Muted chats are left out. */
  heads(since?: number): ReadonlyMap<ChatId, Seq>
  /** Where this device stands now, for a later resume; undefined before the first, and while it is being given a chat. */
  asOf(): string | undefined
  close(): void
}
