import type { Person } from '../../domain/identity.ts'
import type { ChatId, Instant, UserId } from '../../domain/ids.ts'
import type { JoinRequest } from '../../domain/invitation.ts'
import type { Page, Window } from './lists.ts'

/** A request with whose it is. */
export interface RequestView extends JoinRequest {
  readonly person: Person
}

export interface RequestPosition {
  readonly at: Instant
  readonly userId: UserId
}

/** Who asks to be let into groups. A request ends with the events that let its user in or ban the user, too. */
export interface Requests {
  /**
   * Adds a request, or keeps the one that the user has made before. Returns false, and adds nothing, if the chat has `limit` of others, or does not exist, or has
   * the user as a member.
   */
  add(request: JoinRequest & { readonly chatId: ChatId; readonly userId: UserId }, limit: number): Promise<boolean>
  /** Returns the requests of a chat, oldest first. */
  list(chatId: ChatId, window: Window<RequestPosition>): Promise<Page<RequestView, RequestPosition>>
  /** Returns whether there was such a request. */
  remove(chatId: ChatId, userId: UserId): Promise<boolean>
}
