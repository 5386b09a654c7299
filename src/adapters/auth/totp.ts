import { Secret, TOTP } from 'otpauth'
import type { Totp } from '../../application/ports/second-factors.ts'

const PERIOD_S = 30
const BYTES = 20

const of = (secret: string, label = '') =>
  new TOTP({ issuer: 'windi-chat', label, algorithm: 'SHA1', digits: 6, period: PERIOD_S, secret: Secret.fromBase32(secret) })

/** Codes of authenticator apps: RFC 6238 with six digits, 30 seconds and SHA-1, which all of them know. */
export const otpauthTotp: Totp = {
  newSecret: () => new Secret({ size: BYTES }).base32,
  uri: (secret, account) => of(secret, account).toString(),
  stepOf(secret, code, now) {
    const delta = /^\d{6}$/.test(code) ? of(secret).validate({ token: code, timestamp: now, window: 1 }) : null
    return delta === null ? undefined : Math.floor(now / 1_000 / PERIOD_S) + delta
  },
}
