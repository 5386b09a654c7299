import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { ChatEvent } from '../../domain/event.ts'
import { DURATIONS, type LabelsOf, type MetricName, metricNames, type NamesOf, PREFIX, rowOf } from './table.ts'

/** What is counted of a server, for Prometheus. No label holds anything that a user chose. */
export interface Metrics {
  /** A request over HTTP, by the name of its operation. */
  requestAnswered(request: { readonly operation: string; readonly status: number; readonly seconds: number }): void
  /** A call of the API from whatever driver: how it ended is `ok`, the code of a refusal, or `defect`. */
  called(call: { readonly name: string; readonly outcome: string; readonly seconds: number }): void
  socketOpened(): void
  socketClosed(code: number): void
  /** A reader was so slow that events were dropped, and was told of the gap. */
  gapSent(): void
  /** Takes what a commit told. */
  happened(events: readonly ChatEvent[]): void
  /** A change of a chat's log was answered, after this long with what it waited for others. */
  changed(seconds: number): void
  /** A request or a connection was refused before it reached the API: by the code of the refusal. */
  refused(code: string): void
  /** A chore ran, and how it ended. */
  choreRan(chore: string, outcome: 'ok' | 'failed'): void
  /** Adds to a counter. */
  count<N extends NamesOf<'counter'>>(name: N, labels: Readonly<Record<LabelsOf<N>, string>>, by?: number): void
  observe<N extends NamesOf<'histogram'>>(name: N, labels: Readonly<Record<LabelsOf<N>, string>>, value: number): void
  /** Shows a number that is read whenever somebody looks. One that cannot be read is shown as NaN. */
  gauge(name: NamesOf<'gauge'>, read: () => number | Promise<number>): void
  /** Shows a number for each of some labels. */
  gauges<N extends NamesOf<'gauge'>>(name: N, read: () => Iterable<readonly [Readonly<Record<LabelsOf<N>, string>>, number]>): void
  /** Shows facts that stay the same. */
  info<N extends NamesOf<'gauge'>>(name: N, facts: Readonly<Record<LabelsOf<N>, string>>): void
  /** In the text format of Prometheus. */
  render(): Promise<{ readonly type: string; readonly text: string }>
}

/** Memory, processor time, garbage and how late the event loop is: of the process, however many servers run in it. */
let ofProcess: Registry | undefined

function processRegistry(): Registry {
  if (!ofProcess) {
    ofProcess = new Registry()
    collectDefaultMetrics({ register: ofProcess })
  }
  return ofProcess
}

/** Instruments by the rows of the table. Counters and histograms are shown from the start, gauges once they are fed. */
function instruments(registers: [Registry]) {
  const basics = (name: MetricName) => {
    const { help, labels = [] } = rowOf(name)
    return { name: PREFIX + name, help, labelNames: labels, registers }
  }
  const made = new Map<string, unknown>()
  for (const name of metricNames) {
    const { kind, buckets = DURATIONS } = rowOf(name)
    if (kind === 'counter') made.set(name, new Counter(basics(name)))
    if (kind === 'histogram') made.set(name, new Histogram({ ...basics(name), buckets: [...buckets] }))
  }
  return {
    counter: (name: NamesOf<'counter'>) => made.get(name) as Counter,
    histogram: (name: NamesOf<'histogram'>) => made.get(name) as Histogram,
    gauge(name: NamesOf<'gauge'>, collect: (gauge: Gauge) => void | Promise<void> = () => {}): Gauge {
      return new Gauge({
        ...basics(name),
        collect() {
          return collect(this)
        },
      })
    },
  }
}

export function promMetrics(): Metrics {
  const own = new Registry()
  const { counter, gauge, histogram } = instruments([own])
  const [sockets, choreEnds] = [gauge('ws_connections'), gauge('chore_last_success_timestamp_seconds')]
  const refusals = counter('refusals_total')
  return {
    changed: (seconds) => histogram('change_duration_seconds').observe(seconds),
    refused: (code) => refusals.inc({ code }),
    choreRan(chore, outcome) {
      counter('chores_total').inc({ chore, outcome })
      if (outcome === 'ok') choreEnds.setToCurrentTime({ chore })
    },
    requestAnswered: ({ operation, status, seconds }) => histogram('http_request_duration_seconds').observe({ operation, status }, seconds),
    called({ name, outcome, seconds }) {
      histogram('call_duration_seconds').observe({ call: name, outcome }, seconds)
      if (outcome !== 'ok' && outcome !== 'defect') refusals.inc({ code: outcome })
    },
    socketOpened: () => sockets.inc(),
    socketClosed(code) {
      sockets.dec()
      counter('ws_closed_total').inc({ code: isKnownCode(code) ? code : 'other' })
    },
    gapSent: () => counter('ws_gaps_total').inc(),
    happened(all) {
      counter('commits_total').inc()
      histogram('commit_events').observe(all.length)
      const counts = new Map<string, number>()
      for (const { type } of all) counts.set(type, (counts.get(type) ?? 0) + 1)
      for (const [type, count] of counts) counter('events_committed_total').inc({ type }, count)
      const messages = counts.get('message.sent')
      if (messages !== undefined) counter('messages_sent_total').inc(messages)
    },
    count: (name, labels, by = 1) => counter(name).inc(labels, by),
    observe: (name, labels, value) => histogram(name).observe(labels, value),
    gauge(name, read) {
      gauge(name, async (one) =>
        one.set(
          await Promise.resolve()
            .then(read)
            .catch(() => Number.NaN),
        ),
      )
    },
    gauges(name, read) {
      gauge(name, (one) => {
        one.reset()
        for (const [labels, value] of read()) one.set(labels, value)
      })
    },
    info: (name, facts) => gauge(name).set(facts, 1),
    async render() {
      const all = Registry.merge([own, processRegistry()])
      return { type: all.contentType, text: await all.metrics() }
    },
  }
}

/** A client may close with any code from 3000 to 4999: those that are not ours would be as many labels. */
const isKnownCode = (code: number) =>
  (code >= 1_000 && code <= 1_015) || (code >= 4_000 && code <= 4_009) || [4_029, 4_400, 4_401, 4_403, 4_409].includes(code)
