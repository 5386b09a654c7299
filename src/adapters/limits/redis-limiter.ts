import { setTimeout as pause } from 'node:timers/promises'
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { LimitKind, RateLimiter } from '../../application/ports/limiter.ts'
import type { Duration, Instant } from '../../domain/ids.ts'
import { connectRedis } from '../redis/connect.ts'
import { memoryLimiter, shortened, tooMany } from './memory-limiter.ts'
import { limits as ours } from './table.ts'

/** Counted by all processes together: guessing must not go faster where there are more. Of the others each counts what it is asked itself. */
const shared: readonly LimitKind[] = ['login-address', 'recover', 'register', 'refresh']
const PATIENCE_MS = 300
/** Trouble that comes again within so much is the same. */
const SAME_TROUBLE: Duration = 60_000

export interface RedisLimiterOptions {
  /** Of one server, or of any node of a cluster. */
  readonly url: string
  readonly clock: () => Instant
  readonly limits?: typeof ours
  /** Hears of trouble with Redis, once. */
  readonly warn?: (message: string) => void
}

/**
 * Counts sign-ins in Redis, for all processes that share it. While Redis is away or slow this process counts alone: nobody is refused,
 * and nobody let in without being counted, because of that.
 */
export function redisLimiter({ url, clock, limits = ours, warn }: RedisLimiterOptions): RateLimiter & { close(): Promise<void> } {
  const alone = memoryLimiter(clock, limits)
  const ending = new AbortController()
  let counters: ReadonlyMap<LimitKind, RateLimiterRedis> = new Map()
  let destroy = () => {}
  let troubledAt = Number.NEGATIVE_INFINITY

  function trouble(message: string): void {
    if (ending.signal.aborted) return
    if (clock() - troubledAt >= SAME_TROUBLE) warn?.(`Limits are counted by this process alone: ${message}`)
    troubledAt = clock()
  }
  const ready = () => {
    troubledAt = Number.NEGATIVE_INFINITY
  }

  const opening = connectRedis({ url, ready, trouble, random: () => 1 }, ending.signal).then(
    (server) => {
      if (!server) return
      const { client } = server
      destroy = () => client.destroy()
      const options = { storeClient: client, useRedisPackage: true, rejectIfRedisNotReady: true }
      const counter = (kind: LimitKind) => {
        const { times, within } = limits[kind]
        return new RateLimiterRedis({ ...options, keyPrefix: `windi:limit:${kind}`, points: times, duration: within / 1_000 })
      }
      counters = new Map(shared.map((kind) => [kind, counter(kind)]))
    },
    (error: unknown) => trouble(String(error)),
  )

  async function consume(
    counter: RateLimiterRedis,
    key: string,
    points: number,
  ): Promise<{ readonly result: RateLimiterRes; readonly isOver: boolean } | 'away'> {
    const counting = counter.consume(shortened(key), points).then(
      (result) => ({ result, isOver: false }),
      (reason: unknown) => {
        if (reason instanceof RateLimiterRes) return { result: reason, isOver: true }
        trouble((reason as Error).message)
        return 'away' as const
      },
    )
    const outcome = await Promise.race([counting, pause(PATIENCE_MS, 'late' as const, { ref: false })])
    if (outcome !== 'late') return outcome
    trouble('it is slow')
    return 'away'
  }

  return {
    async admit(kind, key, points = 1) {
      const counter = counters.get(kind)
      const outcome = counter ? await consume(counter, key, points) : 'away'
      if (outcome === 'away') return alone.admit(kind, key, points)
      const { result, isOver } = outcome
      const resetMs = Math.max(1, result.msBeforeNext)
      const { times, within } = limits[kind]
      if (isOver) throw tooMany(kind, limits[kind], resetMs)
      return { kind, quota: times, windowMs: within, remaining: result.remainingPoints, resetMs }
    },
    async close() {
      if (ending.signal.aborted) return
      ending.abort()
      await opening
      destroy()
    },
  }
}
