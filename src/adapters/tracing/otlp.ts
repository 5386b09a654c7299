import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import { type Context, parsed, written } from './context.ts'
import type { Attributes, Span, SpanOptions, Tracer } from './tracer.ts'

const AT_ONCE = 512
/** Spans that wait, at most; more are dropped. */
const WAITING = 4_096
const EVERY_MS = 5_000
const TIMEOUT_MS = 10_000
const KINDS = { internal: 1, server: 2, client: 3 } as const
const FAILED = 2

export interface OtlpOptions {
  /** Spans are posted to `/v1/traces` below it. */
  readonly endpoint: string
  readonly service: string
  readonly version: string
  /** The share of traces that are kept, from 0 to 1, where the caller does not say. */
  readonly ratio: number
  /** Epoch milliseconds. */
  readonly clock: () => number
  /** Milliseconds, with fractions. */
  readonly stopwatch: () => number
  readonly random: () => number
  readonly warn: (message: string) => void
}

interface Ended {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly object[]
  readonly status: { readonly code?: number; readonly message?: string }
}

/**
 * Posts spans to a collector of OpenTelemetry as OTLP in JSON, a few seconds later and many at once. What the collector does not take is lost; the
 * service never waits for it. Needs no package.
 */
export function otlpTracer(options: OtlpOptions): Tracer {
  const { ratio, clock, stopwatch, random } = options
  const present = new AsyncLocalStorage<Context>()
  const outbox = posting(options)

  function contextOf(parent: Context | undefined): Context {
    const isSampled = parent?.isSampled ?? random() < ratio
    return { traceId: parent?.traceId ?? hex(16), spanId: hex(8), isSampled }
  }

  async function span<T>(name: string, { kind = 'internal', parent }: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
    const above = kind === 'server' ? parsed(parent) : present.getStore()
    const context = contextOf(above)
    const [at, start] = [clock(), stopwatch()]
    let named = name
    let attributes: Attributes = {}
    let failure: string | undefined
    const told: Span = {
      traceparent: written(context),
      set: (more) => void (attributes = { ...attributes, ...more }),
      rename: (other) => void (named = other),
      fail: (code) => void (failure = code),
    }
    try {
      return await present.run(context, () => work(told))
    } catch (error) {
      failure ??= codeOf(error)
      throw error
    } finally {
      if (context.isSampled)
        outbox.take({
          traceId: context.traceId,
          spanId: context.spanId,
          ...(above && { parentSpanId: above.spanId }),
          name: named,
          kind: KINDS[kind],
          startTimeUnixNano: nanoseconds(at),
          endTimeUnixNano: nanoseconds(at + (stopwatch() - start)),
          attributes: listed(attributes),
          status: failure === undefined ? {} : { code: FAILED, message: failure },
        })
    }
  }
  return { span, close: outbox.close }
}

const hex = (bytes: number) => randomBytes(bytes).toString('hex')
const nanoseconds = (ms: number) => `${BigInt(Math.round(ms * 1_000)) * 1_000n}`
/** The code of a refusal; of a defect nothing, since its message may hold what a user wrote. */
const codeOf = (error: unknown) => (error as { readonly code?: unknown } | undefined)?.code?.toString().slice(0, 64) ?? 'defect'

const listed = (attributes: Attributes): object[] =>
  Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value: valued(value) }]))
const valued = (value: string | number | boolean) =>
  typeof value === 'string' ? { stringValue: value } : typeof value === 'boolean' ? { boolValue: value } : { doubleValue: value }

/** Gathers spans, and posts them now and then. */
function posting({ endpoint, service, version, warn }: OtlpOptions) {
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`
  const resource = { attributes: listed({ 'service.name': service, 'service.version': version }) }
  const waiting: Ended[] = []
  let isTroubled = false
  let sending: Promise<void> | undefined

  async function post(spans: readonly Ended[]): Promise<void> {
    const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'windi-chat', version }, spans }] }] })
    const headers = { 'content-type': 'application/json' }
    try {
      const { ok, status } = await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) })
      if (!ok) throw new Error(`it answers ${status}`)
      isTroubled = false
    } catch (error) {
      if (!isTroubled) warn(`Traces are lost, since the collector does not take them: ${(error as Error).message}`)
      isTroubled = true
    }
  }
  /** One request at a time: a collector that is slow makes spans wait, and one that fails is asked again the next time. */
  async function send(): Promise<void> {
    do await post(waiting.splice(0, AT_ONCE))
    while (waiting.length > 0 && !isTroubled)
  }
  async function flush(): Promise<void> {
    if (waiting.length > 0) sending ??= send().finally(() => void (sending = undefined))
    await sending
  }
  const timer = setInterval(() => void flush(), EVERY_MS).unref()
  return {
    take(span: Ended) {
      if (waiting.length < WAITING) waiting.push(span)
      if (waiting.length === AT_ONCE && !sending) void flush()
    },
    async close() {
      clearInterval(timer)
      await flush()
    },
  }
}
