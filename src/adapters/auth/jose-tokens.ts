import { createHmac, hash, timingSafeEqual, webcrypto } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import { LRUCache } from 'lru-cache'
import type { AccessClaims, Tokens } from '../../application/ports/tokens.ts'
import type { Instant, SessionId, UserId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'

/** RFC 7515 §2: base64url without padding. A last character has bits to spare: of each part one spelling is taken. */
const isCanonical = (token: string): boolean =>
  token.split('.').every((part) => part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part)

const ISSUER = 'windi-chat'
const REMEMBERED = 20_000
const REFRESH_LABEL = 'windi-chat refresh tokens'

/**
 * Access tokens are JWTs (RFC 7519) signed with HS256; refresh tokens are `session.generation.mac`, so that the store needs nothing to
 * recognise one. `secret` has at least 32 bytes. Whoever knows it can be anybody.
 *
 * @example
 * const tokens = joseTokens('a secret of at least thirty-two bytes', Date.now)
 */
export function joseTokens(secret: string, clock: () => Instant): Tokens {
  const bytes = new TextEncoder().encode(secret)
  if (bytes.length < 32) throw new Error('A secret for tokens has at least 32 bytes')
  const key = webcrypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
  const refreshKey = createHmac('sha256', bytes).update(REFRESH_LABEL).digest()
  const macOf = (text: string) => createHmac('sha256', refreshKey).update(text).digest()
  /** By the token's digest: a dump of memory shows no tokens that only this cache would have kept. */
  const verified = new LRUCache<string, AccessClaims>({ max: REMEMBERED })

  async function verify(token: string): Promise<AccessClaims> {
    if (!isCanonical(token)) throw new Refusal('unauthenticated')
    const options = { algorithms: ['HS256'], issuer: ISSUER, requiredClaims: ['exp'], currentDate: new Date(clock()) }
    const { payload } = await jwtVerify(token, await key, options).catch((error: unknown) => {
      throw new Refusal(error instanceof errors.JWTExpired ? 'token-expired' : 'unauthenticated')
    })
    const { sub, sid, exp } = payload
    if (typeof sub !== 'string' || typeof sid !== 'string') throw new Refusal('unauthenticated')
    return { userId: sub as UserId, sessionId: sid as SessionId, expiresAt: exp! * 1_000 }
  }

  return {
    async access({ userId, sessionId, expiresAt }) {
      const jwt = new SignJWT({ sid: sessionId }).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).setIssuer(ISSUER).setSubject(userId)
      return jwt
        .setIssuedAt(Math.floor(clock() / 1_000))
        .setExpirationTime(Math.ceil(expiresAt / 1_000))
        .sign(await key)
    },
    async verifyAccess(token) {
      const name = hash('sha256', token, 'base64url')
      const claims = verified.get(name) ?? (await verify(token))
      if (claims.expiresAt <= clock()) throw new Refusal('token-expired')
      verified.set(name, claims)
      return claims
    },
    refresh(sessionId, generation) {
      const named = `${sessionId}.${generation}`
      return `${named}.${macOf(named).toString('base64url')}`
    },
    verifyRefresh(token) {
      const parts = /^([0-9a-f-]{36})\.(0|[1-9]\d{0,14})\.([A-Za-z0-9_-]{43})$/.exec(token)
      if (!parts) return undefined
      const [, sessionId, generation, mac] = parts as unknown as readonly [string, string, string, string]
      const given = Buffer.from(mac, 'base64url')
      // The last character of a base64url text has bits to spare: only one spelling is ours.
      if (given.toString('base64url') !== mac || !timingSafeEqual(given, macOf(`${sessionId}.${generation}`))) return undefined
      return { sessionId: sessionId as SessionId, generation: Number(generation) }
    },
  }
}
