import type { Counted } from '../../application/ports/limiter.ts'
import type { Policy } from '../../domain/refusal.ts'

type Headers = Readonly<Record<string, string>>

const policy = (name: string, quota: number, windowMs: number) => `"${name}";q=${quota};w=${Math.ceil(windowMs / 1_000)}`
const standing = (name: string, remaining: number, resetMs: number) => `"${name}";r=${remaining};t=${Math.ceil(resetMs / 1_000)}`

/** The fields of draft-ietf-httpapi-ratelimit-headers: the limits that a call has used up, and what is left of them. */
export const rateLimits = (all: readonly Counted[]): Headers =>
  all.length === 0
    ? {}
    : {
        'RateLimit-Policy': all.map(({ kind, quota, windowMs }) => policy(kind, quota, windowMs)).join(', '),
        'RateLimit': all.map(({ kind, remaining, resetMs }) => standing(kind, remaining, resetMs)).join(', '),
      }

/** The same of a limit that is used up. */
export const exceeded = ({ name, quota, windowMs }: Policy, retryAfterMs: number): Headers => ({
  'RateLimit-Policy': policy(name, quota, windowMs),
  'RateLimit': standing(name, 0, retryAfterMs),
})
