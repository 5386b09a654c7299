import type { Audit, DeedPosition } from '../../../application/ports/audit.ts'
import { builtOn } from '../database/built.ts'
import { columnsOf } from '../database/columns.ts'
import type { Database } from '../database/connect.ts'
import { deedCells, deedOf } from '../database/deeds.ts'
import { pageOf, placed } from '../database/page.ts'
import { queryOn } from '../database/query.ts'
import { entities, isUuid } from '../database/schema.ts'

export function mikroOrmAudit(database: Database): Audit {
  const query = queryOn(database)
  const { em, rows, change } = builtOn(database)
  const audit = () => em.createQueryBuilder(entities.audit)
  const columns = Object.keys(columnsOf.audit) as (keyof (typeof entities.audit)['properties'])[]
  return {
    async add(deed) {
      await change(
        audit()
          .insert(deedCells(deed) as never)
          .onConflict('id')
          .ignore(),
      )
    },
    async list({ userId, chatId }, window) {
      const ids = [userId, chatId].filter((id) => id !== undefined)
      if (!ids.every(isUuid)) return { items: [], next: undefined, prev: undefined, ...(window.count && { total: 0 }) }
      const named = { ...(userId && { about_user: userId }), ...(chatId && { about_chat: chatId }) }
      const where = { ...named, ...before(window.from) }
      const found = await rows(
        audit()
          .select(columns as never)
          .where(where)
          .orderBy({ at: 'desc', id: 'desc' })
          .limit(window.limit + 1),
      )
      const page = pageOf(found as never, window, { item: deedOf, position: (row) => ({ at: row.at as number, id: row.id as string }) })
      if (!window.count) return page
      const same = Object.keys(named).map((column, i) => `${column} = $${i + 1}`)
      const [all] = await query(`select count(*) as total from {audit} where ${['1 = 1', ...same].join(' and ')}`, ids)
      return { ...page, total: all!.total as number }
    },
    forget: (before) => change(audit().delete({ at: { $lt: before } })),
  }
}

const before = (from: DeedPosition | undefined) =>
  from ? { $or: [{ at: { $lt: from.at } }, { at: from.at, id: { $lt: placed(from.id) } }] } : {}
