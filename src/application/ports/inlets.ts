import type { ChatId, Count, Instant, UserId } from '../../domain/ids.ts'

/** An address at which other programs post to one chat. Of its secret only the digest is stored. */
export interface Inlet {
  readonly id: string
  readonly chatId: ChatId
  /** The sender of its messages. */
  readonly botId: UserId
  readonly name: string
  readonly hash: string
  readonly createdBy: UserId
  readonly createdAt: Instant
}

export interface InletPosition {
  readonly at: Instant
  readonly id: string
}

export interface Inlets {
  /** Adds one, unless the chat has `limit` already or does not exist: then returns false. */
  add(inlet: Inlet, limit: Count): Promise<boolean>
  get(id: string): Promise<Inlet | undefined>
  /** Returns the inlets of a chat, oldest first. */
  list(chatId: ChatId): Promise<readonly Inlet[]>
  /** Returns whether there was such an inlet in the chat. */
  remove(chatId: ChatId, id: string): Promise<boolean>
}
