import type { Chat } from '../domain/chat.ts'
import type { Deed } from '../domain/deed.ts'
import type { User } from '../domain/identity.ts'
import type { ChatId, Instant, UserId } from '../domain/ids.ts'
import type { AccountState } from './ports/accounts.ts'
import type { DeedFilter, DeedPosition } from './ports/audit.ts'
import type { Page, Window } from './ports/lists.ts'
import type { PersonPosition } from './ports/views.ts'

/** What the staff of the service does, with the audit as its witness. `C` is who asks. */
export interface StaffCalls<C> {
  findAccounts(
    caller: C,
    filter: { query?: string | undefined; state?: AccountState | undefined },
    window: Window<PersonPosition>,
  ): Promise<Page<User, PersonPosition>>
  updateAccount(
    caller: C,
    command: { userId: UserId; disabled?: boolean | undefined; name?: string | undefined; username?: string | undefined },
  ): Promise<User>
  endAccountSessions(caller: C, userId: UserId): Promise<void>
  recoverAccount(caller: C, userId: UserId): Promise<{ readonly code: string; readonly expiresAt: Instant }>
  deleteAccount(caller: C, userId: UserId): Promise<void>
  inspectChat(caller: C, chatId: ChatId): Promise<Chat>
  removeChat(caller: C, chatId: ChatId): Promise<void>
  listDeeds(caller: C, filter: DeedFilter, window: Window<DeedPosition>): Promise<Page<Deed, DeedPosition>>
}
