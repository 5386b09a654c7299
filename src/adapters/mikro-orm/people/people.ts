import type { InferEntity } from '@mikro-orm/core'
import type { People } from '../../../application/ports/people.ts'
import type { User } from '../../../domain/identity.ts'
import type { UserId } from '../../../domain/ids.ts'
import { fold } from '../../../domain/words.ts'
import { builtOn } from '../database/built.ts'
import type { Database } from '../database/connect.ts'
import { byId } from '../database/page.ts'
import { isStorable, queryOn } from '../database/query.ts'
import { entities, isUuid } from '../database/schema.ts'
import { erasingPeople } from './erase.ts'
import { findingPeople } from './find.ts'

const USER = ['id', 'username', 'name', 'last_seen_at', 'email', 'created_at'] as const

export function mikroOrmPeople(database: Database): People {
  const query = queryOn(database)
  const { em, rows, change } = builtOn(database)
  const users = () => em.createQueryBuilder(entities.users)
  const isTaken = async (where: { readonly id: UserId } | { readonly email: string }) =>
    (await rows(users().select('id').where(where))).length > 0

  return {
    ...findingPeople(query),
    ...erasingPeople(database),
    async add({ id, username, name, email, passwordHash, createdAt }) {
      const row = { id, username, name, folded_name: fold(name), email: email ?? null, password_hash: passwordHash ?? null }
      const insert = users().insert({ ...row, created_at: createdAt, is_erasing: false })
      if ((await change(insert.onConflict().ignore())) > 0) return 'added'
      if (await isTaken({ id })) return 'id-taken'
      return email !== undefined && (await isTaken({ email })) ? 'email-taken' : 'username-taken'
    },
    async get(id) {
      if (!isUuid(id)) return undefined
      const [row] = await rows(users().select(USER).where({ id, erased_at: null }))
      return row && userOf(row)
    },
    async credentials(login) {
      if (!isStorable(login)) return undefined
      const where = login.includes('@') ? { email: login } : { username: login }
      const [row] = await rows(
        users()
          .select([...USER, 'password_hash'])
          .where(where),
      )
      return row && { user: userOf(row), passwordHash: row.password_hash ?? undefined }
    },
    async passwordHash(id) {
      if (!isUuid(id)) return undefined
      const [row] = await rows(users().select('password_hash').where({ id, erased_at: null }))
      return row?.password_hash ?? undefined
    },
    async setPasswordHash(id, hash) {
      await change(users().update({ password_hash: hash }).where({ id, erased_at: null }))
    },
    async rename(id, { name, username }) {
      const changes = {
        ...(name !== undefined && { name, folded_name: fold(name) }),
        ...(username !== undefined && { username }),
      }
      if (Object.keys(changes).length === 0) return 'renamed'
      try {
        await change(users().update(changes).where({ id, erased_at: null }))
        return 'renamed'
      } catch (error) {
        if (isDuplicate(error)) return 'username-taken'
        throw error
      }
    },
    /** By hand: the builder has no `update … from`. */
    async seen(times) {
      const seen = [...times].filter(([id]) => isUuid(id)).sort(byId)
      if (seen.length === 0) return
      await query.change(
        `update users set last_seen_at = u.at from ${query.timesOfIds}
         where users.id = u.id and users.erased_at is null and coalesce(users.last_seen_at, 0) < u.at`,
        [seen.map(([id]) => id), seen.map(([, at]) => at)],
      )
    },
  }
}

type UserRow = Readonly<Pick<InferEntity<typeof entities.users>, (typeof USER)[number]>>

const userOf = (row: UserRow): User => ({
  id: row.id as UserId,
  username: row.username ?? undefined,
  name: row.name ?? undefined,
  lastSeenAt: row.last_seen_at ?? undefined,
  email: row.email ?? undefined,
  createdAt: row.created_at,
})

const isDuplicate = (error: unknown): boolean => ['23505', 'SQLITE_CONSTRAINT_UNIQUE'].includes((error as { code?: string }).code ?? '')
