import type { Report as Reported } from '../../../domain/report.ts'
import type { Report } from '../schemas/consent.ts'
import { presentTime } from './time.ts'

export const presentReport = (report: Reported): Report => ({
  id: report.id,
  chat_id: report.chatId,
  message_id: report.messageId,
  user_id: report.authorId,
  reporter_id: report.reporterId,
  reason: report.reason,
  comment: report.comment ?? null,
  text: report.text ?? null,
  sent_at: presentTime(report.sentAt),
  created_at: presentTime(report.at),
  action: report.resolved?.action ?? null,
  resolved_at: report.resolved ? presentTime(report.resolved.at) : null,
  resolved_by: report.resolved?.by ?? null,
})
