import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryLimiter, noLimiter } from '../../../src/adapters/limits/memory-limiter.ts'
import { redisLimiter } from '../../../src/adapters/limits/redis-limiter.ts'
import { limits } from '../../../src/adapters/limits/table.ts'
import type { RateLimiter } from '../../../src/application/ports/limiter.ts'
import { withRedis } from '../../support/databases.ts'
import { type Redis, startRedis, startRedisCluster } from '../../support/redis.ts'
import { eventually, handClock } from '../../support/waiting.ts'

const few = { ...limits, recover: { times: 3, within: 60_000 }, send: { times: 2, within: 10_000 } }

async function admitted({ admit }: RateLimiter, times: number, key = 'somebody'): Promise<number> {
  const outcomes = await Promise.allSettled(Array.from({ length: times }, async () => admit('recover', key)))
  const refusals = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason)
  expect(
    refusals.filter(({ code, facts }) => code !== 'too-many-requests' || !(facts.retryAfterMs > 0 && facts.retryAfterMs <= 60_000)),
  ).toEqual([])
  return outcomes.filter(({ status }) => status === 'fulfilled').length
}

describe('limits in memory', () => {
  it('admit so many of a kind and key, and again in the next window', async () => {
    const clock = handClock()
    const limiter = memoryLimiter(clock.now, few)
    expect(await admitted(limiter, 5)).toBe(3)
    expect(await admitted(limiter, 5, 'another')).toBe(3)
    await limiter.admit('send', 'somebody')
    clock.advance(59_999)
    expect(await admitted(limiter, 5)).toBe(0)
    clock.advance(1)
    expect(await admitted(limiter, 5)).toBe(3)
  })

  it('say when to come back', async () => {
    const clock = handClock()
    const { admit } = memoryLimiter(clock.now, few)
    for (let i = 0; i < 3; i++) await admit('recover', 'somebody')
    clock.advance(40_000)
    await expect(async () => admit('recover', 'somebody')).rejects.toMatchObject({
      code: 'too-many-requests',
      facts: { retryAfterMs: 20_000 },
    })
  })

  it('let a costly call use up several points', async () => {
    const { admit } = memoryLimiter(handClock().now, few)
    await admit('recover', 'somebody', 2)
    await expect(async () => admit('recover', 'somebody', 2)).rejects.toMatchObject({ code: 'too-many-requests' })
    await admit('recover', 'somebody', 1)
    await expect(async () => admit('recover', 'somebody')).rejects.toMatchObject({ code: 'too-many-requests' })
  })

  it('can be lifted', async () => {
    expect(await admitted(noLimiter, 1_000)).toBe(1_000)
  })
})

describe.each(withRedis ? ['Redis'] : [])('limits in %s', () => {
  let redis: Redis
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.stop())

  function connected(url = redis.url) {
    const warnings: string[] = []
    const limiter = redisLimiter({ url, clock: handClock().now, limits: few, warn: (warning) => warnings.push(warning) })
    return { limiter, warnings }
  }

  /** A process counts alone until it is connected. */
  const areTogether = (one: RateLimiter, other: RateLimiter) =>
    eventually(async () => {
      const probe = `probe ${performance.now()}`
      expect((await admitted(one, 3, probe)) + (await admitted(other, 3, probe))).toBe(3)
    })

  it('count for all processes together', async () => {
    const [one, other] = [connected().limiter, connected().limiter]
    await areTogether(one, other)
    expect((await admitted(one, 2)) + (await admitted(other, 2))).toBe(3)
    await Promise.all([one.close(), other.close()])
  })

  it('go on alone while Redis is away, and together when it is back', async () => {
    const [{ limiter, warnings }, { limiter: other }] = [connected(), connected()]
    await areTogether(limiter, other)
    await redis.kill()
    await eventually(() => expect(warnings.join()).toContain('alone'))
    expect((await admitted(limiter, 5, 'away')) + (await admitted(other, 5, 'away'))).toBe(6)
    await redis.restart()
    await areTogether(limiter, other)
    await Promise.all([limiter.close(), other.close()])
  })

  it('count together in a cluster, wherever a key lies', async () => {
    const cluster = await startRedisCluster()
    const [{ limiter, warnings }, { limiter: other }] = [connected(cluster.url), connected(cluster.url)]
    await areTogether(limiter, other)
    for (let i = 0; i < 8; i++) expect((await admitted(limiter, 2, `key ${i}`)) + (await admitted(other, 2, `key ${i}`))).toBe(3)
    expect(warnings).toEqual([])
    await Promise.all([limiter.close(), other.close()])
    await cluster.stop()
  })

  it('say once that Redis does not count, and go on alone', async () => {
    const [{ limiter, warnings }, { limiter: other }] = [connected(), connected()]
    await areTogether(limiter, other)
    const admin = createClient({ url: redis.url })
    await admin.connect()
    await admin.aclSetUser('default', '-eval')
    expect((await admitted(limiter, 5, 'refused')) + (await admitted(limiter, 5, 'again'))).toBe(6)
    expect(warnings).toEqual([expect.stringMatching(/by this process alone: .*eval/)])
    await admin.aclSetUser('default', '+eval')
    admin.destroy()
    await areTogether(limiter, other)
    await Promise.all([limiter.close(), other.close()])
  })
})
