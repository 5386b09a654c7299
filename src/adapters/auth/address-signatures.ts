import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { Signatures } from '../../application/ports/storage.ts'

const PURPOSE = 'windi-chat addresses of files'
const BYTES = 16

/** Signatures of 128 bits, with keys made from the secrets (RFC 5869). The first one signs and all are taken. */
export function addressSignatures(secrets: readonly string[]): Signatures {
  const keys = secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', PURPOSE, 32)))
  const signatureOf = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest().subarray(0, BYTES)
  return {
    sign: (text) => signatureOf(keys[0]!, text).toString('base64url'),
    isSigned(text, signature) {
      const given = Buffer.from(signature, 'base64url')
      if (given.length !== BYTES || given.toString('base64url') !== signature) return false
      return keys.some((key) => timingSafeEqual(signatureOf(key, text), given))
    },
  }
}
