import { backendRoutes } from '../adapters/wire/routes/backends.ts'
import { consentRoutes } from '../adapters/wire/routes/consent.ts'
import type { Account as WireAccount, InspectedChat as WireChat, Deed as WireDeed } from '../adapters/wire/schemas/admin.ts'
import type { Report as WireReport } from '../adapters/wire/schemas/consent.ts'
import type { Account, AccountChange, Deed, InspectedChat, OneTimeCode, Report, Verdict } from './admin/types.ts'
import type { CallOptions } from './basic-types.ts'
import { readPage } from './calls/pages.ts'
import { millis, perhaps, readMe } from './calls/read-wire.ts'
import type { ChatClient, ListOptions, Page } from './types.ts'

export type * from './admin/types.ts'

type Caller = Pick<ChatClient, 'call'>
interface Listed<W> {
  readonly items: readonly W[]
  readonly next: string | null
}

const ofUser = (userId: string) => ({ user_id: userId })
const ofChat = (chatId: string) => ({ chat_id: chatId })

// All of these are for members of the staff (`me.isAdmin`), and reject with `not-allowed` for others.

/** Finds users by parts of name, username or email; without a query it lists all. */
export async function findAccounts(
  { call }: Caller,
  { signal, ...query }: ListOptions & { readonly query?: string | undefined; readonly state?: 'active' | 'disabled' | undefined } = {},
): Promise<Page<Account>> {
  return readPage(await call<Listed<WireAccount>>(backendRoutes.findAccounts, { query, signal }), readAccount)
}

/** Disables, enables or renames a user. What is left out stays. Rejects with `username-taken`. */
export async function updateAccount(
  { call }: Caller,
  userId: string,
  { isDisabled, ...names }: AccountChange,
  { signal }: CallOptions = {},
): Promise<Account> {
  const body = { ...names, disabled: isDisabled }
  return readAccount(await call<WireAccount>(backendRoutes.updateAccount, { params: ofUser(userId), body, signal }))
}

/** Signs out all devices of a user. */
export async function endAccountSessions({ call }: Caller, userId: string, { signal }: CallOptions = {}): Promise<void> {
  await call(backendRoutes.endAccountSessions, { params: ofUser(userId), signal })
}

/** Makes a code with which a user sets a new password, once; the code is shown this once. */
export async function recoverAccount({ call }: Caller, userId: string, { signal }: CallOptions = {}): Promise<OneTimeCode> {
  const made = await call<{ code: string; expires_at: string }>(backendRoutes.recoverAccount, { params: ofUser(userId), signal })
  return { code: made.code, expiresAt: millis(made.expires_at) }
}

/** Deletes a user with all their texts, permanently. */
export async function deleteAccount({ call }: Caller, userId: string, { signal }: CallOptions = {}): Promise<void> {
  await call(backendRoutes.deleteAccount, { params: ofUser(userId), signal })
}

/** Returns what staff sees of a chat: neither texts nor members. Rejects with `chat-not-found`. */
export async function inspectChat({ call }: Caller, chatId: string, { signal }: CallOptions = {}): Promise<InspectedChat> {
  return readChat(await call<WireChat>(backendRoutes.inspectChat, { params: ofChat(chatId), signal }))
}

/** Deletes a chat with all that it holds, permanently. */
export async function removeChat({ call }: Caller, chatId: string, { signal }: CallOptions = {}): Promise<void> {
  await call(backendRoutes.removeChat, { params: ofChat(chatId), signal })
}

/** Returns reports of messages, newest first. */
export async function listReports(
  { call }: Caller,
  { signal, ...query }: ListOptions & { readonly state?: 'open' | 'resolved' | undefined } = {},
): Promise<Page<Report>> {
  return readPage(await call<Listed<WireReport>>(consentRoutes.listReportsAsStaff, { query, signal }), readReport)
}

/** Carries out a verdict. A report that has one is returned as it is. Rejects with `not-a-group` for a ban from a private chat. */
export async function resolveReport({ call }: Caller, reportId: string, action: Verdict, { signal }: CallOptions = {}): Promise<Report> {
  const request = { params: { report_id: reportId }, body: { action }, signal }
  return readReport(await call<WireReport>(consentRoutes.resolveReportAsStaff, request))
}

/** Returns what staff, back ends and the command line did, newest first. */
export async function listDeeds(
  { call }: Caller,
  { userId, chatId, signal, ...rest }: ListOptions & { readonly userId?: string | undefined; readonly chatId?: string | undefined } = {},
): Promise<Page<Deed>> {
  const query = { user_id: userId, chat_id: chatId, ...rest }
  return readPage(await call<Listed<WireDeed>>(backendRoutes.listDeeds, { query, signal }), readDeed)
}

const readAccount = ({ disabled_at, ...me }: WireAccount): Account => ({ ...readMe(me), disabledAt: perhaps(disabled_at) })

const readChat = ({ id, kind, name, created_at, head_seq, member_count }: WireChat): InspectedChat => ({
  id,
  kind,
  name: name ?? undefined,
  createdAt: millis(created_at),
  headSeq: head_seq,
  memberCount: member_count,
})

const readReport = (report: WireReport): Report => ({
  id: report.id,
  chatId: report.chat_id,
  messageId: report.message_id,
  userId: report.user_id,
  reporterId: report.reporter_id,
  reason: report.reason,
  comment: report.comment ?? undefined,
  text: report.text ?? undefined,
  sentAt: millis(report.sent_at),
  at: millis(report.created_at),
  action: report.action ?? undefined,
  resolvedAt: perhaps(report.resolved_at),
  resolvedBy: report.resolved_by ?? undefined,
})

const readDeed = ({ id, at, deed, actor_id, key_id, user_id, chat_id, facts }: WireDeed): Deed => ({
  id,
  at: millis(at),
  name: deed,
  actorId: actor_id ?? undefined,
  keyId: key_id ?? undefined,
  userId: user_id ?? undefined,
  chatId: chat_id ?? undefined,
  facts,
})
