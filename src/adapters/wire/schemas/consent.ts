import { z } from 'zod'
import { REPORT_REASONS, VERDICTS } from '../../../domain/report.ts'
import { addressed, listed, noted, page, plain, Time, Uuid } from './common.ts'

const openness = z.enum(['anyone', 'known', 'nobody'])
const privacy = {
  write: noted(openness, 'Who may write to you first. `known`: people with whom you share a group.'),
  add: noted(
    openness,
    'Who may add you to a group. `known`: people with whom you share a group, or have both written in your private chat.',
  ),
  last_seen: noted(z.enum(['known', 'nobody']), 'Who sees whether you are online, and when you last were.'),
}

export const MyPrivacy = z.object(privacy)
export type MyPrivacy = z.infer<typeof MyPrivacy>
export const MyPrivacyChange = z.strictObject(privacy).partial()

const reason = z.enum(REPORT_REASONS)
export const NewReport = z.strictObject({
  reason,
  comment: noted(plain().optional(), 'At most 1,000 characters.', 'The third time today'),
})
/** What who reports gets back. */
export const ReportMade = z.object({ id: Uuid, created_at: Time })

export const reportInPath = addressed<string>('The id of a report.')
const action = z.enum(VERDICTS)
export const ReportsQuery = z.strictObject({ state: z.enum(['open', 'resolved']).optional(), ...listed })
export const Resolution = z.strictObject({
  action: noted(action, '`delete`: the message. `ban`: its author from the group. `disable`: its author cannot sign in.'),
})
/** A report, as staff sees it. */
export const Report = z.object({
  id: Uuid,
  chat_id: Uuid,
  message_id: Uuid,
  user_id: noted(Uuid, 'The author of the message.'),
  reporter_id: Uuid,
  reason,
  comment: z.string().nullable(),
  text: noted(z.string().nullable(), 'A copy from when it was reported.'),
  sent_at: Time,
  created_at: Time,
  action: noted(action.nullable(), 'Null until it is resolved.'),
  resolved_at: Time.nullable(),
  resolved_by: Uuid.nullable(),
})
export type Report = z.infer<typeof Report>
export const ReportPage = page(Report)
