import type { ChatKind } from '../../domain/chat.ts'
import type { ChatId, UserId } from '../../domain/ids.ts'

type Awaitable<T> = T | Promise<T>

export interface AboutCaller {
  readonly caller: { readonly userId: UserId }
}
/** What a text is for. A private chat that may not exist yet is named by the partner. */
export interface AboutText extends AboutCaller {
  readonly chat: { readonly id?: ChatId | undefined; readonly partnerId?: UserId | undefined }
  /** Whether it replaces the text of a message. */
  readonly edit: boolean
}

/** A chat that a user is about to create. */
export interface ChatDraft {
  readonly kind: ChatKind
  readonly name?: string | undefined
  readonly memberIds: readonly UserId[]
}

/**
 * The host's own code, which changes or refuses what users do before it is stored: `refuse(reason)` refuses. Each has 1.5 s; later the call
 * is refused with `overloaded`.
 */
export interface Interceptors {
  /** Returns the text to store. Runs for messages, edits and forwards. It is not asked about a message that is stored already. */
  readonly beforeSend?: ((draft: { readonly text: string }, about: AboutText) => Awaitable<{ readonly text: string }>) | undefined
  readonly beforeCreateChat?: ((wanted: ChatDraft, about: AboutCaller) => Awaitable<void>) | undefined
  /** Runs before members are added to a group. */
  readonly beforeJoin?:
    | ((joining: { readonly chatId: ChatId; readonly userIds: readonly UserId[] }, about: AboutCaller) => Awaitable<void>)
    | undefined
}
