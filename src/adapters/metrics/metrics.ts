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
  gapTold(): void
  /** Takes what a commit told. */
  happened(events: readonly ChatEvent[]): void
  /** Shows a number that is read whenever somebody looks. */
  gauge(name: string, help: string, read: () => number): void
  /** In the text format of Prometheus. */
  render(): Promise<{ readonly type: string; readonly text: string }>
}

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

export function promMetrics(): Metrics {
  const own = new Registry()
  const registers = [own]
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Requests over HTTP, by operation and status',
    labelNames: ['operation', 'status'] as const,
    buckets: DURATIONS,
    registers,
  })
  const calls = new Histogram({
    name: 'chat_call_duration_seconds',
    help: 'Calls of the chat API, over HTTP and sockets alike, by name and outcome',
    labelNames: ['call', 'outcome'] as const,
    buckets: DURATIONS,
    registers,
  })
  const sockets = new Gauge({ name: 'ws_connections', help: 'Open sockets', registers })
  const closed = new Counter({
    name: 'ws_closed_total',
    help: 'Sockets that were closed, by code',
    labelNames: ['code'] as const,
    registers,
  })
  const gaps = new Counter({ name: 'ws_gaps_total', help: 'Gaps that slow readers were told of', registers })
  const commits = new Counter({ name: 'commits_total', help: 'Batches that were committed, of one event or more', registers })
  const sent = new Counter({ name: 'messages_sent_total', help: 'Messages that were committed, replays not counted', registers })
  const events = new Counter({ name: 'events_committed_total', help: 'Events of all kinds', labelNames: ['type'] as const, registers })

  return {
    requestAnswered: ({ operation, status, seconds }) => requests.observe({ operation, status }, seconds),
    called: ({ name, outcome, seconds }) => calls.observe({ call: name, outcome }, seconds),
    socketOpened: () => sockets.inc(),
    socketClosed(code) {
      sockets.dec()
      closed.inc({ code: isKnownCode(code) ? code : 'other' })
    },
    gapTold: () => gaps.inc(),
    happened(all) {
      commits.inc()
      const counts = new Map<string, number>()
      for (const { type } of all) counts.set(type, (counts.get(type) ?? 0) + 1)
      for (const [type, count] of counts) events.inc({ type }, count)
      const messages = counts.get('message.sent')
      if (messages !== undefined) sent.inc(messages)
    },
    gauge(name, help, read) {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read())
        },
      })
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
