import type { Deed } from '../../domain/deed.ts'
import type { Instant } from '../../domain/ids.ts'
import type { Report } from '../../domain/report.ts'
import type { Page, Window } from './lists.ts'

export type ReportState = 'open' | 'resolved'

export interface ReportPosition {
  readonly at: Instant
  readonly id: string
}

/** Reports of messages. */
export interface Reports {
  /** Keeps a report and returns it; of the same message by the same person, the first one. */
  add(report: Report): Promise<Report>
  get(id: string): Promise<Report | undefined>
  /** Returns reports, newest first. */
  list(filter: { readonly state?: ReportState | undefined }, window: Window<ReportPosition>): Promise<Page<Report, ReportPosition>>
  /** Notes a verdict, with the row of the audit in the same transaction. Returns false if there is one already: that stays. */
  resolve(id: string, verdict: NonNullable<Report['resolved']>, deed: Deed): Promise<boolean>
  /** Deletes reports that were resolved before this time and returns how many. */
  forget(before: Instant): Promise<number>
}
