import { consentRoutes as routes } from '../routes/consent.ts'
import { DeedPage, DeedsQuery } from '../schemas/admin.ts'
import { PageQuery, userInPath } from '../schemas/common.ts'
import { NewReport, Report, ReportMade, ReportPage, ReportsQuery, Resolution, reportInPath } from '../schemas/consent.ts'
import { UserPage } from '../schemas/people.ts'
import { type Endpoint, inMessage } from './endpoint.ts'

const ofUser = { user_id: userInPath }

const reports = { query: ReportsQuery, success: { 200: ReportPage }, problems: ['not-allowed'] } as const
const resolving = {
  params: { report_id: reportInPath },
  body: Resolution,
  success: { 200: Report },
  problems: ['not-allowed', 'not-found', 'not-a-group', 'user-not-found', 'chat-not-found'],
} as const
const forModerators = { tag: 'Back ends', description: 'Needs a key with `moderate`, or a member of staff.' } as const
const forStaff = { tag: 'Staff', description: 'For staff, and keys with `moderate`.' } as const

export const consentEndpoints = {
  listBlocks: {
    ...routes.listBlocks,
    tag: 'People',
    summary: 'List the users whom you have blocked, the latest first',
    query: PageQuery,
    success: { 200: UserPage },
    problems: [],
  },
  blockUser: {
    ...routes.blockUser,
    tag: 'People',
    summary: 'Block a user',
    description:
      'Neither of you can write in your private chat or add the other to a group, and neither learns whether the other is online or typing. What the user writes in groups stays there; it does not count as unread, and you do not find it. At most 1,000.',
    params: ofUser,
    success: { 204: null },
    problems: ['user-not-found', 'blocks-full'],
  },
  unblockUser: {
    ...routes.unblockUser,
    tag: 'People',
    summary: 'Unblock a user',
    params: ofUser,
    success: { 204: null },
    problems: [],
  },
  reportMessage: {
    ...routes.reportMessage,
    tag: 'Messages',
    summary: 'Report a message to the staff of the service',
    description: 'A copy of the message stays until 90 days after the verdict. The same message again is the same report.',
    params: inMessage,
    body: NewReport,
    success: { 201: ReportMade },
    problems: ['chat-not-found', 'message-not-found', 'message-deleted', 'too-many-requests'],
  },
  listReports: { ...routes.listReports, ...forModerators, ...reports, summary: 'List reports of messages, newest first' },
  resolveReport: { ...routes.resolveReport, ...forModerators, ...resolving, summary: 'Resolve a report; the deed has a row in the audit' },
  listReportsAsStaff: { ...routes.listReportsAsStaff, ...forStaff, ...reports, summary: 'List reports of messages, newest first' },
  resolveReportAsStaff: {
    ...routes.resolveReportAsStaff,
    ...forStaff,
    ...resolving,
    summary: 'Resolve a report; the deed has a row in the audit',
  },
  listServiceDeeds: {
    ...routes.listServiceDeeds,
    tag: 'Back ends',
    summary: 'List what staff and back ends did, newest first',
    description: 'Needs a key with `admin`.',
    query: DeedsQuery,
    success: { 200: DeedPage },
    problems: ['not-allowed'],
  },
  exportMe: {
    ...routes.exportMe,
    tag: 'People',
    summary: 'Export everything that is stored about you, as JSON lines',
    description: 'Each line is `{ "about", "row" }`. It holds no secrets, and nothing that other users wrote.',
    success: { 200: 'bytes' },
    problems: [],
  },
  exportAccount: {
    ...routes.exportAccount,
    tag: 'Staff',
    summary: 'Export everything that is stored about a user, as JSON lines',
    description: 'For staff, and keys with `admin`. The audit gets a row.',
    params: ofUser,
    success: { 200: 'bytes' },
    problems: ['not-allowed', 'user-not-found'],
  },
} as const satisfies Record<keyof typeof routes, Endpoint>
