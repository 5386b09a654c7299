import { expel, strike } from '../../domain/moderating.ts'
import { Refusal } from '../../domain/refusal.ts'
import { checkedComment, copyOf, type Report, type Verdict } from '../../domain/report.ts'
import type { Caller } from '../caller.ts'
import { seen } from '../chats/seen.ts'
import type { Ports } from '../ports/ports.ts'
import { hasScope } from '../scopes.ts'
import { deedOf, requireStaff } from '../staff/staff.ts'
import { type StaffNeeds, setDisabled } from '../staff/users.ts'
import type { ReportsApi } from './api.ts'
import { exportCalls } from './exporting.ts'

export const reportCalls = (needs: StaffNeeds): ReportsApi<Caller> => ({
  ...exportCalls(needs),
  async reportMessage({ userId: reporterId }, { chatId, messageId, reason, comment }) {
    const { chats, reports, newId, clock } = needs
    const { message: view } = seen(await chats.message(reporterId, chatId, messageId), chatId)
    if (!view) throw new Refusal('message-not-found', { messageId })
    const { message } = view
    if (message.deletedAt !== undefined) throw new Refusal('message-deleted', { messageId })
    const said = comment === undefined ? undefined : checkedComment(comment)
    const about = { reporterId, reason, comment: said, at: clock(), resolved: undefined }
    return reports.add({ id: newId(), ...copyOf(message), ...about })
  },
  async listReports(caller, filter, window) {
    await requireModerator(needs, caller)
    return needs.reports.list(filter, window)
  },
  async resolveReport(caller, { reportId, action }) {
    await requireModerator(needs, caller)
    const report = await reportOf(needs, reportId)
    if (report.resolved) return report
    await verdicts[action](needs, caller, report)
    const { chatId, authorId: userId, reason } = report
    const deed = deedOf(needs, caller, 'report.resolved', { userId, chatId, facts: { action, reason } })
    await needs.reports.resolve(reportId, { action, at: deed.at, by: caller.userId }, deed)
    return reportOf(needs, reportId)
  },
})

async function requireModerator(needs: Pick<Ports, 'people'>, caller: Caller): Promise<void> {
  if (!hasScope(caller, 'moderate')) await requireStaff(needs, caller)
}

async function reportOf({ reports }: Pick<Ports, 'reports'>, id: string): Promise<Report> {
  const report = await reports.get(id)
  if (!report) throw new Refusal('not-found')
  return report
}

/** What each verdict does, each in a transaction with its own row of the audit; done again, it changes nothing. */
const verdicts: { readonly [V in Verdict]: (needs: StaffNeeds, caller: Caller, report: Report) => Promise<unknown> } = {
  none: async () => {},
  async delete(needs, caller, { chatId, messageId, authorId: userId }) {
    const deed = deedOf(needs, caller, 'message.deleted', { chatId, userId, facts: { message_id: messageId } })
    const change = { staffId: caller.userId, messageId, at: deed.at }
    await needs.log.change({ chat: chatId, messages: [messageId] }, (state) => ({ ...strike(state, change), deed }))
  },
  async ban(needs, caller, { chatId, authorId: userId }) {
    const deed = deedOf(needs, caller, 'member.banned', { chatId, userId })
    const change = { staffId: caller.userId, userId, at: deed.at }
    const scope = { chat: chatId, members: [userId], people: [userId] }
    await needs.log.change(scope, (state) => ({ ...expel(state, change), deed }))
  },
  async disable(needs, caller, { authorId }) {
    if (authorId === caller.userId) throw new Refusal('not-allowed', { requires: [] })
    await setDisabled(needs, caller, authorId, true)
  },
}
