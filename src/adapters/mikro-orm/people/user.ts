import type { InferEntity } from '@mikro-orm/core'
import type { User } from '../../../domain/identity.ts'
import type { UserId } from '../../../domain/ids.ts'
import type { entities } from '../database/schema.ts'

/** Columns of a user. */
export const USER = [
  'id',
  'username',
  'name',
  'kind',
  'avatar_url',
  'last_seen_at',
  'email',
  'email_pending',
  'external_id',
  'disabled_at',
  'is_admin',
  'created_at',
] as const

export type UserRow = Readonly<Pick<InferEntity<typeof entities.users>, (typeof USER)[number]>>

export const userOf = (row: UserRow): User => ({
  id: row.id as UserId,
  username: row.username ?? undefined,
  name: row.name ?? undefined,
  kind: row.kind as User['kind'],
  avatarUrl: row.avatar_url ?? undefined,
  lastSeenAt: row.last_seen_at ?? undefined,
  email: row.email ?? undefined,
  emailPending: row.email_pending ?? undefined,
  externalId: row.external_id ?? undefined,
  disabledAt: row.disabled_at ?? undefined,
  isAdmin: Boolean(row.is_admin),
  createdAt: row.created_at,
})
