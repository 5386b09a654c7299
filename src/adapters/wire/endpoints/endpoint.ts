import type { z } from 'zod'
import type { ProblemCode } from '../problems.ts'
import { chatInPath, messageInPath } from '../schemas/common.ts'

export type Tag = 'Service' | 'Identity' | 'People' | 'Chats' | 'Messages' | 'Back ends'
export type SuccessStatus = 200 | 201 | 204

export interface Endpoint {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
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
  /** Bytes of the body, at most, where that is more than usual. */
  readonly bodyBytes?: number
  /** The body by status; null: empty. */
  readonly success: { readonly [S in SuccessStatus]?: z.ZodType | null }
  /** Error bodies that are no problem objects. */
  readonly failure?: { readonly 400: z.ZodType }
  /** The headers of an answer, by status. */
  readonly headers?: { readonly [S in SuccessStatus]?: readonly ('Idempotency-Replayed' | 'Link')[] }
  /** Its own problem codes; `problemsOf` adds those of every call of its kind. */
  readonly problems: readonly ProblemCode[]
}

// Shared by several endpoints
export const inChat = { chat_id: chatInPath }
export const inMessage = { chat_id: chatInPath, message_id: messageInPath }
export const linked = { 200: ['Link'] } as const
export const replayed = { 200: ['Idempotency-Replayed'] } as const

/** Whether the body is read as JSON. A call without a body schema accepts an empty object only. */
export const takesJson = ({ method, form }: Endpoint): boolean => !form && method !== 'get' && method !== 'delete'

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
