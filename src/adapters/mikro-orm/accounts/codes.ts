import type { Code, CodeKind, Codes } from '../../../application/ports/codes.ts'
import type { UserId } from '../../../domain/ids.ts'
import { builtOn } from '../database/built.ts'
import type { Database, Row } from '../database/connect.ts'
import { queryOn } from '../database/query.ts'
import { entities } from '../database/schema.ts'

const CODE = 'subject, kind, user_id, mac, target, expires_at'

export function mikroOrmCodes(database: Database): Codes {
  const query = queryOn(database)
  const { em, change } = builtOn(database)
  const codes = () => em.createQueryBuilder(entities.codes)
  return {
    async put({ subject, kind, userId, mac, target, expiresAt }) {
      const row = { subject, kind, user_id: userId ?? null, mac, target: target ?? null, expires_at: expiresAt, tries: 0 }
      await change(codes().insert(row).onConflict(['subject', 'kind']).merge())
    },
    /** By hand, as what follows: the builder returns no rows of what it changes. */
    async attempt({ subject, kind }, { now, tries }) {
      const [row] = await query(
        `update {codes} set tries = tries + 1 where subject = $1 and kind = $2 and expires_at > $3 and tries < $4 returning ${CODE}`,
        [subject, kind, now, tries],
      )
      return row && codeOf(row)
    },
    async take({ subject, kind, mac }, now) {
      const [row] = await query(`delete from {codes} where subject = $1 and kind = $2 and mac = $3 and expires_at > $4 returning ${CODE}`, [
        subject,
        kind,
        mac,
        now,
      ])
      return row && codeOf(row)
    },
    forget: (before) => change(codes().delete({ expires_at: { $lt: before } })),
  }
}

const codeOf = (row: Row): Code => ({
  subject: row.subject as string,
  kind: row.kind as CodeKind,
  userId: (row.user_id as UserId | null) ?? undefined,
  mac: row.mac as string,
  target: (row.target as string | null) ?? undefined,
  expiresAt: row.expires_at as number,
})
