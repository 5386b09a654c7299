import { createDecipheriv, createECDH, createHmac, randomBytes } from 'node:crypto'
import { type Receiver, receiver } from './receiver.ts'

/** A push service with one subscription, and the browser that reads what is sent to it. */
export interface PushService extends Receiver {
  /** As `PushSubscription` gives it. */
  readonly subscription: { readonly endpoint: string; readonly keys: { readonly p256dh: string; readonly auth: string } }
  /** What was sent, as the browser reads it. */
  messages(): object[]
}

export async function pushService(): Promise<PushService> {
  const to = await receiver()
  to.answers(() => 201)
  const browser = createECDH('prime256v1')
  browser.generateKeys()
  const auth = randomBytes(16)
  const keys = { p256dh: browser.getPublicKey().toString('base64url'), auth: auth.toString('base64url') }
  return {
    ...to,
    subscription: { endpoint: `${to.url}/push/1`, keys },
    messages: () => to.requests.map(({ body }) => JSON.parse(opened(body, browser, auth)) as object),
  }
}

/** What a browser does with a message: RFC 8291. */
function opened(sealed: Buffer, browser: ReturnType<typeof createECDH>, auth: Buffer): string {
  const [salt, sender, rest] = [sealed.subarray(0, 16), sealed.subarray(21, 86), sealed.subarray(86)]
  const mac = (key: Buffer, ...parts: readonly (Buffer | string)[]) => {
    const hmac = createHmac('sha256', key)
    for (const part of parts) hmac.update(part)
    return hmac.digest()
  }
  const one = Buffer.of(1)
  const input = mac(mac(auth, browser.computeSecret(sender)), 'WebPush: info\0', browser.getPublicKey(), sender, one)
  const key = mac(salt, input)
  const content = mac(key, 'Content-Encoding: aes128gcm\0', one).subarray(0, 16)
  const nonce = mac(key, 'Content-Encoding: nonce\0', one).subarray(0, 12)
  const decipher = createDecipheriv('aes-128-gcm', content, nonce)
  decipher.setAuthTag(rest.subarray(-16))
  return Buffer.concat([decipher.update(rest.subarray(0, -16)), decipher.final()])
    .subarray(0, -1)
    .toString()
}
