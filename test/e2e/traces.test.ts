import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, it } from 'vitest'
import { windiChat } from '../support/command.ts'
import { httpClient } from '../support/http-client.ts'
import { listening } from '../support/http-server.ts'
import { startService } from '../support/service.ts'
import { eventually } from '../support/waiting.ts'

interface Told {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
}

const TRACE = '0af7651916cd43dd8448eb211c80319c'

it('a request’s trace goes on in the service and to the receivers of webhooks', { timeout: 60_000 }, async () => {
  const spans: Told[] = []
  const texts: string[] = []
  const collector = await listening(
    createServer(async (request, response) => {
      let text = ''
      for await (const part of request) text += String(part)
      texts.push(text)
      spans.push(...(JSON.parse(text) as { resourceSpans: { scopeSpans: { spans: Told[] }[] }[] }).resourceSpans[0]!.scopeSpans[0]!.spans)
      response.end('{}')
    }),
  )
  const received: (string | string[] | undefined)[] = []
  const receiver = createServer((request, response) => {
    received.push(request.headers.traceparent)
    response.end()
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const { port } = receiver.address() as { port: number }
  const service = await startService({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } })
  await windiChat(service.folder, ['hook', 'create', `http://127.0.0.1:${port}/`])
  const http = httpClient(service.url)
  const ann = await http.register('Ann')
  const headers = { traceparent: `00-${TRACE}-b7ad6b7169203331-01` }
  const group = { kind: 'group', name: 'words of somebody' }
  expect((await http.call('post', '/chats', { token: ann.token, body: group, headers })).status).toBe(201)
  await eventually(() => expect(received).not.toEqual([]), { timeoutMs: 20_000 })
  await service.stop()
  receiver.close()
  await collector.close()
  const request = spans.find(({ name, traceId }) => name === 'POST createChat' && traceId === TRACE)
  expect(request?.parentSpanId).toBe('b7ad6b7169203331')
  expect(spans.find(({ name }) => name === 'createGroup')).toMatchObject({ traceId: TRACE, parentSpanId: request!.spanId })
  const hook = spans.find(({ name, spanId }) => name === 'POST webhook' && String(received[0]).includes(spanId))
  expect(received[0]).toBe(`00-${hook?.traceId}-${hook?.spanId}-01`)
  for (const secret of ['words of somebody', ann.token, ann.password]) expect(texts.join('')).not.toContain(secret)
})
