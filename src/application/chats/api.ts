import type { ChatId, Count, FileId, Instant, UserId } from '../../domain/ids.ts'
import type { Invitation } from '../../domain/invitation.ts'
import type { Role } from '../../domain/member.ts'
import type { Data } from '../../domain/message.ts'
import type { RulesChange } from '../../domain/rules.ts'
import type { MembersAdded } from '../consent/api.ts'
import type { BanPosition, BanView } from '../ports/bans.ts'
import type { InvitationPosition } from '../ports/invitations.ts'
import type { Page, Window } from '../ports/lists.ts'
import type { RequestPosition, RequestView } from '../ports/requests.ts'
import type { ChatView, MemberView } from '../ports/views.ts'

/** The calls by which groups keep order. `C` is who asks. */
export interface OrderApi<C> {
  /** Changes the name, the description (null: none) and the rules of a group, or the data of a chat. */
  renameChat(
    caller: C,
    command: {
      chatId: ChatId
      name?: string | undefined
      description?: string | null | undefined
      /** A picture of theirs; null: none. */
      avatar?: FileId | null | undefined
      rules?: RulesChange | undefined
      data?: Data | undefined
    },
  ): Promise<ChatView>
  /** `skipped`: users who do not let the caller add them. */
  addMembers(caller: C, command: { chatId: ChatId; userIds: readonly UserId[] }): Promise<MembersAdded>
  changeRole(caller: C, command: { chatId: ChatId; userId: UserId; role: Role }): Promise<MemberView>
  /** Removes others, and oneself by leaving. In a private chat one's own id takes it off one's own list. */
  removeMembers(
    caller: C,
    /** `stayOut`: the caller leaves a group and is not added again, but comes back by an invitation. */
    command: { chatId: ChatId; userIds: readonly UserId[]; stayOut?: boolean | undefined },
  ): Promise<readonly UserId[]>
  /** Until then, what the member sends is refused with `muted`. */
  muteMember(caller: C, command: { chatId: ChatId; userId: UserId; until: Instant | undefined }): Promise<void>
  unmuteMember(caller: C, command: { chatId: ChatId; userId: UserId }): Promise<void>
  /** Without `until` for good. The reason is shown to the staff of the group alone. */
  banUser(caller: C, command: { chatId: ChatId; userId: UserId; until?: Instant | undefined; reason?: string | undefined }): Promise<void>
  unbanUser(caller: C, command: { chatId: ChatId; userId: UserId }): Promise<void>
  listBans(caller: C, chatId: ChatId, window: Window<BanPosition>): Promise<Page<BanView, BanPosition>>
  /** The code is shown this once. Refuses with `invitations-full`. */
  createInvitation(
    caller: C,
    /** `needsApproval`: those who have the code ask, and the staff of the group decides. */
    command: { chatId: ChatId; expiresAt?: Instant | undefined; uses?: Count | undefined; needsApproval?: boolean | undefined },
  ): Promise<{ readonly invitation: Invitation; readonly code: string }>
  listInvitations(caller: C, chatId: ChatId, window: Window<InvitationPosition>): Promise<Page<Invitation, InvitationPosition>>
  deleteInvitation(caller: C, command: { chatId: ChatId; invitationId: string }): Promise<void>
  /** Refuses any code that lets nobody in with `invitation-not-found`, and with `must-ask` one by which the caller asks. */
  joinChat(caller: C, command: { code: string }): Promise<ChatView>
  /** Asks to be let into the group of a code. Refuses with `requests-full`. */
  askToJoin(caller: C, command: { code: string }): Promise<{ readonly chatId: ChatId; readonly name: string; readonly isMember: boolean }>
  listRequests(caller: C, chatId: ChatId, window: Window<RequestPosition>): Promise<Page<RequestView, RequestPosition>>
  /** Refuses with `request-not-found` for a user who does not ask. */
  acceptRequest(caller: C, command: { chatId: ChatId; userId: UserId }): Promise<void>
  /** Declines a request, or takes back the caller's own. Again, nothing changes. */
  declineRequest(caller: C, command: { chatId: ChatId; userId: UserId }): Promise<void>
}
