import type { Outcome, Range, Sink } from '../../application/ports/sink.ts'
import type { Instant } from '../../domain/ids.ts'
import { presentAnyEvent } from '../wire/present/events.ts'
import { presentTime } from '../wire/present/time.ts'
import type { Poster } from './post.ts'
import type { HookSecrets } from './secrets.ts'

/** What the consumer of a webhook has in its settings. */
export interface HookSettings {
  readonly url: string
  /** Counts the rotations of the secret. */
  readonly secret: number
  readonly rotatedAt?: Instant | undefined
}

/** The secret before the last rotation signs too. */
const BOTH_FOR_MS = 86_400_000

interface Needs {
  readonly poster: Pick<Poster, 'post'>
  readonly secrets: Pick<HookSecrets, 'sign'>
  readonly clock: () => Instant
  readonly userAgent: string
}

/** Posts ranges to the address of a webhook, signed by the scheme of Standard Webhooks. */
export function webhookSink({ poster, secrets, clock, userAgent }: Needs): Sink {
  async function deliver({ consumer, epoch, chatId, from, to, events }: Range): Promise<Outcome> {
    const { url, secret, rotatedAt } = consumer.settings.own as unknown as HookSettings
    const now = clock()
    const timestamp = Math.floor(now / 1_000)
    const data = { epoch, chat_id: chatId, events: events.map(presentAnyEvent) }
    const body = JSON.stringify({ type: 'chat.events', timestamp: presentTime(now), data })
    const id = `${consumer.id}.${epoch}.${chatId}.${from}-${to}`
    const numbers = rotatedAt !== undefined && now - rotatedAt < BOTH_FOR_MS ? [secret, secret - 1] : [secret]
    try {
      const { status, retryAfter } = await poster.post(
        new URL(url),
        {
          'content-type': 'application/json',
          'user-agent': userAgent,
          'webhook-id': id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': secrets.sign({ hookId: consumer.id, id, timestamp, body }, numbers),
        },
        body,
      )
      if (status >= 200 && status < 300) return { is: 'done' }
      if (status === 410) return { is: 'gone', error: 'answered 410' }
      return { is: 'again', error: `answered ${status}`, asked: askedFor(retryAfter, now) }
    } catch (error) {
      return { is: 'again', error: (error as Error).message }
    }
  }
  return { deliver, givesUp: true }
}

/** `Retry-After` (RFC 9110 §10.2.3): seconds, or a date. */
function askedFor(retryAfter: string | undefined, now: Instant): number | undefined {
  if (retryAfter === undefined) return undefined
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * 1_000
  const at = Date.parse(retryAfter)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
