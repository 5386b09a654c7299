import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { LimitKind, RateLimiter } from '../../application/ports/limiter.ts'
import type { Duration, Instant } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { type Limit, limits as ours } from './table.ts'

const REMEMBERED = 50_000

/**
 * Counts in this process, in windows that begin with the first time. Remembers a bounded number of keys of each kind, by their digests: when there
 * are more, those not heard of for longest begin anew.
 *
 * @example
 * const { admit } = memoryLimiter(Date.now)
 * await admit('login', 'user1') // refuses with `too-many-requests` from the 21st time of a minute on
 */
export function memoryLimiter(clock: () => Instant, limits = ours): RateLimiter {
  // `max` would set aside room for all of them at once, in each process about 1 MB for each kind that hardly anybody fills.
  const windowsOf = new Map<LimitKind, LRUCache<string, { count: number; readonly until: Instant }>>()
  for (const kind of Object.keys(limits) as LimitKind[])
    windowsOf.set(kind, new LRUCache({ maxSize: REMEMBERED, sizeCalculation: () => 1 }))
  return {
    admit(kind, key, points = 1) {
      const { times, within } = limits[kind]
      const windows = windowsOf.get(kind)!
      const name = shortened(key)
      const now = clock()
      const known = windows.get(name)
      const current = known && known.until > now ? known : { count: 0, until: now + within }
      if (current !== known) windows.set(name, current)
      const resetMs = current.until - now
      if (current.count + points > times) throw tooMany(kind, limits[kind], resetMs)
      current.count += points
      return { kind, quota: times, windowMs: within, remaining: times - current.count, resetMs }
    },
  }
}

/** A key as others may see it, and of bounded length: names of people and addresses are nobody's business. */
export const shortened = (key: string): string => hash('sha256', key, 'base64url')

export const tooMany = (name: LimitKind, { times, within }: Limit, retryAfterMs: Duration): Refusal =>
  new Refusal('too-many-requests', { retryAfterMs, policy: { name, quota: times, windowMs: within } })

/** Lets everything pass: for load tests on one's own machine. */
export const noLimiter: RateLimiter = { admit: () => undefined }
