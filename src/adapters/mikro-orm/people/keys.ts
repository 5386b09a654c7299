import type { InferEntity } from '@mikro-orm/core'
import type { Keys } from '../../../application/ports/keys.ts'
import type { Key } from '../../../domain/keys.ts'
import { auditedOn } from '../database/audited.ts'
import { builtOn } from '../database/built.ts'
import type { Database } from '../database/connect.ts'
import { counted, pageOf, placed } from '../database/page.ts'
import { queryOn } from '../database/query.ts'
import { entities, isUuid } from '../database/schema.ts'

const KEY = ['id', 'hash', 'name', 'scopes', 'bot_id', 'created_at', 'expires_at', 'revoked_at'] as const
type KeyRow = Readonly<Pick<InferEntity<typeof entities.keys>, (typeof KEY)[number]>>

export function mikroOrmKeys(database: Database): Keys {
  const query = queryOn(database)
  const { em, rows } = builtOn(database)
  const audited = auditedOn(database)
  const keys = () => em.createQueryBuilder(entities.keys)
  return {
    async add(key, deed) {
      await audited([keys().insert(rowOf(key))], deed)
    },
    async get(id) {
      if (!isUuid(id)) return undefined
      const [row] = await rows(keys().select(KEY).where({ id }))
      return row && keyOf(row)
    },
    async list(window) {
      const { from, limit } = window
      const where = { revoked_at: null, ...(from && { id: { $lt: placed(from.id) } }) }
      const found = await rows(
        keys()
          .select(KEY)
          .where(where)
          .orderBy({ id: 'desc' })
          .limit(limit + 1),
      )
      const page = pageOf(found as never, window, { item: (row) => keyOf(row as never), position: (row) => ({ id: row.id as string }) })
      return counted(page, window, () => query('select count(*) as total from {keys} where revoked_at is null', []))
    },
    async revoke(id, at, deed) {
      return isUuid(id) && (await audited([keys().update({ revoked_at: at }).where({ id, revoked_at: null })], deed)) > 0
    },
  }
}

const rowOf = (key: Key): KeyRow => ({
  id: key.id,
  hash: key.hash,
  name: key.name,
  scopes: JSON.stringify(key.scopes),
  bot_id: key.botId ?? null,
  created_at: key.createdAt,
  expires_at: key.expiresAt ?? null,
  revoked_at: key.revokedAt ?? null,
})

const keyOf = (row: KeyRow): Key => ({
  id: row.id as Key['id'],
  hash: row.hash,
  name: row.name,
  scopes: JSON.parse(row.scopes),
  botId: (row.bot_id as Key['botId'] | null) ?? undefined,
  createdAt: row.created_at,
  expiresAt: row.expires_at ?? undefined,
  revokedAt: row.revoked_at ?? undefined,
})
