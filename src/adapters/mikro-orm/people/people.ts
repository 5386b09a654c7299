import type { People } from '../../../application/ports/people.ts'
import { type User } from '../../../domain/identity.ts'
import type { UserId } from '../../../domain/ids.ts'
import { fold } from '../../../domain/words.ts'
import type { Database, Row } from '../database/connect.ts'
import { byId } from '../database/page.ts'
import { isStorable, queryOn } from '../database/query.ts'
import { clearing } from '../database/retention.ts'
import { PERSON, personOf } from '../database/rows.ts'
import { isUuid } from '../database/schema.ts'
import { findingPeople } from './find.ts'

const USER = `${PERSON}, u.email, u.created_at`

export function mikroOrmPeople(database: Database): People {
  const query = queryOn(database)
  const present = async (columns: string, id: UserId): Promise<Row | undefined> => {
    if (!isUuid(id)) return undefined
    return (await query(`select ${columns} from users u where u.id = $1 and u.erased_at is null`, [id]))[0]
  }
  return {
    ...findingPeople(query),
    async add({ id, username, name, email, passwordHash, createdAt }) {
      const insert = `insert into users (id, username, name, folded_name, email, password_hash, created_at, is_erasing)
        values ($1, $2, $3, $4, $5, $6, $7, false) on conflict do nothing`
      const added = await query.change(insert, [id, username, name, fold(name), email ?? null, passwordHash ?? null, createdAt])
      if (added > 0) return 'added'
      if ((await query('select 1 as taken from users where id = $1', [id])).length > 0) return 'id-taken'
      const isEmailTaken = email !== undefined && (await query('select 1 as taken from users where email = $1', [email])).length > 0
      return isEmailTaken ? 'email-taken' : 'username-taken'
    },
    async get(id) {
      const row = await present(USER, id)
      return row && userOf(row)
    },
    async credentials(login) {
      if (!isStorable(login)) return undefined
      const text = `select ${USER}, u.password_hash from users u where u.${login.includes('@') ? 'email' : 'username'} = $1`
      const [row] = await query(text, [login])
      return row && { user: userOf(row), passwordHash: (row.password_hash as string | null) ?? undefined }
    },
    async passwordHash(id) {
      return ((await present('u.password_hash', id))?.password_hash as string | null | undefined) ?? undefined
    },
    async setPasswordHash(id, hash) {
      await query.change('update users set password_hash = $2 where id = $1 and erased_at is null', [id, hash])
    },
    async rename(id, { name, username }) {
      const update = `update users set name = coalesce($2, name), folded_name = coalesce($3, folded_name), username = coalesce($4, username)
        where id = $1 and erased_at is null`
      try {
        await query.change(update, [id, name ?? null, name === undefined ? null : fold(name), username ?? null])
        return 'renamed'
      } catch (error) {
        if (isTaken(error)) return 'username-taken'
        throw error
      }
    },
    async seen(times) {
      const seen = [...times].filter(([id]) => isUuid(id)).sort(byId)
      if (seen.length === 0) return
      await query.change(
        `update users set last_seen_at = u.at from ${query.timesOfIds}
         where users.id = u.id and users.erased_at is null and coalesce(users.last_seen_at, 0) < u.at`,
        [seen.map(([id]) => id), seen.map(([, at]) => at)],
      )
    },
    async erase(id, at) {
      await query.change(`update sessions set ${clearing('sessions')} where user_id = $1`, [id])
      await query.change(`update users set ${clearing('users')}, erased_at = $2, is_erasing = true where id = $1 and erased_at is null`, [
        id,
        at,
      ])
    },
    async erasing() {
      const rows = await query('select id from users where is_erasing order by id', [])
      return rows.map((row) => row.id as UserId)
    },
    async erased(id) {
      await query.change('update users set is_erasing = false where id = $1', [id])
    },
  }
}

const userOf = (row: Row): User => ({
  ...personOf(row),
  email: (row.email as string | null) ?? undefined,
  createdAt: row.created_at as number,
})

const isTaken = (error: unknown): boolean => ['23505', 'SQLITE_CONSTRAINT_UNIQUE'].includes((error as { code?: string }).code ?? '')
