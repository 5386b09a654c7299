import type { Push, PushPayload } from '../../application/ports/push.ts'
import { areKeys } from './encrypt.ts'
import type { Sealing } from './sealing.ts'
import type { Vapid } from './vapid.ts'

/** Of Google, Mozilla, Microsoft and Apple. */
const SERVICES = ['fcm.googleapis.com', '*.push.services.mozilla.com', '*.notify.windows.com', '*.push.apple.com']
const APPLE = ['*.push.apple.com']
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/
const TTL_SECONDS = 86_400
const ENDPOINT_LENGTH = 2_048

interface Needs {
  readonly vapid: Vapid
  /** Hosts of push services besides the known ones. */
  readonly hosts: readonly string[]
  readonly seal: Sealing['seal']
  post(url: URL, headers: Readonly<Record<string, string>>, body: Buffer): Promise<{ readonly status: number }>
}

const isAmong = (host: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => (pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern))

/** Sends notifications to browsers (RFC 8030, 8291, 8292), through the push services on the list only. */
export function webPush({ vapid, hosts, seal, post }: Needs): Push {
  /** Whether requests may go there. Anything but https on its usual port is for push services of tests, on this machine. */
  function isAllowed(endpoint: string): boolean {
    if (endpoint.length > ENDPOINT_LENGTH || !URL.canParse(endpoint)) return false
    const { protocol, hostname, port, username, password } = new URL(endpoint)
    if (username !== '' || password !== '' || !isAmong(hostname, [...SERVICES, ...hosts])) return false
    return (protocol === 'https:' && port === '') || (/^https?:$/.test(protocol) && LOOPBACK.test(hostname))
  }

  return {
    key: vapid.key,
    fault({ endpoint, keys }) {
      if (!isAllowed(endpoint)) return { pointer: '/endpoint', detail: 'is an https: URL of a known push service' }
      return areKeys(keys) ? undefined : { pointer: '/keys', detail: 'are those of a subscription: a point of P-256, and 16 bytes' }
    },
    isQuiet: ({ endpoint }) => URL.canParse(endpoint) && !isAmong(new URL(endpoint).hostname, APPLE),
    async send({ endpoint, keys }, payload) {
      if (!isAllowed(endpoint)) return 'gone'
      const url = new URL(endpoint)
      try {
        const headers = {
          'authorization': await vapid.header(url.origin),
          'content-encoding': 'aes128gcm',
          'content-type': 'application/octet-stream',
          'ttl': String(TTL_SECONDS),
          'topic': payload.chatId.replaceAll('-', ''),
          'urgency': payload.type === 'message' ? 'high' : 'normal',
        }
        const { status } = await post(url, headers, await seal(Buffer.from(JSON.stringify(presented(payload))), keys))
        if (status === 404 || status === 410) return 'gone'
        return status >= 200 && status < 300 ? 'sent' : 'failed'
      } catch {
        return 'failed'
      }
    },
  }
}

const presenters: { readonly [T in PushPayload['type']]: (payload: Extract<PushPayload, { type: T }>) => object } = {
  message: ({ chatId, seq, title, body, badge }) => ({
    type: 'message',
    chat_id: chatId,
    seq,
    title: title ?? null,
    body: body ?? null,
    badge,
    tag: chatId,
  }),
  read: ({ chatId, readSeq, badge }) => ({ type: 'read', chat_id: chatId, read_seq: readSeq, badge }),
}

const presented = (payload: PushPayload): object => presenters[payload.type](payload as never)
