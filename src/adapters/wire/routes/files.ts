import type { Route } from './route.ts'

/** Uploads, files and their addresses: calls of the entry `client/files`. */
export const fileRoutes = {
  uploadFile: { method: 'post', path: '/files' },
  getFileUrls: { method: 'post', path: '/files/urls' },
  getFile: { method: 'get', path: '/files/{file_id}' },
  deleteFile: { method: 'delete', path: '/files/{file_id}' },
  getFileContent: { method: 'get', path: '/files/{file_id}/content' },
  listFiles: { method: 'get', path: '/chats/{chat_id}/files' },
  createUpload: { method: 'post', path: '/uploads' },
  getUpload: { method: 'head', path: '/uploads/{upload_id}' },
  continueUpload: { method: 'patch', path: '/uploads/{upload_id}' },
  endUpload: { method: 'delete', path: '/uploads/{upload_id}' },
} as const satisfies Record<string, Route>
