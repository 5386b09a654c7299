import type { People } from '../../../application/ports/people.ts'
import type { UserId } from '../../../domain/ids.ts'
import { fold } from '../../../domain/words.ts'
import { auditedOn } from '../database/audited.ts'
import { builtOn } from '../database/built.ts'
import { apart, type Database } from '../database/connect.ts'
import { byId } from '../database/page.ts'
import { isDuplicate, isStorable, queryOn } from '../database/query.ts'
import { entities, isUuid } from '../database/schema.ts'
import { credentialsOf } from './credentials.ts'
import { erasingPeople } from './erase.ts'
import { findingPeople } from './find.ts'
import { rowOf, savingPeople } from './saving.ts'
import { USER, type UserRow, userOf } from './user.ts'

/** By hand: it is asked for with every call of a host's, and the builder takes longer than the database. */
const BY_ID = `select ${USER.join(', ')} from {users} where id = $1 and erased_at is null`

export function mikroOrmPeople(database: Database): People {
  const query = queryOn(database)
  const { em, rows, change } = builtOn(database)
  const audited = auditedOn(database)
  const users = () => em.createQueryBuilder(entities.users)
  const isTaken = async (where: { readonly id: UserId } | { readonly email: string } | { readonly external_id: string }) =>
    (await rows(users().select('id').where(where))).length > 0

  return {
    ...findingPeople(query, queryOn(apart(database))),
    ...erasingPeople(database),
    ...credentialsOf(database),
    ...savingPeople(database),
    async add(user) {
      const { id, email, externalId } = user
      if ((await change(users().insert(rowOf(user)).onConflict().ignore())) > 0) return 'added'
      if (await isTaken({ id })) return 'id-taken'
      if (externalId !== undefined && (await isTaken({ external_id: externalId }))) return 'external-id-taken'
      return email !== undefined && (await isTaken({ email })) ? 'email-taken' : 'username-taken'
    },
    async get(id) {
      if (!isUuid(id)) return undefined
      const [row] = await query(BY_ID, [id])
      return row && userOf(row as unknown as UserRow)
    },
    async external(ids) {
      const known = ids.filter(isStorable)
      if (known.length === 0) return new Map()
      const rows = await query(`select ${USER.join(', ')} from {users} where ${query.amongTexts('external_id', 1)} and erased_at is null`, [
        known,
      ])
      return new Map(rows.map((row) => [row.external_id as string, userOf(row as unknown as UserRow)]))
    },
    async rename(id, { name, username }, deed) {
      const changes = {
        ...(name !== undefined && { name, folded_name: fold(name) }),
        ...(username !== undefined && { username }),
      }
      if (Object.keys(changes).length === 0) return 'renamed'
      try {
        await audited([users().update(changes).where({ id, erased_at: null })], deed)
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
        `update {users} set last_seen_at = u.at from ${query.timesOfIds}
         where {users}.id = u.id and {users}.erased_at is null and coalesce({users}.last_seen_at, 0) < u.at`,
        [seen.map(([id]) => id), seen.map(([, at]) => at)],
      )
    },
  }
}
