import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { RateLimiter } from '../../application/ports/limiter.ts'
import type { Instant } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { limits as ours } from './table.ts'

const REMEMBERED = 50_000

/**
 * Counts in this process, in windows that begin with the first time. Remembers a bounded number of keys, by their digests: when there
 * are more, those not heard of for longest begin anew.
 *
 * @example
 * const { admit } = memoryLimiter(Date.now)
 * await admit('login', 'user1') // refuses with `too-many-requests` from the 21st time of a minute on
 */
export function memoryLimiter(clock: () => Instant, limits = ours): RateLimiter {
  const windows = new LRUCache<string, { count: number; readonly until: Instant }>({ max: REMEMBERED })
  return {
    async admit(kind, key, points = 1) {
      const { times, within } = limits[kind]
      const name = `${kind} ${shortened(key)}`
      const now = clock()
      const known = windows.get(name)
      const current = known && known.until > now ? known : { count: 0, until: now + within }
      if (current !== known) windows.set(name, current)
      if (current.count + points > times) throw new Refusal('too-many-requests', { retryAfterMs: current.until - now })
      current.count += points
    },
  }
}

/** A key as others may see it, and of bounded length: names of people and addresses are nobody's business. */
export const shortened = (key: string): string => hash('sha256', key, 'base64url')

/** Lets everything pass: for load tests on one's own machine. */
export const noLimiter: RateLimiter = { admit: async () => {} }
