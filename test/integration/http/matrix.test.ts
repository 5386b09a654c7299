import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Endpoint } from '../../../src/adapters/wire/endpoints/endpoint.ts'
import { endpoints } from '../../../src/adapters/wire/endpoints.ts'
import { type OperationId } from '../../../src/adapters/wire/routes.ts'
import type { UserId } from '../../../src/domain/ids.ts'
import { bodiesOf, withoutBody } from '../../support/call-bodies.ts'
import type { SignedInClient } from '../../support/http-client.ts'
import { type HttpServed, serveHttp } from '../../support/http-server.ts'

const roles = ['anonymous', 'deleted', 'disabled', 'guest', 'stranger', 'staff', 'former', 'member', 'admin', 'owner'] as const
type Role = (typeof roles)[number]
/** Who may at least. `person`: whoever is signed in. `account`: who is no guest. `staff`: of the service, a stranger in the chat. `key`: no user. `author`: who wrote the message, and staff where it is deleted. */
type Needs = 'uploader' | 'person' | 'account' | 'guest' | 'staff' | 'key' | 'member' | 'admin' | 'owner' | 'author' | 'author or staff'

type Operation = Exclude<OperationId, OpenOperation>
type OpenOperation = { [O in OperationId]: (typeof endpoints)[O] extends { open: true } ? O : never }[OperationId]

/** A row for each call that is not open: a new one does not compile until it has one. */
const needs: { readonly [O in Operation]: Needs } = {
  logout: 'person',
  changePassword: 'person',
  listSessions: 'person',
  verifyEmail: 'person',
  sendEmailCode: 'person',
  listFactors: 'person',
  addTotp: 'person',
  confirmTotp: 'person',
  removeFactor: 'person',
  newRecoveryCodes: 'person',
  passkeyCreation: 'person',
  addPasskey: 'person',
  endSession: 'person',
  getMe: 'person',
  updateMe: 'person',
  deleteMe: 'person',
  findUsers: 'person',
  getUser: 'person',
  listBlocks: 'person',
  blockUser: 'person',
  reportMessage: 'member',
  exportMe: 'person',
  exportAccount: 'staff',
  listReports: 'staff',
  resolveReport: 'staff',
  listReportsAsStaff: 'staff',
  resolveReportAsStaff: 'staff',
  listServiceDeeds: 'staff',
  unblockUser: 'person',
  sendMessageToUser: 'person',
  createChat: 'account',
  upgradeGuest: 'guest',
  findAccounts: 'staff',
  updateAccount: 'staff',
  endAccountSessions: 'staff',
  recoverAccount: 'staff',
  deleteAccount: 'staff',
  inspectChat: 'staff',
  removeChat: 'staff',
  listDeeds: 'staff',
  provisionUsers: 'key',
  findExternalUser: 'key',
  deleteUser: 'key',
  revokeTokens: 'key',
  provisionChats: 'key',
  createKey: 'key',
  listKeys: 'key',
  revokeKey: 'key',
  createHook: 'key',
  listHooks: 'key',
  getHook: 'key',
  updateHook: 'key',
  deleteHook: 'key',
  rotateHook: 'key',
  replayHook: 'key',
  skipHook: 'key',
  listDeadRanges: 'key',
  retryDeadRanges: 'key',
  getNotices: 'member',
  setNotices: 'member',
  getPushKey: 'person',
  keepPushDevice: 'person',
  dropPushDevice: 'person',
  createInlet: 'admin',
  listInlets: 'admin',
  deleteInlet: 'admin',
  listChats: 'person',
  searchMessages: 'person',
  listMentions: 'person',
  uploadFile: 'person',
  createUpload: 'person',
  getFileUrls: 'person',
  getUpload: 'uploader',
  continueUpload: 'uploader',
  endUpload: 'uploader',
  deleteFile: 'uploader',
  getFile: 'member',
  getFileContent: 'member',
  listFiles: 'member',
  updateMyChat: 'member',
  getChat: 'member',
  listMembers: 'member',
  sendMessage: 'member',
  listMessages: 'member',
  getMessage: 'member',
  markRead: 'member',
  markMessageRead: 'member',
  listReaders: 'member',
  listEvents: 'member',
  addReaction: 'member',
  removeReaction: 'member',
  listReactions: 'member',
  listPins: 'member',
  pinMessage: 'admin',
  unpinMessage: 'admin',
  renameChat: 'admin',
  addMembers: 'admin',
  removeMembers: 'admin',
  removeMember: 'admin',
  muteMember: 'admin',
  unmuteMember: 'admin',
  banUser: 'admin',
  unbanUser: 'admin',
  listBans: 'admin',
  createInvitation: 'admin',
  listInvitations: 'admin',
  deleteInvitation: 'admin',
  joinChat: 'person',
  askToJoin: 'person',
  listRequests: 'admin',
  acceptRequest: 'admin',
  declineRequest: 'admin',
  changeRole: 'owner',
  deleteChat: 'owner',
  editMessage: 'author',
  deleteMessage: 'author or staff',
}

