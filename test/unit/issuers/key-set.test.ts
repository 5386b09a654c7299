import fc from 'fast-check'
import { exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { keySet } from '../../../src/adapters/issuers/key-set.ts'
import { handClock } from '../../support/waiting.ts'

const issuer = { issuer: 'https://id.example', audience: 'chat', jwksUrl: 'https://id.example/keys' }
const COOLDOWN = 30_000
const DAY = 86_400_000

async function published() {
  const { publicKey } = await generateKeyPair('ES256', { extractable: true })
  return { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }] }
}

/** Keys under a clock, and how often they were fetched. */
async function given(clockOf = (now: () => number) => now) {
  const [clock, answer] = [handClock(), await published()]
  const state = { fetched: 0, isDown: false }
  const load = async () => {
    state.fetched++
    if (state.isDown) throw new Error('down')
    return answer
  }
  const keys = keySet(issuer, clockOf(clock.now), load)
  const find = (kid: string) =>
    keys.find({ kid, alg: 'ES256' }).then(
      () => 'found',
      (error: { code?: string }) => error.code,
    )
  return { clock, state, find }
}

/** Whatever keys tokens name, and however long it is between them, an issuer is asked once in 30 s at most. */
const asksSeldom = (open: typeof given) =>
  fc.asyncProperty(fc.array(fc.tuple(fc.nat(40_000), fc.string({ maxLength: 3 })), { maxLength: 30 }), async (steps) => {
    const { clock, state, find } = await open()
    let elapsed = 0
    for (const [wait, kid] of steps) {
      clock.advance(wait)
      elapsed += wait
      await Promise.all([find(kid), find(`${kid}?`)])
      if (state.fetched > Math.floor(elapsed / COOLDOWN) + 1) return false
    }
    return true
  })

describe('the keys of an issuer', () => {
  it('are asked for once in 30 s at most', async () => {
    await expect(fc.assert(asksSeldom(given), { numRuns: 50 })).resolves.toBeUndefined()
  })

  it('would be seen to be asked for too often', async () => {
    let calls = 0
    const hasty = () => given((now) => () => now() + ++calls * COOLDOWN)
    expect(await fc.check(asksSeldom(hasty), { numRuns: 50 })).toMatchObject({ failed: true })
  })

  it('are found, and a key that is none is no outage', async () => {
    const { find } = await given()
    expect(await find('one')).toBe('found')
    expect(await find('two')).toBe('unauthenticated')
  })

  it('are kept for a day while they cannot be fetched, and then it is an outage', async () => {
    const { clock, state, find } = await given()
    await find('one')
    state.isDown = true
    clock.advance(DAY)
    expect(await find('one')).toBe('found')
    expect(await find('two')).toBe('overloaded')
    clock.advance(DAY)
    expect(await find('one')).toBe('overloaded')
    state.isDown = false
    clock.advance(COOLDOWN)
    expect(await find('one')).toBe('found')
  })

  it.each([
    ['none', {}],
    ['too many', { keys: Array.from({ length: 51 }, () => ({ kty: 'EC' })) }],
    ['of another kind', { keys: [{ kty: 'oct', kid: 'one', k: 'c2VjcmV0' }] }],
  ])('are not believed if they are %s', async (_, answer) => {
    const keys = keySet(
      issuer,
      () => 0,
      async () => answer,
    )
    await expect(keys.find({ kid: 'one', alg: 'ES256' })).rejects.toMatchObject({ name: 'Refusal' })
  })

  it('are where the OpenID configuration of the same issuer says', async () => {
    const keys = await published()
    const found = async (named: string, jwks_uri: string) => {
      const load = async (url: string) => (url.endsWith('openid-configuration') ? { issuer: named, jwks_uri } : keys)
      return keySet({ issuer: 'https://id.example', audience: 'chat' }, () => 0, load)
        .find({ kid: 'one', alg: 'ES256' })
        .then(
          () => true,
          () => false,
        )
    }
    expect(await found('https://id.example', 'https://id.example/keys')).toBe(true)
    expect(await found('https://evil.example', 'https://id.example/keys')).toBe(false)
    expect(await found('https://id.example', 'http://id.example/keys')).toBe(false)
  })
})
