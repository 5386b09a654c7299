import { consentRoutes } from '../../adapters/wire/routes/consent.ts'
import type { User as WireUser } from '../../adapters/wire/schemas/people.ts'
import type { CallOptions } from '../basic-types.ts'
import { readPerson } from '../calls/read-wire.ts'
import type { ChatClient, Person } from '../types.ts'

/** Who may write first, add the user to groups, and see whether the user is online. What is left out stays. */
export interface PrivacyChange {
  readonly write?: 'anyone' | 'known' | 'nobody' | undefined
  readonly add?: 'anyone' | 'known' | 'nobody' | undefined
  readonly lastSeen?: 'known' | 'nobody' | undefined
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

/** Changes the user's privacy. */
export async function setPrivacy(
  { call }: ChatClient,
  { write, add, lastSeen }: PrivacyChange,
  { signal }: CallOptions = {},
): Promise<void> {
  await call({ method: 'patch', path: '/users/me' }, { body: { privacy: { write, add, last_seen: lastSeen } }, signal })
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
