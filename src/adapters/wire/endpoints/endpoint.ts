import type { z } from 'zod'
import type { ProblemCode } from '../problems.ts'
import { chatInPath, fileInPath, messageInPath, uploadInPath } from '../schemas/common.ts'

export type Tag = 'Service' | 'Identity' | 'People' | 'Chats' | 'Messages' | 'Files' | 'Back ends' | 'Webhooks' | 'Notifications' | 'Staff'
/** Statuses of answers that are no problem objects. */
export type SuccessStatus = 200 | 201 | 202 | 204 | 206 | 302 | 304 | 412 | 416

/** Headers of answers that are told of in the document. */
export type HeaderName =
  | 'Idempotency-Replayed'
  | 'Link'
  | 'Location'
  | 'ETag'
  | 'Content-Disposition'
  | 'Accept-Ranges'
  | 'Content-Range'
  | 'Tus-Resumable'
  | 'Tus-Version'
  | 'Upload-Offset'
  | 'Upload-Length'
  | 'Upload-Expires'

export interface Endpoint {
  readonly method: 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete'
  readonly path: string
  readonly tag: Tag
  readonly summary: string
  readonly description?: string
  /** Whether it needs no token. */
  readonly open?: true
  readonly params?: Readonly<Record<string, z.ZodType<string, string>>>
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly form?: z.ZodType
  /** The body may also come as a form. */
  readonly takesForms?: true
  /** Bytes of the body, at most, where that is more than usual. */
  readonly bodyBytes?: number
  /** The call reads the body itself: bytes or a form with a file, or what tus sends; or nobody reads it. */
  readonly raw?: 'bytes' | 'tus' | 'unread'
  /** An address that the server signed needs no token. */
  readonly isSigned?: true
  /** The body by status; null: empty. */
  readonly success: { readonly [S in SuccessStatus]?: z.ZodType | 'bytes' | null }
  /** Error bodies that are no problem objects. */
  readonly failure?: { readonly 400: z.ZodType }
  /** The headers of an answer, by status. */
  readonly headers?: { readonly [S in SuccessStatus]?: readonly HeaderName[] }
  /** Its own problem codes; `problemsOf` adds those of every call of its kind. */
  readonly problems: readonly ProblemCode[]
}

// Shared by several endpoints
export const inChat = { chat_id: chatInPath }
export const inFile = { file_id: fileInPath }
export const inUpload = { upload_id: uploadInPath }
export const inMessage = { chat_id: chatInPath, message_id: messageInPath }
export const linked = { 200: ['Link'] } as const
export const replayed = { 200: ['Idempotency-Replayed'] } as const

/** Whether the body is read as JSON. A call without a body schema accepts an empty object only. */
export const takesJson = ({ method, form, raw }: Endpoint): boolean => !form && !raw && !['get', 'head', 'delete'].includes(method)

/** Returns all problem codes of a call: its own, and those of every call of its kind. */
export function problemsOf(endpoint: Endpoint): readonly ProblemCode[] {
  const all = new Set<ProblemCode>(endpoint.problems)
  if (!endpoint.open) for (const code of ['unauthenticated', 'token-expired', 'session-ended', 'person-disabled'] as const) all.add(code)
  if (takesJson(endpoint)) all.add('bad-json')
  if (takesJson(endpoint) || endpoint.form) for (const code of ['too-large', 'unsupported-media-type'] as const) all.add(code)
  if (!endpoint.failure) all.add('invalid')
  for (const code of ['internal', 'overloaded', 'draining'] as const) all.add(code)
  return [...all]
}
