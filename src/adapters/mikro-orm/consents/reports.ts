import type { Reports } from '../../../application/ports/reports.ts'
import type { ChatId, MessageId, UserId } from '../../../domain/ids.ts'
import type { Report } from '../../../domain/report.ts'
import { auditedOn } from '../database/audited.ts'
import { columnsOf, listed } from '../database/columns.ts'
import type { Database, Row } from '../database/connect.ts'
import { counted, pageOf, placed } from '../database/page.ts'
import { queryOn, time, whole } from '../database/query.ts'
import { isUuid } from '../database/schema.ts'

const COLUMNS = listed(columnsOf.reports)
const ADD = `insert into {reports} (${COLUMNS}) values (${Object.keys(columnsOf.reports)
  .map((_, i) => `$${i + 1}`)
  .join(', ')}) on conflict (message_id, reporter_id) do nothing`
const IS = { open: 'and resolved_at is null', resolved: 'and resolved_at is not null' }

export function mikroOrmReports(database: Database): Reports {
  const query = queryOn(database)
  const audited = auditedOn(database)
  return {
    async add(report) {
      await query.change(ADD, Object.values(cellsOf(report)))
      const text = `select ${COLUMNS} from {reports} where message_id = $1 and reporter_id = $2`
      const [row] = await query(text, [report.messageId, report.reporterId])
      return row ? reportOf(row) : report
    },
    async get(id) {
      const [row] = isUuid(id) ? await query(`select ${COLUMNS} from {reports} where id = $1`, [id]) : []
      return row && reportOf(row)
    },
    async list({ state }, window) {
      const { from, limit } = window
      const is = state === undefined ? '' : IS[state]
      const behind = from ? 'and (at, id) < ($2, $3)' : ''
      const text = `select ${COLUMNS} from {reports} where 1 = 1 ${is} ${behind} order by at desc, id desc limit $1`
      const rows = await query(text, [whole(limit) + 1, ...(from ? [time(from.at), placed(from.id)] : [])])
      const page = pageOf(rows, window, { item: reportOf, position: (row) => ({ at: row.at as number, id: row.id as string }) })
      return counted(page, window, () => query(`select count(*) as total from {reports} where 1 = 1 ${is}`, []))
    },
    async resolve(id, { action, at, by }, deed) {
      if (!isUuid(id)) return false
      const text = 'update {reports} set action = $2, resolved_at = $3, resolved_by = $4 where id = $1 and resolved_at is null'
      return (await audited([[text, [id, action, time(at), by]]], deed)) > 0
    },
    forget: (before) => query.change('delete from {reports} where resolved_at < $1', [time(before)]),
  }
}

/** In the order of the columns. */
const cellsOf = (report: Report) => ({
  id: report.id,
  about_chat: report.chatId,
  message_id: report.messageId,
  author_id: report.authorId,
  reporter_id: report.reporterId,
  reason: report.reason,
  comment: report.comment ?? null,
  text: report.text ?? null,
  sent_at: time(report.sentAt),
  at: time(report.at),
  action: null,
  resolved_at: null,
  resolved_by: null,
})

const reportOf = (row: Row): Report => ({
  id: row.id as string,
  chatId: row.about_chat as ChatId,
  messageId: row.message_id as MessageId,
  authorId: row.author_id as UserId,
  reporterId: row.reporter_id as UserId,
  reason: row.reason as Report['reason'],
  comment: (row.comment as string | null) ?? undefined,
  text: (row.text as string | null) ?? undefined,
  sentAt: row.sent_at as number,
  at: row.at as number,
  resolved:
    row.resolved_at === null
      ? undefined
      : { action: row.action as NonNullable<Report['resolved']>['action'], at: row.resolved_at as number, by: row.resolved_by as UserId },
})
