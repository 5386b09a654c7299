import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { createClient } from 'redis'
import type { LimitKind, RateLimiter } from '../../application/limits.ts'
import type { Millis } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { memoryLimiter, shortened } from './memory-limiter.ts'
import { limits as ours } from './table.ts'

/** Counted by all processes together. The others are counted by each for itself: they are of one socket, or too many to ask anybody. */
const shared: readonly LimitKind[] = ['login', 'login-address', 'register', 'refresh']
const PATIENCE_MS = 300

export interface RedisLimiterOptions {
  readonly url: string
  readonly clock: () => Millis
  readonly limits?: typeof ours
  /** Hears of trouble with the connection. */
  readonly warn?: (message: string) => void
}

/**
 * Counts sign-ins in Redis, for all processes that share it. While Redis is away or slow this process counts alone: nobody is refused,
 * and nobody let in without being counted, because of that.
 */
export function redisLimiter({ url, clock, limits = ours, warn }: RedisLimiterOptions): RateLimiter & { close(): Promise<void> } {
  const alone = memoryLimiter(clock, limits)
  const client = createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: 1_000,
    socket: { connectTimeout: 5_000, reconnectStrategy: (retries) => Math.min(100 * 2 ** retries, 5_000) },
  })
  let isAway = false
  client.on('error', (error: Error) => {
    if (!isAway) warn?.(`Limits are counted by this process alone: ${error.message}`)
    isAway = true
  })
  client.on('ready', () => {
    isAway = false
  })
  client.connect().catch(() => undefined)

  const counters = new Map(
    shared.map((kind) => {
      const { times, within } = limits[kind]
      const options = { storeClient: client, useRedisPackage: true, rejectIfRedisNotReady: true }
      return [kind, new RateLimiterRedis({ ...options, keyPrefix: `windi:limit:${kind}`, points: times, duration: within / 1_000 })]
    }),
  )

  async function consume(counter: RateLimiterRedis, key: string): Promise<'counted' | 'away' | RateLimiterRes> {
    const counting = counter.consume(shortened(key)).then(
      () => 'counted' as const,
      (reason: unknown) => (reason instanceof RateLimiterRes ? reason : ('away' as const)),
    )
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<'away'>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS, 'away')
    })
    return Promise.race([counting, late]).finally(() => clearTimeout(timer))
  }

  return {
    async admit(kind, key) {
      const counter = counters.get(kind)
      const outcome = counter ? await consume(counter, key) : 'away'
      if (outcome === 'away') return alone.admit(kind, key)
      if (outcome !== 'counted') throw new Refusal('too-many-requests', { retryAfterMs: Math.max(1, outcome.msBeforeNext) })
    },
    async close() {
      client.destroy()
    },
  }
}
