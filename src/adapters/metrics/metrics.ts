import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { ChatEvent } from '../../domain/event.ts'

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
  /** Events were delivered to a consumer, or not: by the kind of the consumer. */
  relayed(delivery: { readonly kind: string; readonly outcome: string; readonly events: number }): void
  /** Shows a number that is read whenever somebody looks. */
  gauge(name: string, help: string, read: () => number): void
  /** Shows facts that stay the same. */
  info(name: string, help: string, facts: Readonly<Record<string, string>>): void
  /** In the text format of Prometheus. */
  render(): Promise<{ readonly type: string; readonly text: string }>
}

/** Of all that is not of the process or of Node itself. */
const PREFIX = 'windi_chat_'
const BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256]
const DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Memory, processor time, garbage and how late the event loop is: of the process, however many servers run in it. */
let ofProcess: Registry | undefined

function processRegistry(): Registry {
  if (!ofProcess) {
    ofProcess = new Registry()
    collectDefaultMetrics({ register: ofProcess })
  }
  return ofProcess
}

function instruments(registers: [Registry]) {
  const requests = new Histogram({
    name: `${PREFIX}http_request_duration_seconds`,
    help: 'Requests over HTTP, by operation and status',
    labelNames: ['operation', 'status'] as const,
    buckets: DURATIONS,
    registers,
  })
  const calls = new Histogram({
    name: `${PREFIX}call_duration_seconds`,
    help: 'Calls of the chat API, over HTTP and sockets alike, by name and outcome',
    labelNames: ['call', 'outcome'] as const,
    buckets: DURATIONS,
    registers,
  })
  const sockets = new Gauge({ name: `${PREFIX}ws_connections`, help: 'Open sockets', registers })
  const closed = new Counter({
    name: `${PREFIX}ws_closed_total`,
    help: 'Sockets that were closed, by code',
    labelNames: ['code'] as const,
    registers,
  })
  const gaps = new Counter({ name: `${PREFIX}ws_gaps_total`, help: 'Gaps that slow readers were told of', registers })
  const commits = new Counter({ name: `${PREFIX}commits_total`, help: 'Batches that were committed, of one event or more', registers })
  const sent = new Counter({ name: `${PREFIX}messages_sent_total`, help: 'Messages that were committed, replays not counted', registers })
  const events = new Counter({
    name: `${PREFIX}events_committed_total`,
    help: 'Events of all kinds',
    labelNames: ['type'] as const,
    registers,
  })
  const refusals = new Counter({
    name: `${PREFIX}refusals_total`,
    help: 'Refusals by their code, of calls and of what was refused before it became one',
    labelNames: ['code'] as const,
    registers,
  })
  const sizes = new Histogram({ name: `${PREFIX}commit_events`, help: 'Events in one commit', buckets: BATCHES, registers })
  const changes = new Histogram({
    name: `${PREFIX}change_duration_seconds`,
    help: 'From asking for a change to its commit or refusal',
    buckets: DURATIONS,
    registers,
  })
  const chores = new Counter({
    name: `${PREFIX}chores_total`,
    help: 'Rounds of what is done now and then',
    labelNames: ['chore', 'outcome'] as const,
    registers,
  })
  const relayed = new Counter({
    name: `${PREFIX}relayed_events_total`,
    help: 'Events that the relay delivered to consumers or could not deliver, by the kind of the consumer and the outcome of the attempt',
    labelNames: ['kind', 'outcome'] as const,
    registers,
  })
  return { requests, calls, sockets, closed, gaps, commits, sent, events, refusals, sizes, changes, chores, relayed }
}

export function promMetrics(): Metrics {
  const own = new Registry()
  const registers: [Registry] = [own]
  const { requests, calls, sockets, closed, gaps, commits, sent, events, refusals, sizes, changes, chores, relayed } =
    instruments(registers)
  return {
    relayed: ({ kind, outcome, events: count }) => relayed.inc({ kind, outcome }, count),
    changed: (seconds) => changes.observe(seconds),
    refused: (code) => refusals.inc({ code }),
    choreRan: (chore, outcome) => chores.inc({ chore, outcome }),
    requestAnswered: ({ operation, status, seconds }) => requests.observe({ operation, status }, seconds),
    called({ name, outcome, seconds }) {
      calls.observe({ call: name, outcome }, seconds)
      if (outcome !== 'ok' && outcome !== 'defect') refusals.inc({ code: outcome })
    },
    socketOpened: () => sockets.inc(),
    socketClosed(code) {
      sockets.dec()
      closed.inc({ code: isKnownCode(code) ? code : 'other' })
    },
    gapSent: () => gaps.inc(),
    happened(all) {
      commits.inc()
      sizes.observe(all.length)
      const counts = new Map<string, number>()
      for (const { type } of all) counts.set(type, (counts.get(type) ?? 0) + 1)
      for (const [type, count] of counts) events.inc({ type }, count)
      const messages = counts.get('message.sent')
      if (messages !== undefined) sent.inc(messages)
    },
    gauge(name, help, read) {
      new Gauge({
        name: PREFIX + name,
        help,
        registers,
        collect() {
          this.set(read())
        },
      })
    },
    info(name, help, facts) {
      new Gauge({ name: PREFIX + name, help, labelNames: Object.keys(facts), registers }).set(facts, 1)
    },
    async render() {
      const all = Registry.merge([own, processRegistry()])
      return { type: all.contentType, text: await all.metrics() }
    },
  }
}

/** A client may close with any code from 3000 to 4999: those that are not ours would be as many labels. */
const isKnownCode = (code: number) =>
  (code >= 1_000 && code <= 1_015) || (code >= 4_000 && code <= 4_009) || [4_029, 4_400, 4_401, 4_403, 4_409].includes(code)
