import { hash } from 'node:crypto'
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import type { Issuers, Profile, Vouched } from '../../application/ports/issuers.ts'
import type { Instant } from '../../domain/ids.ts'
import { isRefusal, Refusal } from '../../domain/refusal.ts'
import { fetchJson } from './fetch-json.ts'
import type { Issuer } from './issuer.ts'
import { type KeySet, keySet } from './key-set.ts'

const TOKEN_BYTES = 8_192
const SKEW_SECONDS = 60
const REMEMBERED = 10_000
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA']

interface Trusted extends Issuer {
  readonly keys: KeySet
}

/** Checks tokens (RFC 7519) of other systems with their published keys (RFC 7517). A token that was checked is remembered until it expires. */
export function joseIssuers(
  issuers: readonly Issuer[],
  { clock, load = fetchJson }: { readonly clock: () => Instant; readonly load?: typeof fetchJson },
): Issuers {
  const trusted = new Map(issuers.map((issuer): [string, Trusted] => [issuer.issuer, { ...issuer, keys: keySet(issuer, clock, load) }]))
  const verified = new LRUCache<string, Vouched>({ max: REMEMBERED })
  return {
    async verify(token) {
      if (trusted.size === 0) return undefined
      const issuer = trusted.get(issuerOf(token) ?? '')
      if (!issuer) return undefined
      if (Buffer.byteLength(token) > TOKEN_BYTES) throw new Refusal('unauthenticated')
      const name = hash('sha256', token, 'base64url')
      const vouched = verified.get(name) ?? (await check(issuer, token, clock()))
      if (vouched.expiresAt + SKEW_SECONDS * 1_000 <= clock()) throw new Refusal('token-expired')
      verified.set(name, vouched)
      return vouched
    },
  }
}

/** What the token says of itself; it is believed only once it was checked. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token.slice(0, TOKEN_BYTES + 1)).iss
  } catch {
    return undefined
  }
}

async function check({ issuer, audience, prefix = '', keys }: Trusted, token: string, now: Instant): Promise<Vouched> {
  const options = { algorithms: ALGORITHMS, issuer, audience, clockTolerance: SKEW_SECONDS, requiredClaims: ['exp', 'iat', 'sub'] }
  const { payload } = await jwtVerify(token, keys.find, { ...options, currentDate: new Date(now) }).catch((error: unknown) => {
    if (isRefusal(error)) throw error
    throw new Refusal(error instanceof errors.JWTExpired ? 'token-expired' : 'unauthenticated')
  })
  const { sub, iat, exp, sid } = payload
  if (typeof sub !== 'string' || sub === '' || iat! > now / 1_000 + SKEW_SECONDS) throw new Refusal('unauthenticated')
  return {
    externalId: prefix + sub,
    profile: profileOf(payload),
    issuedAt: iat! * 1_000,
    expiresAt: exp! * 1_000,
    sid: typeof sid === 'string' ? sid : undefined,
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value.trim() !== '' ? value : undefined)

/** OpenID Connect Core 1.0, 5.1. */
const profileOf = ({ name, preferred_username, email, email_verified, picture }: JWTPayload): Profile => ({
  name: text(name) ?? text(preferred_username),
  email: email_verified === true ? text(email) : undefined,
  avatarUrl: text(picture),
})
