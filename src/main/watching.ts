import type { Metrics } from '../adapters/metrics/metrics.ts'
import type { Watch } from '../application/ports/watch.ts'
import type { Logger } from './logging.ts'

/** Counts what happens, and logs failures of the relay. */
export const watching = ({ count, observe }: Pick<Metrics, 'count' | 'observe'>, log: Pick<Logger, 'warn'>): Watch => ({
  onDefect: (error) => log.warn({ err: error }, 'The relay met a failure; it tries again'),
  onDelivered({ kind }, outcome, { events, age }) {
    count('relay_attempts_total', { kind, outcome })
    count('relayed_events_total', { kind, outcome }, events)
    if (outcome === 'done' || outcome === 'moved') observe('relay_delay_seconds', { kind }, Math.max(0, age) / 1_000)
  },
  onGivenUp: ({ kind }) => count('relay_given_up_total', { kind }),
  onRepaired(outcome, events) {
    count('feed_repairs_total', { outcome })
    count('feed_repaired_events_total', {}, events)
  },
  onHeard: (age) => observe('delivery_delay_seconds', {}, age / 1_000),
  onResumed: (outcome) => count('resumes_total', { outcome }),
  onMail: (kind, outcome) => count('mails_total', { kind, outcome }),
})