/** What calls answer to those who may make them, where the scene has nothing for them to find. */
const passed: { readonly [O in Operation]?: number } = {
  verifyEmail: 422,
  confirmTotp: 404,
  removeFactor: 404,
  addPasskey: 422,
  resolveReport: 404,
  resolveReportAsStaff: 404,
}
/** A guest has no password: the answer to a wrong one. */
const withPassword: readonly Operation[] = ['changePassword', 'addTotp', 'removeFactor', 'newRecoveryCodes', 'passkeyCreation']

const inChat = ['member', 'admin', 'owner']
/** Whether a role that is in the chat may; the message was written by the owner. */
const may: { readonly [N in Needs]: (role: Role) => boolean } = {
  'uploader': (role) => role === 'owner',
  'person': () => true,
  'account': (role) => role !== 'guest',
  'guest': (role) => role === 'guest',
  'staff': (role) => role === 'staff',
  'key': () => false,
  'member': (role) => inChat.includes(role),
  'admin': (role) => role === 'admin' || role === 'owner',
  'owner': (role) => role === 'owner',
  'author': (role) => role === 'owner',
  'author or staff': (role) => role === 'admin' || role === 'owner',
}

function expected(operation: Operation, role: Role): 'done' | 401 | 403 | 404 | 409 {
  if (role === 'anonymous' || role === 'deleted' || role === 'disabled') return 401
  if (may[needs[operation]](role)) return 'done'
  if (needs[operation] === 'guest') return 409
  if (needs[operation] === 'uploader') return 404
  return inChat.includes(role) || ['key', 'staff', 'account'].includes(needs[operation]) ? 403 : 404
}

/** Nobody takes these mails. */
const mail = { mailUrl: 'smtp://127.0.0.1:1', mailFrom: 'chat@example.com' }

let server: HttpServed
beforeAll(async () => {
  server = await serveHttp({ guests: true }, { demo: true, publicUrl: 'https://chat.example.com', ...mail })
})
afterAll(() => server.close())

type Ten<T> = [T, T, T, T, T, T, T, T, T, T]

interface Scene {
  readonly as: { readonly [R in Role]: string | undefined }
  readonly ids: Readonly<Record<'user_id' | 'newcomer' | 'chat_id' | 'file_id' | 'code', string>> & Readonly<Record<string, string>>
  readonly password: string
}

/** A group of its own, with somebody in each role, and a message of its owner. */
async function scene(): Promise<Scene> {
  const { register, call } = server
  const [owner, admin, member, former, stranger, staff, deleted, disabled, other, newcomer] = (await Promise.all(
    Array.from({ length: 10 }, (_, i) => register(`Person ${i}`)),
  )) as Ten<SignedInClient>
  const guest = await call<{ access_token: string }>('post', '/auth/guest', { body: {} })
  const members = [admin, member, former, other].map(({ id }) => id)
  const { body: chat } = await owner.call<{ id: string }>('post', '/chats', { kind: 'group', name: 'Friends', member_ids: members })
  await owner.call('patch', `/chats/${chat.id}/members/${admin.id}`, { role: 'admin' })
  await owner.call('delete', `/chats/${chat.id}/members/${former.id}`)
  const { body: message } = await owner.call<{ id: string; attachments: { file: { id: string } }[] }>(
    'post',
    `/chats/${chat.id}/messages`,
    {
      client_message_id: 'k',
      attachments: [{ file_id: await fileOf(owner) }],
      text: 'hello',
    },
  )
  const upload = await server.call('post', '/uploads', { token: owner.token, headers: { ...tus, 'upload-length': '2' } })
  const { body: inlet } = await owner.call<{ id: string }>('post', `/chats/${chat.id}/inlets`, { name: 'Build' })
  const { body: invitation } = await owner.call<{ id: string; code: string }>('post', `/chats/${chat.id}/invitations`, {})
  await deleted.call('post', '/users/me/delete', { password: deleted.password })
  const { accounts } = server.app.ports
  await accounts.setAdmin(staff.id as UserId, true)
  await accounts.setDisabled(disabled.id as UserId, 1)
  const token = { owner, admin, member, former, stranger, staff, deleted, disabled }
  return {
    as: {
      ...(Object.fromEntries(Object.entries(token).map(([role, client]) => [role, client.token])) as Record<keyof typeof token, string>),
      guest: guest.body.access_token,
      anonymous: undefined,
    },
    ids: {
      chat_id: chat.id,
      message_id: message.id,
      inlet_id: inlet.id,
      invitation_id: invitation.id,
      code: invitation.code,
      user_id: other.id,
      newcomer: newcomer.id,
      emoji: encodeURIComponent('👍'),
      file_id: message.attachments[0]!.file.id,
      loose_id: await fileOf(owner),
      upload_id: upload.headers.get('location')!.split('/').at(-1)!,
    },
    password: owner.password,
  }
}

