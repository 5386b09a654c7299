import type { Privacy } from '../../domain/consent.ts'
import type { Person } from '../../domain/identity.ts'
import type { UserId } from '../../domain/ids.ts'
import type { Caller } from '../caller.ts'
import type { BlockPosition } from '../ports/consents.ts'
import type { Page, Window } from '../ports/lists.ts'
import type { MemberView } from '../ports/views.ts'

/** What is undefined stays. */
export type PrivacyChange = { readonly [P in keyof Privacy]?: Privacy[P] | undefined }

export interface MembersAdded {
  readonly added: readonly MemberView[]
  readonly skipped: readonly UserId[]
}

/** By which users keep others away. */
export interface ConsentApi {
  /** Blocks a user. Refuses with `user-not-found`, for the caller too, and with `blocks-full`. */
  blockUser(caller: Caller, userId: UserId): Promise<void>
  unblockUser(caller: Caller, userId: UserId): Promise<void>
  /** Whom the caller has blocked, the latest first. */
  listBlocks(caller: Caller, window: Window<BlockPosition>): Promise<Page<Person, BlockPosition>>
}
