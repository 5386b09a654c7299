import type { People } from '../../../application/ports/people.ts'
import { builtOn } from '../database/built.ts'
import type { Database } from '../database/connect.ts'
import { isStorable } from '../database/query.ts'
import { entities, isUuid } from '../database/schema.ts'
import { USER, userOf } from './user.ts'

export function credentialsOf(database: Database): Pick<People, 'credentials' | 'passwordHash' | 'setPasswordHash'> {
  const { em, rows, change } = builtOn(database)
  const users = () => em.createQueryBuilder(entities.users)
  return {
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
  }
}
