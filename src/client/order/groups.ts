import { groupRoutes } from '../../adapters/wire/routes/order.ts'
import type { Chat } from '../../adapters/wire/schemas/chats.ts'
import type {
  Asked as WireAsked,
  Ban as WireBan,
  Invitation as WireInvitation,
  JoinRequest as WireRequest,
} from '../../adapters/wire/schemas/groups.ts'
import type { CallOptions } from '../basic-types.ts'
import { readPage } from '../calls/pages.ts'
import { millis, perhaps, readPerson } from '../calls/read-wire.ts'
import type { ChatClient, ListOptions, Page } from '../types.ts'
import type { Asked, Ban, GroupChange, Invitation, JoinRequest, NewInvitation } from './types.ts'

type Caller = Pick<ChatClient, 'call'>
interface Listed<W> {
  readonly items: readonly W[]
  readonly next: string | null
}

const time = (at: number | undefined): string | undefined => (at === undefined ? undefined : new Date(at).toISOString())
const inChat = (chatId: string) => ({ chat_id: chatId })
const ofUser = (chatId: string, userId: string) => ({ chat_id: chatId, user_id: userId })

/** Changes name, description and rules of a group; `chat(id)` shows them when the service has told this device. */
export async function changeGroup(
  { call }: Caller,
  chatId: string,
  { name, description, rules }: GroupChange,
  { signal }: CallOptions = {},
): Promise<void> {
  const { slowS, keepS, ...roles } = rules ?? {}
  const body = { name, description, rules: rules && { ...roles, slow_s: slowS, keep_s: keepS } }
  await call('renameChat', { params: inChat(chatId), body, signal })
}

/** Keeps a member from writing until then. Rejects with `not-allowed` for the owner and admins. */
export async function muteMember(
  { call }: Caller,
  chatId: string,
  userId: string,
  until: number,
  { signal }: CallOptions = {},
): Promise<void> {
  await call(groupRoutes.muteMember, { params: ofUser(chatId, userId), body: { until: time(until) }, signal })
}

/** Lets a muted member write again. */
export async function unmuteMember({ call }: Caller, chatId: string, userId: string, { signal }: CallOptions = {}): Promise<void> {
  await call(groupRoutes.unmuteMember, { params: ofUser(chatId, userId), signal })
}

/** Removes a user who is a member, and lets nobody bring them back before the ban ends. The reason is for the owner and admins. */
export async function banUser(
  { call }: Caller,
  chatId: string,
  userId: string,
  { until, reason, signal }: CallOptions & { readonly until?: number | undefined; readonly reason?: string | undefined } = {},
): Promise<void> {
  await call(groupRoutes.banUser, { params: ofUser(chatId, userId), body: { until: time(until), reason }, signal })
}

/** Lifts a ban. */
export async function unbanUser({ call }: Caller, chatId: string, userId: string, { signal }: CallOptions = {}): Promise<void> {
  await call(groupRoutes.unbanUser, { params: ofUser(chatId, userId), signal })
}

/** Returns the bans of a group, newest first. */
export async function listBans({ call }: Caller, chatId: string, { signal, ...query }: ListOptions = {}): Promise<Page<Ban>> {
  return readPage(await call<Listed<WireBan>>(groupRoutes.listBans, { params: inChat(chatId), query, signal }), readBan)
}

interface InvitationTerms {
  readonly expiresAt?: number | undefined
  readonly uses?: number | undefined
  /** Those who have the code ask, and the owner or an admin decides. */
  readonly needsApproval?: boolean | undefined
}

/** Makes a code that lets people into a group: for 7 days, and as many as come, unless `expiresAt` and `uses` say otherwise. */
export async function createInvitation(
  { call }: Caller,
  chatId: string,
  { expiresAt, uses, needsApproval, signal }: CallOptions & InvitationTerms = {},
): Promise<NewInvitation> {
  const body = { expires_at: time(expiresAt), uses, approval: needsApproval }
  const made = await call<WireInvitation & Pick<NewInvitation, 'code' | 'url'>>(groupRoutes.createInvitation, {
    params: inChat(chatId),
    body,
    signal,
  })
  return { ...readInvitation(made), code: made.code, url: made.url }
}

/** Returns the invitations of a group, oldest first: all of them to the owner and admins, to others their own. */
export async function listInvitations({ call }: Caller, chatId: string, { signal, ...query }: ListOptions = {}): Promise<Page<Invitation>> {
  return readPage(
    await call<Listed<WireInvitation>>(groupRoutes.listInvitations, { params: inChat(chatId), query, signal }),
    readInvitation,
  )
}

/** Revokes an invitation; those who came by it stay. */
export async function deleteInvitation(
  { call }: Caller,
  chatId: string,
  invitationId: string,
  { signal }: CallOptions = {},
): Promise<void> {
  await call(groupRoutes.deleteInvitation, { params: { chat_id: chatId, invitation_id: invitationId }, signal })
}

/**
 * Joins the group of an invitation, and returns its id. Repeating it changes nothing. Rejects with `invitation-not-found`,
 * `banned`, or `must-ask`: then use `askToJoin`.
 */
export async function joinChat({ call }: Caller, code: string, { signal }: CallOptions = {}): Promise<{ readonly chatId: string }> {
  return { chatId: (await call<Chat>(groupRoutes.joinChat, { body: { code }, signal })).id }
}

/** Asks to be let into the group of an invitation. Repeating it changes nothing. Rejects with `invitation-not-found`, `banned` or `requests-full`. */
export async function askToJoin({ call }: Caller, code: string, { signal }: CallOptions = {}): Promise<Asked> {
  const { chat_id, name, is_member } = await call<WireAsked>(groupRoutes.askToJoin, { body: { code }, signal })
  return { chatId: chat_id, name, isMember: is_member }
}

/** Returns who asks to be let in, oldest first, for the owner and admins. */
export async function listRequests({ call }: Caller, chatId: string, { signal, ...query }: ListOptions = {}): Promise<Page<JoinRequest>> {
  return readPage(await call<Listed<WireRequest>>(groupRoutes.listRequests, { params: inChat(chatId), query, signal }), readRequest)
}

/** Lets in a user who has asked. Rejects with `request-not-found`, `banned` or `group-full`. */
export async function acceptRequest({ call }: Caller, chatId: string, userId: string, { signal }: CallOptions = {}): Promise<void> {
  await call(groupRoutes.acceptRequest, { params: ofUser(chatId, userId), signal })
}

/** Declines a request, or takes back the user's own. */
export async function declineRequest({ call }: Caller, chatId: string, userId: string, { signal }: CallOptions = {}): Promise<void> {
  await call(groupRoutes.declineRequest, { params: ofUser(chatId, userId), signal })
}

const readRequest = ({ user, requested_at, invitation_id }: WireRequest): JoinRequest => ({
  person: readPerson(user),
  at: millis(requested_at),
  invitationId: invitation_id,
})

const readBan = ({ user, until, reason, banned_at, banned_by }: WireBan): Ban => ({
  person: readPerson(user),
  at: millis(banned_at),
  by: banned_by,
  until: perhaps(until),
  reason: reason ?? undefined,
})

const readInvitation = ({ id, created_at, created_by, expires_at, uses, used, approval }: WireInvitation): Invitation => ({
  id,
  createdAt: millis(created_at),
  createdBy: created_by,
  expiresAt: millis(expires_at),
  uses: uses ?? undefined,
  used,
  needsApproval: approval,
})
