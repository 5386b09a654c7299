import type { Endpoint } from '../../src/adapters/wire/endpoints/endpoint.ts'
import type { OperationId } from '../../src/adapters/wire/routes.ts'

/** Who asks, and about whom. */
export interface Asked {
  readonly userId: string
  readonly me: string
  readonly password: string
  /** Of an invitation. */
  readonly code: string
  readonly chatId: string
  /** Of an upload; undefined where there is none. */
  readonly fileId?: string | undefined
}

/** Of the example in RFC 8291. */
const KEYS = {
  p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  auth: 'BTBZMqHH6r4Tts7J_aSIgg',
}

let keys = 0
const said = () => ({ client_message_id: `body ${++keys}`, text: 'hello' })

/** What each call that takes JSON is asked with, at another user: who may make it would succeed, but for codes and secrets. */
export const bodiesOf = ({ userId, me, password, code, chatId, fileId = userId }: Asked): { readonly [O in OperationId]?: unknown } => ({
  sendMessage: said(),
  sendMessageToUser: said(),
  editMessage: { text: 'you fool' },
  markRead: { seq: 1 },
  renameChat: { data: { a: 1 } },
  createChat: { kind: 'group', name: 'Both', member_ids: [userId] },
  addMembers: { user_ids: [userId] },
  changeRole: { role: 'admin' },
  muteMember: { until: '2999-01-01T00:00:00Z' },
  banUser: { reason: 'spam' },
  joinChat: { code },
  askToJoin: { code },
  reportMessage: { reason: 'spam' },
  updateMyChat: { pinned: true },
  setNotices: { level: 'all', muted_until: null },
  createInvitation: {},
  createInlet: { name: 'Build' },
  getFileUrls: { file_ids: [fileId] },
  keepPushDevice: { kind: 'web', endpoint: `https://fcm.googleapis.com/${me}`, keys: KEYS, content: 'full' },
  updateMe: { name: 'Another' },
  deleteMe: { password },
  changePassword: { current_password: password, new_password: 'another battery of horses' },
  verifyEmail: { code: '000000' },
  addTotp: { current_password: password },
  confirmTotp: { code: '000000' },
  removeFactor: { current_password: password },
  newRecoveryCodes: { current_password: password },
  passkeyCreation: { current_password: password },
  addPasskey: { challenge_id: userId, response: {} },
  upgradeGuest: { email: `${me}@example.org`, password: 'a battery of new horses' },
  updateAccount: { name: 'Another' },
  resolveReport: { action: 'none' },
  resolveReportAsStaff: { action: 'none' },
  provisionUsers: { users: [{ external_id: 'x', name: 'X' }] },
  provisionChats: { chats: [{ external_id: 'x', name: 'X', owner: 'x', members: [] }] },
  createKey: { name: 'Key', scopes: ['read'] },
  createHook: { url: 'https://example.com' },
  updateHook: { enabled: true },
  replayHook: { from: '2030-01-01T00:00:00Z' },
  skipHook: { chat_id: chatId },
})

/** Returns the calls of a table that would not take the body that is given for them. */
export const withoutBody = (table: readonly (readonly [string, Endpoint])[], given: ReturnType<typeof bodiesOf>): readonly string[] =>
  table.filter(([id, { body }]) => body?.safeParse(given[id as OperationId] ?? {}).success === false).map(([id]) => id)
