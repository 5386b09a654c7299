import type { Route } from './route.ts'

/** Calls by which users keep others away. */
export const consentRoutes = {
  listBlocks: { method: 'get', path: '/users/me/blocks' },
  blockUser: { method: 'put', path: '/users/me/blocks/{user_id}' },
  unblockUser: { method: 'delete', path: '/users/me/blocks/{user_id}' },
  reportMessage: { method: 'post', path: '/chats/{chat_id}/messages/{message_id}/reports' },
  listReports: { method: 'get', path: '/service/reports' },
  resolveReport: { method: 'post', path: '/service/reports/{report_id}/resolve' },
  listReportsAsStaff: { method: 'get', path: '/admin/reports' },
  resolveReportAsStaff: { method: 'post', path: '/admin/reports/{report_id}/resolve' },
  listServiceDeeds: { method: 'get', path: '/service/audit' },
  exportMe: { method: 'get', path: '/users/me/export' },
  exportAccount: { method: 'get', path: '/admin/users/{user_id}/export' },
} as const satisfies Record<string, Route>
