import type { MailKind, Mails, QueuedMail } from '../../../application/ports/mail.ts'
import type { UserId } from '../../../domain/ids.ts'
import { builtOn } from '../database/built.ts'
import type { Database, Row } from '../database/connect.ts'
import { queryOn } from '../database/query.ts'
import { entities } from '../database/schema.ts'

export function mikroOrmMails(database: Database): Mails {
  const query = queryOn(database)
  const { em, change } = builtOn(database)
  const mails = () => em.createQueryBuilder(entities.mails)
  const TAKE = `update {mails} set due_at = $2, attempts = attempts + 1 where id in (
    select id from {mails} where due_at <= $1 order by due_at limit $3 ${query.isPostgres ? 'for update skip locked' : ''})
    returning id, kind, user_id, address, facts, attempts, created_at`
  return {
    async add({ id, kind, userId, address, facts, createdAt }) {
      const row = { id, kind, user_id: userId ?? null, address, facts: JSON.stringify(facts), attempts: 0 }
      await change(mails().insert({ ...row, due_at: createdAt, created_at: createdAt }))
    },
    /** By hand: the builder does not skip locked rows. */
    take: async (now, until, limit) => (await query(TAKE, [now, until, limit])).map(mailOf),
    async done(id) {
      await change(mails().delete({ id }))
    },
    waiting: async () => Number((await query('select count(*) as count from {mails}', []))[0]!.count),
    async postpone(id, dueAt) {
      await change(mails().update({ due_at: dueAt }).where({ id }))
    },
  }
}

const mailOf = (row: Row): QueuedMail => ({
  id: row.id as string,
  kind: row.kind as MailKind,
  userId: (row.user_id as UserId | null) ?? undefined,
  address: row.address as string,
  facts: JSON.parse(row.facts as string),
  attempts: row.attempts as number,
  createdAt: row.created_at as number,
})
