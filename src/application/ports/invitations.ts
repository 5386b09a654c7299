import type { ChatId, Instant } from '../../domain/ids.ts'
import type { Invitation } from '../../domain/invitation.ts'

export interface InvitationPosition {
  readonly at: Instant
  readonly id: string
}

/** Codes by which people come into groups. How often one was used changes by the events of the log that let somebody in. */
export interface Invitations {
  /**
   * Adds one, unless the chat has `limit` that have not expired at `now` or does not exist: then returns false. Deletes those of the chat that
   * have expired.
   */
  add(invitation: Invitation, limits: { readonly limit: number; readonly now: Instant }): Promise<boolean>
  /** Finds one by the digest of its code. */
  find(hash: string): Promise<Invitation | undefined>
  /** Returns those of a chat that have not expired at `now`, oldest first. */
  list(chatId: ChatId, now: Instant): Promise<readonly Invitation[]>
  /** Returns whether there was such an invitation in the chat. */
  remove(chatId: ChatId, id: string): Promise<boolean>
}
