import type { People } from '../../../application/ports/people.ts'
import { auditedOn } from '../database/audited.ts'
import { builtOn } from '../database/built.ts'
import type { Database } from '../database/connect.ts'
import { isStorable } from '../database/query.ts'
import { entities, isUuid } from '../database/schema.ts'
import { USER, userOf } from './user.ts'

export function credentialsOf(database: Database): Pick<People, 'credentials' | 'passwordHash' | 'setPasswordHash'> {
  const { em, rows } = builtOn(database)
  const audited = auditedOn(database)
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
    async setPasswordHash(id, hash, deed) {
      await audited([users().update({ password_hash: hash }).where({ id, erased_at: null })], deed)
    },
  }
}
