import { createECDH, hkdfSync } from 'node:crypto'
import { importJWK, SignJWT } from 'jose'
import { LRUCache } from 'lru-cache'
import type { Instant } from '../../domain/ids.ts'

const LABEL = 'windi-chat web push'
const VALID_MS = 12 * 3_600_000
const RENEWED_MS = VALID_MS - 3_600_000
const ORIGINS = 200
/** The order of P-256. */
const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')

/** Names this server to push services (RFC 8292). */
export interface Vapid {
  /** The public key, base64url: a subscription belongs to it. */
  readonly key: string
  /** The `Authorization` header for requests to an origin. */
  header(origin: string): Promise<string>
}

/** The key is made of the server's secret: the same on every process. */
export function vapid({
  secret,
  contact,
  clock,
}: {
  readonly secret: string
  readonly contact: string
  readonly clock: () => Instant
}): Vapid {
  const chance = BigInt(`0x${Buffer.from(hkdfSync('sha256', secret, '', LABEL, 48)).toString('hex')}`)
  const scalar = (chance % (ORDER - 1n)) + 1n
  const privateKey = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex')
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(privateKey)
  const point = pair.getPublicKey()
  const part = (from: number) => point.subarray(from, from + 32).toString('base64url')
  const signing = importJWK({ kty: 'EC', crv: 'P-256', d: privateKey.toString('base64url'), x: part(1), y: part(33) }, 'ES256')
  const key = point.toString('base64url')
  const headers = new LRUCache<string, { readonly at: Instant; readonly header: Promise<string> }>({ max: ORIGINS })

  async function made(origin: string, now: Instant): Promise<string> {
    const jwt = new SignJWT({}).setProtectedHeader({ typ: 'JWT', alg: 'ES256' }).setAudience(origin).setSubject(contact)
    const token = await jwt.setExpirationTime(Math.floor((now + VALID_MS) / 1_000)).sign(await signing)
    return `vapid t=${token}, k=${key}`
  }

  return {
    key,
    header(origin) {
      const now = clock()
      const known = headers.get(origin)
      if (known && Math.abs(now - known.at) < RENEWED_MS) return known.header
      const header = made(origin, now)
      headers.set(origin, { at: now, header })
      return header
    },
  }
}
