import type { Duration } from '../../domain/ids.ts'
import { REPORT_KEPT } from '../../domain/report.ts'
import type { Ports } from '../ports/ports.ts'
import { KNOWN_FOR } from './guessing.ts'

const DAY: Duration = 86_400_000
const AUDIT_KEPT: Duration = 730 * DAY

/** Deletes what no longer holds: codes, counters, networks, reports 90 days after their verdict, and rows of the audit after two years. */
export async function forgetOld({
  codes,
  tallies,
  networks,
  audit,
  reports,
  clock,
}: Pick<Ports, 'codes' | 'tallies' | 'networks' | 'audit' | 'reports' | 'clock'>): Promise<void> {
  const now = clock()
  await codes.forget(now)
  await tallies.forget(now)
  await networks.forget(now - KNOWN_FOR)
  await audit.forget(now - AUDIT_KEPT)
  await reports.forget(now - REPORT_KEPT)
}
