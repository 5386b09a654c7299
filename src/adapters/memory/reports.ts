import type { ReportPosition, Reports } from '../../application/ports/reports.ts'
import { compareText, pageOf } from './page.ts'
import type { MemoryStore } from './store.ts'

export const memoryReports = ({ reports, accounts }: MemoryStore): Reports => ({
  async add(report) {
    const isSame = (one: typeof report) => one.messageId === report.messageId && one.reporterId === report.reporterId
    const earlier = [...reports.values()].find(isSame)
    if (!earlier) reports.set(report.id, report)
    return earlier ?? report
  },
  async get(id) {
    return reports.get(id)
  },
  async list({ state }, window) {
    const found = [...reports.values()].filter(({ resolved }) => state === undefined || (resolved === undefined) === (state === 'open'))
    return pageOf(found.sort(newestFirst), window, { position: ({ at, id }) => ({ at, id }), compare: newestFirst })
  },
  async resolve(id, resolved, deed) {
    const report = reports.get(id)
    if (!report || report.resolved) return false
    reports.set(id, { ...report, resolved })
    accounts.deeds.push(deed)
    return true
  },
  async forget(before) {
    const old = [...reports.values()].filter(({ resolved }) => resolved && resolved.at < before)
    for (const { id } of old) reports.delete(id)
    return old.length
  },
})

const newestFirst = (a: ReportPosition, b: ReportPosition): number => b.at - a.at || compareText(b.id, a.id)
