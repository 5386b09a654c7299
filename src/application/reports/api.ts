import type { ChatId, MessageId, UserId } from '../../domain/ids.ts'
import type { Report, ReportReason, Verdict } from '../../domain/report.ts'
import type { ExportedRow } from '../ports/exports.ts'
import type { Page, Window } from '../ports/lists.ts'
import type { ReportPosition, ReportState } from '../ports/reports.ts'

/** Everything that is stored about one user. `C` is who asks. */
export interface ExportsApi<C> {
  exportMe(caller: C): Promise<AsyncIterable<ExportedRow>>
  /** For staff. */
  exportAccount(caller: C, userId: UserId): Promise<AsyncIterable<ExportedRow>>
}

/** Reports of messages, what staff makes of them, and exports. `C` is who asks. */
export interface ReportsApi<C> extends ExportsApi<C> {
  /** Reports a message. The same message again is the same report. */
  reportMessage(
    caller: C,
    command: { chatId: ChatId; messageId: MessageId; reason: ReportReason; comment?: string | undefined },
  ): Promise<Report>
  /** For staff, and keys with `moderate`. */
  listReports(caller: C, filter: { state?: ReportState | undefined }, window: Window<ReportPosition>): Promise<Page<Report, ReportPosition>>
  /** Carries out a verdict and notes it. A report that has a verdict is returned as it is. Refuses with `not-found`. */
  resolveReport(caller: C, command: { reportId: string; action: Verdict }): Promise<Report>
}
