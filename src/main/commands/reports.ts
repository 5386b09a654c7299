import { presentPage } from '../../adapters/wire/present/pages.ts'
import { presentReport } from '../../adapters/wire/present/reports.ts'
import { presentTime } from '../../adapters/wire/present/time.ts'
import { windowOf } from '../../adapters/wire/windows.ts'
import type { ReportState } from '../../application/ports/reports.ts'
import type { Report, Verdict } from '../../domain/report.ts'
import type { Context } from './context.ts'
import { OPERATOR, type PageOptions, pageAsked, pageText, withApplication } from './operator.ts'

interface ListOptions extends PageOptions {
  readonly state?: ReportState
}

export const listReports = ({ config, terminal }: Context, options: ListOptions): Promise<void> =>
  withApplication({ config, terminal }, async ({ api }) => {
    const filters = { state: options.state }
    const page = await api.listReports(OPERATOR, filters, windowOf('listReports', filters, pageAsked(options)))
    const answer = presentPage(page, { list: 'listReports', filters }, presentReport)
    terminal.answer(answer, pageText(page.items.map(line), answer.next, 'There are no such reports.'))
  })

export const resolveReport = ({ config, terminal }: Context, { action }: { readonly action: Verdict }, reportId: string): Promise<void> =>
  withApplication({ config, terminal }, async ({ api }) => {
    const report = await api.resolveReport(OPERATOR, { reportId, action })
    terminal.answer(presentReport(report), line(report))
  })

const line = ({ id, reason, authorId, at, resolved, comment }: Report) =>
  [
    id,
    presentTime(at),
    reason,
    `author ${authorId}`,
    resolved ? `resolved: ${resolved.action}` : 'open',
    ...(comment === undefined ? [] : [comment]),
  ].join('  ')
