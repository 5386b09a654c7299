import type { Chat } from '../../../domain/chat.ts'
import type { Deed as Done } from '../../../domain/deed.ts'
import type { User } from '../../../domain/identity.ts'
import type { Account, Deed, InspectedChat } from '../schemas/admin.ts'
import { presentMe } from './people.ts'
import { presentTime } from './time.ts'

export const presentAccount = (user: User): Account => ({
  ...presentMe(user),
  disabled_at: user.disabledAt === undefined ? null : presentTime(user.disabledAt),
  is_admin: user.isAdmin,
})

export const presentInspected = ({ id, kind, name, createdAt, headSeq, memberCount }: Chat): InspectedChat => ({
  id,
  kind,
  name: name ?? null,
  created_at: presentTime(createdAt),
  head_seq: headSeq,
  member_count: memberCount,
})

export const presentDeed = ({ id, at, name, actorId, keyId, userId, chatId, facts }: Done): Deed => ({
  id,
  at: presentTime(at),
  deed: name,
  actor_id: actorId ?? null,
  key_id: keyId ?? null,
  user_id: userId ?? null,
  chat_id: chatId ?? null,
  facts: { ...facts },
})
