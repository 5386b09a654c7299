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
const AUDIENCE = 'windi-chat'
/** Of an access token (RFC 9068 §2.1): nothing else that is signed with the same key passes for one. */
const TYPE = 'at+jwt'
const REMEMBERED = 20_000
const REFRESH_LABEL = 'windi-chat refresh tokens'
const KEY_ID_LABEL = 'windi-chat key id'

interface Key {
  /** Tells the key from others, and nothing about it. */
  readonly id: string
  readonly signing: Promise<webcrypto.CryptoKey>
  readonly macOf: (text: string) => Buffer
}

function keyOf(secret: string): Key {
  const bytes = new TextEncoder().encode(secret)
  if (bytes.length < 32) throw new Error('A secret for tokens has at least 32 bytes')
  const refreshKey = createHmac('sha256', bytes).update(REFRESH_LABEL).digest()
  return {
    id: createHmac('sha256', bytes).update(KEY_ID_LABEL).digest('base64url').slice(0, 10),
    signing: webcrypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']),
    macOf: (text) => createHmac('sha256', refreshKey).update(text).digest(),
  }
}

/**
 * Access tokens are JWTs (RFC 7519, RFC 9068) signed with HS256; refresh tokens are `session.generation.mac`, so that the store needs nothing to
 * recognise one. A secret has at least 32 bytes; whoever knows it can be anybody. Of several the first one signs and all are taken, so that a
 * secret can be replaced while sessions go on.
 *
 * @example
 * const tokens = joseTokens('a secret of at least thirty-two bytes', Date.now)
 */
export function joseTokens(secrets: string | readonly string[], clock: () => Instant): Tokens {
  const keys = [secrets].flat().map(keyOf)
  const [current] = keys as [Key, ...Key[]]
  /** By the token's digest: a dump of memory shows no tokens that only this cache would have kept. */
  const verified = new LRUCache<string, AccessClaims>({ max: REMEMBERED })

  async function verify(token: string): Promise<AccessClaims> {
    if (!isCanonical(token)) throw new Refusal('unauthenticated')
    const options = { algorithms: ['HS256'], issuer: ISSUER, audience: AUDIENCE, typ: TYPE, requiredClaims: ['exp'] }
    const keyFor = ({ kid }: { readonly kid?: string }) => {
      const key = keys.find(({ id }) => id === kid)
      if (!key) throw new Refusal('unauthenticated')
      return key.signing
    }
    const { payload } = await jwtVerify(token, keyFor, { ...options, currentDate: new Date(clock()) }).catch((error: unknown) => {
      throw new Refusal(error instanceof errors.JWTExpired ? 'token-expired' : 'unauthenticated')
    })
    const { sub, sid, exp } = payload
    if (typeof sub !== 'string' || typeof sid !== 'string') throw new Refusal('unauthenticated')
    return { userId: sub as UserId, sessionId: sid as SessionId, expiresAt: exp! * 1_000 }
  }

  return {
    async access({ userId, sessionId, expiresAt }) {
      const jwt = new SignJWT({ sid: sessionId }).setProtectedHeader({ alg: 'HS256', typ: TYPE, kid: current.id }).setIssuer(ISSUER)
      return jwt
        .setAudience(AUDIENCE)
        .setSubject(userId)
        .setIssuedAt(Math.floor(clock() / 1_000))
        .setExpirationTime(Math.ceil(expiresAt / 1_000))
        .sign(await current.signing)
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
      return `${named}.${current.macOf(named).toString('base64url')}`
    },
    verifyRefresh(token) {
      const parts = /^([0-9a-f-]{36})\.(0|[1-9]\d{0,14})\.([A-Za-z0-9_-]{43})$/.exec(token)
      if (!parts) return undefined
      const [, sessionId, generation, mac] = parts as unknown as readonly [string, string, string, string]
      const given = Buffer.from(mac, 'base64url')
      // The last character of a base64url text has bits to spare: only one spelling is ours.
      const isOurs = keys.some(({ macOf }) => timingSafeEqual(given, macOf(`${sessionId}.${generation}`)))
      if (given.toString('base64url') !== mac || !isOurs) return undefined
      return { sessionId: sessionId as SessionId, generation: Number(generation) }
    },
  }
}
