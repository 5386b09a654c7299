import type { ChatApi } from '../chat-api.ts'
import type { EndSessions } from '../identity/end-sessions.ts'
import type { LiveSessions } from '../identity/live-sessions.ts'
import type { Ports } from '../ports/ports.ts'
import { createKey, listKeys, revokeKey } from './keys.ts'
import { provisionChats } from './provision-chats.ts'
import { provisionUsers } from './provision-users.ts'
import { deleteUser, findExternalUser, revokeTokens } from './users.ts'

type BackEndCall =
  | 'provisionUsers'
  | 'provisionChats'
  | 'findExternalUser'
  | 'deleteUser'
  | 'revokeTokens'
  | 'createKey'
  | 'listKeys'
  | 'revokeKey'

/** The calls that back ends make with keys. */
export const backEndCalls = (ports: Ports, end: EndSessions, live: LiveSessions): Pick<ChatApi, BackEndCall> => ({
  provisionUsers: provisionUsers(ports),
  provisionChats: provisionChats(ports),
  findExternalUser: findExternalUser(ports),
  deleteUser: deleteUser(ports, end),
  revokeTokens: revokeTokens(ports, end),
  createKey: createKey(ports),
  listKeys: listKeys(ports),
  revokeKey: revokeKey({ ...ports, live }),
})
