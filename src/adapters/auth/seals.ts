import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import type { Seals } from '../../application/ports/seals.ts'

const NONCE = 12
const TAG = 16

interface Key {
  /** Tells the key from others, and nothing about it. */
  readonly id: string
  readonly sealing: Uint8Array
  readonly macOf: (text: string) => string
}

function keyOf(secret: string): Key {
  const derived = (label: string) => new Uint8Array(hkdfSync('sha256', secret, '', `windi-chat ${label}`, 32))
  const key = derived('macs')
  return {
    id: Buffer.from(derived('seal id')).toString('base64url').slice(0, 10),
    sealing: derived('seals'),
    macOf: (text) => createHmac('sha256', key).update(text).digest('base64url'),
  }
}

/**
 * AES-256-GCM and HMAC-SHA256 with keys that HKDF derives from the secrets of the service. Of several secrets the first one seals and all
 * open, as with tokens.
 */
export function derivedSeals(secrets: string | readonly string[]): Seals {
  const keys = [secrets].flat().map(keyOf) as [Key, ...Key[]]
  const [current] = keys
  const idOf = (sealed: string) => sealed.split('.', 1)[0]
  return {
    macs: (text) => keys.map(({ macOf }) => macOf(text)) as [string, ...string[]],
    seal(text) {
      const nonce = randomBytes(NONCE)
      const cipher = createCipheriv('aes-256-gcm', current.sealing, nonce)
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${current.id}.${sealed.toString('base64url')}`
    },
    open(sealed) {
      const key = keys.find(({ id }) => id === idOf(sealed))
      const bytes = Buffer.from(sealed.slice(sealed.indexOf('.') + 1), 'base64url')
      if (!key || bytes.length < NONCE + TAG) return undefined
      const decipher = createDecipheriv('aes-256-gcm', key.sealing, bytes.subarray(0, NONCE)).setAuthTag(bytes.subarray(-TAG))
      try {
        return Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()]).toString('utf8')
      } catch {
        return undefined
      }
    },
    mark: `${current.id}.`,
  }
}
