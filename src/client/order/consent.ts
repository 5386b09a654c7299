import { consentRoutes } from '../../adapters/wire/routes/consent.ts'
import type { Added } from '../../adapters/wire/schemas/chats.ts'
import type { MyProfile as WireProfile, User as WireUser } from '../../adapters/wire/schemas/people.ts'
import type { CallOptions } from '../basic-types.ts'
import { readPerson } from '../calls/read-wire.ts'
import type { ChatClient, Person } from '../types.ts'

/** Who may write first, add the user to groups, and see whether the user is online. What is left out stays. */
export interface PrivacyChange {
  readonly write?: 'anyone' | 'known' | 'nobody' | undefined
  readonly add?: 'anyone' | 'known' | 'nobody' | undefined
  readonly lastSeen?: 'known' | 'nobody' | undefined
}

export interface Privacy {
  readonly write: 'anyone' | 'known' | 'nobody'
  readonly add: 'anyone' | 'known' | 'nobody'
  readonly lastSeen: 'known' | 'nobody'
}

/** Blocks a user: neither reaches the other any more. Rejects with `blocks-full`. */
export async function blockUser({ call }: ChatClient, userId: string, { signal }: CallOptions = {}): Promise<void> {
  await call(consentRoutes.blockUser, { params: { user_id: userId }, signal })
}

/** Unblocks a user. */
export async function unblockUser({ call }: ChatClient, userId: string, { signal }: CallOptions = {}): Promise<void> {
  await call(consentRoutes.unblockUser, { params: { user_id: userId }, signal })
}

/** Returns a page of the users whom the user has blocked, the latest first; `next` is the cursor of the next page. */
export async function listBlocks(
  { call }: ChatClient,
  cursor?: string,
  { signal }: CallOptions = {},
): Promise<{ readonly items: readonly Person[]; readonly next: string | undefined }> {
  const query = cursor === undefined ? {} : { cursor }
  const page = await call<{ items: WireUser[]; next: string | null }>(consentRoutes.listBlocks, { query, signal })
  return { items: page.items.map(readPerson), next: page.next ?? undefined }
}

const readPrivacy = ({ privacy: { write, add, last_seen } }: Pick<WireProfile, 'privacy'>): Privacy => ({ write, add, lastSeen: last_seen })

/** Returns who may write to the user first, add the user to groups, and see whether the user is online. */
export async function myPrivacy({ call }: ChatClient, { signal }: CallOptions = {}): Promise<Privacy> {
  return readPrivacy(await call<WireProfile>('getMe', { signal }))
}

/** Changes the user's privacy, and returns it. */
export async function setPrivacy(
  { call }: ChatClient,
  { write, add, lastSeen }: PrivacyChange,
  { signal }: CallOptions = {},
): Promise<Privacy> {
  return readPrivacy(await call<WireProfile>('updateMe', { body: { privacy: { write, add, last_seen: lastSeen } }, signal }))
}

/** Adds users to a group. Returns the ids of those who were skipped, as they do not let the user add them. */
export async function addPeople(
  { call }: ChatClient,
  chatId: string,
  userIds: readonly string[],
  { signal }: CallOptions = {},
): Promise<{ readonly skipped: readonly string[] }> {
  const body = { user_ids: userIds }
  const { skipped } = await call<Pick<Added, 'skipped'>>('addMembers', { params: { chat_id: chatId }, body, signal })
  return { skipped }
}

/** Leaves a group for good: its members cannot add the user again, only an invitation or the user's own request brings the user back. */
export async function leaveForGood({ call }: ChatClient, chatId: string, { signal }: CallOptions = {}): Promise<void> {
  await call('removeMember', { params: { chat_id: chatId, user_id: 'me' }, query: { stay_out: true }, signal })
}

export interface NewReport {
  readonly chatId: string
  readonly messageId: string
  readonly reason: 'spam' | 'abuse' | 'illegal' | 'other'
  readonly comment?: string | undefined
}

/** Reports a message to the staff of the service. */
export async function reportMessage(
  { call }: ChatClient,
  { chatId, messageId, ...body }: NewReport,
  { signal }: CallOptions = {},
): Promise<void> {
  await call(consentRoutes.reportMessage, { params: { chat_id: chatId, message_id: messageId }, body, signal })
}
