import type { Deed, DeedName } from '../../../domain/deed.ts'
import type { ChatId, UserId } from '../../../domain/ids.ts'
import type { RowOf } from './columns.ts'
import type { Row } from './connect.ts'

/** A deed as a row of the audit. */
export const deedCells = ({ id, at, name, actorId, keyId, userId, chatId, facts }: Deed): RowOf<'audit'> => ({
  id,
  at,
  deed: name,
  actor_id: actorId ?? null,
  key_id: keyId ?? null,
  about_user: userId ?? null,
  about_chat: chatId ?? null,
  facts: JSON.stringify(facts ?? {}),
})

export const deedOf = (row: Row): Deed => ({
  id: row.id as string,
  at: row.at as number,
  name: row.deed as DeedName,
  actorId: (row.actor_id as UserId | null) ?? undefined,
  keyId: (row.key_id as string | null) ?? undefined,
  userId: (row.about_user as UserId | null) ?? undefined,
  chatId: (row.about_chat as ChatId | null) ?? undefined,
  facts: JSON.parse(row.facts as string),
})
