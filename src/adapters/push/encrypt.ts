import { createCipheriv, createECDH, createHmac, randomBytes } from 'node:crypto'

/** The keys of a browser's subscription, as it gives them: base64url. */
export interface SubscriptionKeys {
  readonly p256dh: string
  readonly auth: string
}

const CURVE = 'prime256v1'
const RECORD_BYTES = 4_096
const END = 2
const mac = (key: Buffer, ...parts: readonly (Buffer | string)[]) => {
  const hmac = createHmac('sha256', key)
  for (const part of parts) hmac.update(part)
  return hmac.digest()
}
const ONE = Buffer.of(1)

/** What is chance in an encryption; given by tests only. */
export interface Chance {
  readonly salt: Buffer
  readonly privateKey: Buffer
}

/** Encrypts a message for one subscription (RFC 8291): one record of `aes128gcm` (RFC 8188). */
export function encrypted(plain: Buffer, { p256dh, auth }: SubscriptionKeys, chance?: Chance): Buffer {
  const receiver = Buffer.from(p256dh, 'base64url')
  const sender = createECDH(CURVE)
  if (chance) sender.setPrivateKey(chance.privateKey)
  else sender.generateKeys()
  const own = sender.getPublicKey()
  const salt = chance?.salt ?? randomBytes(16)
  const shared = mac(Buffer.from(auth, 'base64url'), sender.computeSecret(receiver))
  const input = mac(shared, 'WebPush: info\0', receiver, own, ONE)
  const key = mac(salt, input)
  const content = mac(key, 'Content-Encoding: aes128gcm\0', ONE).subarray(0, 16)
  const nonce = mac(key, 'Content-Encoding: nonce\0', ONE).subarray(0, 12)
  const cipher = createCipheriv('aes-128-gcm', content, nonce)
  const head = Buffer.alloc(21)
  salt.copy(head)
  head.writeUInt32BE(RECORD_BYTES, 16)
  head.writeUInt8(own.length, 20)
  return Buffer.concat([head, own, cipher.update(plain), cipher.update(Buffer.of(END)), cipher.final(), cipher.getAuthTag()])
}

/** Whether a browser's keys can be used: a point of the curve, and 16 bytes. */
export function areKeys({ p256dh, auth }: SubscriptionKeys): boolean {
  if (![p256dh, auth].every((text) => /^[A-Za-z0-9_-]+$/.test(text)) || Buffer.from(auth, 'base64url').length !== 16) return false
  try {
    const probe = createECDH(CURVE)
    probe.generateKeys()
    probe.computeSecret(Buffer.from(p256dh, 'base64url'))
    return Buffer.from(p256dh, 'base64url').length === 65
  } catch {
    return false
  }
}
