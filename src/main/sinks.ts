import type { Metrics } from '../adapters/metrics/metrics.ts'
import { sealing } from '../adapters/push/sealing.ts'
import { vapid } from '../adapters/push/vapid.ts'
import { webPush } from '../adapters/push/web-push.ts'
import type { Tracer } from '../adapters/tracing/tracer.ts'
import { urlFault } from '../adapters/webhook/addresses.ts'
import { type Poster, poster } from '../adapters/webhook/post.ts'
import { hookSecrets } from '../adapters/webhook/secrets.ts'
import { webhookSink } from '../adapters/webhook/sink.ts'
import type { ConsumerKind } from '../application/ports/consumers.ts'
import type { Ports } from '../application/ports/ports.ts'
import type { Push } from '../application/ports/push.ts'
import type { Sink } from '../application/ports/sink.ts'
import type { Config } from './config.ts'
import { secretsOf } from './secret.ts'
import { version } from './version.ts'

const PUSH_TIMEOUT_MS = 10_000
/** Push services want to know whom to write to. */
const NO_CONTACT = 'mailto:nobody@localhost'

interface Needs extends Pick<Ports, 'clock'> {
  readonly config: Config
  readonly secret: string
  readonly metrics: Pick<Metrics, 'count'>
  readonly tracer?: Tracer | undefined
  readonly closing: (close: () => Promise<unknown>) => void
}

/** Where the events of consumers go that are no functions of this process. */
export function sinksFor({ config, secret, clock, metrics, tracer, closing }: Needs): Pick<Ports, 'sinks' | 'hooks' | 'push'> {
  const secrets = hookSecrets(secretsOf(secret))
  const post = poster()
  closing(async () => post.close())
  const sinks: Partial<Record<ConsumerKind, Sink>> = {
    hook: webhookSink({ poster: tracer ? tracing(post, tracer) : post, secrets, clock, userAgent: `windi-chat/${version}` }),
  }
  const pushPost = poster(PUSH_TIMEOUT_MS)
  closing(async () => pushPost.close())
  const { seal, close } = sealing()
  closing(close)
  const contact = config.pushContact ?? (config.publicUrl?.startsWith('https:') ? config.publicUrl : NO_CONTACT)
  const keys = vapid({ secret: secretsOf(secret)[0]!, contact, clock })
  return {
    push: counted(webPush({ vapid: keys, hosts: config.pushHosts, seal, post: pushPost.post }), metrics),
    sinks: ({ kind }) => sinks[kind],
    hooks: { fault: urlFault, secret: secrets.text },
  }
}

const counted = (push: Push, { count }: Pick<Metrics, 'count'>): Push => ({
  ...push,
  async send(device, payload) {
    const outcome = await push.send(device, payload)
    count('pushes_total', { type: payload.type, outcome })
    return outcome
  },
})

/** The same with a span around each request, which tells its receiver where it belongs. */
const tracing = ({ post }: Pick<Poster, 'post'>, { span }: Tracer): Pick<Poster, 'post'> => ({
  post: (url, headers, body) =>
    span('POST webhook', { kind: 'client' }, async (told) => {
      told.set({ 'server.address': url.hostname, 'http.request.method': 'POST' })
      const reply = await post(url, { ...headers, traceparent: told.traceparent }, body)
      told.set({ 'http.response.status_code': reply.status })
      return reply
    }),
})