const tus = {
  'tus-resumable': '1.0.0',
  'upload-metadata': 'name eA==',
  'upload-offset': '0',
  'content-type': 'application/offset+octet-stream',
}
const headers: { readonly [O in Operation]?: Readonly<Record<string, string>> } = {
  createUpload: { ...tus, 'upload-length': '2' },
  getUpload: tus,
  continueUpload: tus,
  endUpload: tus,
}

const fileOf = async ({ token }: SignedInClient): Promise<string> =>
  (await server.call<{ id: string }>('post', '/files?name=x', { token, body: '1' })).body.id

/** What is sent as it is. */
const raw: { readonly [O in Operation]?: string } = { uploadFile: 'hello', continueUpload: 'he' }
const bodies = ({ ids, password }: Scene) => {
  const { newcomer: userId, user_id: me, code, chat_id: chatId, file_id: fileId } = ids
  return { ...bodiesOf({ userId, me, password, code, chatId, fileId }), ...raw }
}
const queries: { readonly [O in Operation]?: string } = {
  searchMessages: '?query=hello',
  findExternalUser: '?external_id=x',
  uploadFile: '?name=x',
}

/** Of all calls that are to change nothing: a refused call that changes something spoils what follows it. */
let standing: Promise<Scene> | undefined

async function outcome(operation: Operation, role: Role): Promise<'done' | number> {
  const changesNothing = endpoints[operation].method === 'get' || expected(operation, role) !== 'done'
  const at = await (changesNothing ? (standing ??= scene()) : scene())
  const token = at.as[role]
  const { method, path } = endpoints[operation]
  const sessions = await server.call<{ items: { id: string }[] }>('get', '/auth/sessions', { ...(token && { token }) })
  const ids = {
    ...at.ids,
    ...(operation === 'deleteFile' && { file_id: at.ids.loose_id! }),
    session_id: sessions.body.items?.[0]?.id ?? 'none',
    key_id: at.ids.user_id,
    hook_id: at.ids.user_id,
    device_id: 'phone',
    factor_id: at.ids.chat_id,
    report_id: at.ids.chat_id,
  }
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => (ids as Readonly<Record<string, string>>)[name] ?? '')
  const query = operation === 'removeMembers' ? `?user_id=${at.ids.user_id}` : (queries[operation] ?? '')
  // A guest has no password: the empty one deletes a guest.
  const body = operation === 'deleteMe' && role === 'guest' ? { password: '' } : bodies(at)[operation]
  const { status } = await server.call(method, address + query, {
    ...(token && { token }),
    ...(body !== undefined && { body }),
    headers: headers[operation] ?? {},
  })
  return status < 300 ? 'done' : status
}

describe.each(Object.keys(needs) as Operation[])('%s', (operation) => {
  it.each(roles)('by %s', async (role) => {
    const answer = expected(operation, role)
    const allowed = withPassword.includes(operation) && role === 'guest' ? 401 : (passed[operation] ?? 'done')
    expect(await outcome(operation, role)).toBe(answer === 'done' ? allowed : answer)
  })
})

it('the table has a row for every call that is not open', () => {
  const closed = Object.entries(endpoints as Record<string, Endpoint>).flatMap(([id, { open }]) => (open ? [] : [id]))
  expect(Object.keys(needs).toSorted()).toEqual(closed.toSorted())
})

it('each call has a body that it takes', async () => {
  const table = Object.entries(endpoints as Record<string, Endpoint>).filter(([, { open }]) => !open)
  expect(withoutBody(table, bodies(await scene()))).toEqual([])
})
