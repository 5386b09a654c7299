import { z } from 'zod'
import { type Limits, limits } from '../limits.ts'
import { noted } from './common.ts'

const numbers = Object.fromEntries(Object.keys(limits).map((name) => [name, z.int()]))
export const LimitTable = z.object(numbers as { [K in keyof Limits]: z.ZodInt })

export const Service = z.object({
  name: z.string(),
  version: z.string(),
  epoch: noted(z.string(), 'The identity of the store. If it changes, a backup was restored: discard local copies, keep the outbox.'),
  limits: LimitTable,
  guest: noted(z.boolean(), 'Whether users may sign in as guests.'),
  passkeys: noted(z.boolean(), 'Whether users may sign in with passkeys.'),
  keep_s: noted(z.int().min(0), 'How long the texts of messages stay in any chat, in seconds; 0: no limit.'),
})
export type Service = z.infer<typeof Service>

const Fault = z.object({ pointer: noted(z.string(), 'JSON pointer (RFC 6901).', '/name'), detail: z.string() })

/** RFC 9457, with the facts of its code. */
export const Problem = z.object({
  type: noted(z.string(), 'The path of a page that explains the code.', '/problems/chat-not-found'),
  title: z.string(),
  status: z.int(),
  code: noted(z.string(), 'The stable code for programs.', 'chat-not-found'),
  detail: z.string().optional(),
  request_id: z.string(),
  errors: z.array(Fault).optional(),
  user_ids: z.array(z.string()).optional(),
  file_ids: z.array(z.string()).optional(),
  message_id: z.string().optional(),
  version: z.int().optional(),
  limit: z.int().optional(),
  length: z.int().optional(),
  offset: z.int().optional(),
  requires: z.array(noted(z.string(), 'A role, `author`, `password`, or `scope:…` of a key.', 'owner')).optional(),
  reason: noted(z.string().optional(), 'Why the service refused, for programs.', 'no-links'),
  retry_after_ms: z.int().optional(),
  until: noted(z.string().optional(), 'RFC 3339.', '2026-01-31T09:30:00.000Z'),
  methods: z.array(z.enum(['totp', 'passkey', 'recovery'])).optional(),
})
export type Problem = z.infer<typeof Problem>
