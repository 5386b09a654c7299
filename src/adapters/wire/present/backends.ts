import type { ProvisionedChat, ProvisionedUser } from '../../../application/provisioned.ts'
import { SYSTEM_ID } from '../../../domain/ids.ts'
import type { Key as StoredKey } from '../../../domain/keys.ts'
import type { Key } from '../schemas/backends.ts'
import { presentChat } from './chats.ts'
import { presentUser } from './people.ts'
import { presentTime } from './time.ts'

export const presentKey = ({ id, name, scopes, botId, createdAt, expiresAt }: StoredKey): Key => ({
  id,
  name,
  scopes: [...scopes],
  bot_id: botId ?? null,
  created_at: presentTime(createdAt),
  expires_at: expiresAt === undefined ? null : presentTime(expiresAt),
})

export const presentProvisionedUser = ({ externalId, user, result }: ProvisionedUser) => ({
  external_id: externalId,
  user: presentUser({ ...user, lastSeenAt: undefined }),
  result,
})

export const presentProvisionedChat = ({ externalId, view, result }: ProvisionedChat) => ({
  external_id: externalId,
  chat: presentChat(view, SYSTEM_ID),
  result,
})
