import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { parsed, written } from '../../../src/adapters/tracing/context.ts'
import { otlpTracer } from '../../../src/adapters/tracing/otlp.ts'
import { listening } from '../../support/http-server.ts'

interface Sent {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly { readonly key: string }[]
  readonly status: { readonly code?: number; readonly message?: string }
}

/** A collector, and a tracer that sends to it. */
async function collected(given: { ratio?: number; status?: number; until?: Promise<void> } = {}) {
  const under = { way: 0, most: 0 }
  const spans: Sent[] = []
  const warnings: string[] = []
  const collector = await listening(
    createServer(async (request, response) => {
      let text = ''
      for await (const part of request) text += String(part)
      expect(request.url).toBe('/v1/traces')
      under.most = Math.max(under.most, ++under.way)
      await given.until
      under.way--
      const { resourceSpans } = JSON.parse(text) as { resourceSpans: { scopeSpans: { spans: Sent[] }[] }[] }
      spans.push(...resourceSpans[0]!.scopeSpans[0]!.spans)
      response.writeHead(given.status ?? 200).end('{}')
    }),
  )
  let now = 0
  const tracer = otlpTracer({
    endpoint: `${collector.url}/`,
    service: 'test',
    version: '1',
    ratio: given.ratio ?? 1,
    clock: () => 1_893_456_000_000,
    stopwatch: () => (now += 1.5),
    random: () => 0.5,
    warn: (message) => void warnings.push(message),
  })
  const end = async () => {
    await tracer.close()
    await collector.close()
  }
  return { tracer, spans, warnings, under, end }
}

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

describe('traces', () => {
  it('go on from the traceparent of a request, and nest', async () => {
    const { tracer, spans, end } = await collected()
    let inner = ''
    await tracer.span('request', { kind: 'server', parent: PARENT }, async (told) => {
      told.rename('GET getMe')
      told.set({ status: 200, name: 'ann', isOk: true, nothing: undefined })
      await tracer.span('getMe', {}, async ({ traceparent }) => void (inner = traceparent))
    })
    await end()
    const [call, request] = spans as [Sent, Sent]
    expect(request).toMatchObject({
      traceId: PARENT.slice(3, 35),
      parentSpanId: 'b7ad6b7169203331',
      name: 'GET getMe',
      kind: 2,
      status: {},
    })
    expect(request.attributes.map(({ key }) => key)).toEqual(['status', 'name', 'isOk'])
    expect(call).toMatchObject({ traceId: request.traceId, parentSpanId: request.spanId, name: 'getMe', kind: 1 })
    expect(inner).toBe(`00-${call.traceId}-${call.spanId}-01`)
    expect(BigInt(call.endTimeUnixNano) - BigInt(call.startTimeUnixNano)).toBe(1_500_000n)
  })

  it('wait, so many at most, while the collector takes its time, and go in one request at a time', async () => {
    const answer = Promise.withResolvers<void>()
    const { tracer, spans, under, end } = await collected({ until: answer.promise })
    for (let i = 0; i < 10_000; i++) await tracer.span(`span ${i}`, {}, async () => {})
    answer.resolve()
    await end()
    expect(spans.length).toBeLessThanOrEqual(512 + 4_096)
    expect(spans.length).toBeGreaterThan(4_000)
    expect(under.most).toBe(1)
  })

  it('tell of failures by their code only, and pass them on', async () => {
    const { tracer, spans, end } = await collected()
    const failing = (error: Error) => tracer.span('call', {}, () => Promise.reject(error))
    await expect(failing(Object.assign(new Error('secret words'), { code: 'chat-not-found' }))).rejects.toThrow('secret words')
    await expect(failing(new Error('secret words'))).rejects.toThrow('secret words')
    await end()
    expect(spans.map(({ status }) => status)).toEqual([
      { code: 2, message: 'chat-not-found' },
      { code: 2, message: 'defect' },
    ])
    expect(JSON.stringify(spans)).not.toContain('secret')
  })

  it('are kept by share, and as the caller decided', async () => {
    const { tracer, spans, end } = await collected({ ratio: 0.4 })
    const told: string[] = []
    const work = async ({ traceparent }: { traceparent: string }) => void told.push(traceparent.slice(-2))
    await tracer.span('left out', { kind: 'server' }, work)
    await tracer.span('wanted', { kind: 'server', parent: PARENT }, work)
    await tracer.span('not wanted', { kind: 'server', parent: `${PARENT.slice(0, -2)}00` }, work)
    await end()
    expect(spans.map(({ name }) => name)).toEqual(['wanted'])
    expect(told).toEqual(['00', '01', '00'])
  })

  it('are lost when the collector does not take them, which is told once', async () => {
    const { tracer, warnings, end } = await collected({ status: 500 })
    for (let i = 0; i < 600; i++) await tracer.span('call', {}, async () => undefined)
    await end()
    expect(warnings).toHaveLength(1)
  })

  it.each([
    '',
    'x',
    PARENT.replace('00-', 'ff-'),
    `${PARENT}-more`,
    PARENT.replace('b7ad6b7169203331', '0'.repeat(16)),
    PARENT.replace('0af7651916cd43dd8448eb211c80319c', '0'.repeat(32)),
    PARENT.toUpperCase(),
  ])('begin anew where the traceparent is none: %s', (header) => {
    expect(parsed(header)).toBeUndefined()
    expect(written(parsed(PARENT)!)).toBe(PARENT)
  })
})
