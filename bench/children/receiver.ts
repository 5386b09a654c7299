import { createServer } from 'node:http'
import { listening } from '../../test/support/http-server.ts'
import { answering } from '../measure/child.ts'
import { quantile } from '../measure/statistics.ts'

/** What webhooks and pushes are sent to: answers at once, and counts. */
export interface Received {
  /** Events and pushes. */
  readonly count: number
  /** From the first request to the last. */
  readonly ms: number
  /** Of the ages of events when they came. */
  readonly p50: number
  readonly p99: number
}

let [count, firstAt, lastAt] = [0, 0, 0]
let ages: number[] = []

function take(isPush: boolean, body: Buffer): void {
  lastAt = performance.now()
  if (count === 0) firstAt = lastAt
  const events = isPush ? undefined : (JSON.parse(body.toString()) as { data: { events: readonly { at: string }[] } }).data.events
  count += events?.length ?? 1
  const now = Date.now()
  for (const { at } of events ?? []) ages.push(now - Date.parse(at))
}

answering({
  async start() {
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      response.writeHead(201).end()
      take(request.url!.startsWith('/push'), Buffer.concat(chunks))
    })
    return (await listening(server)).url
  },
  clear() {
    ;[count, firstAt, lastAt] = [0, 0, 0]
    ages = []
  },
  received(): Received {
    const sorted = Float64Array.from(ages).sort()
    return { count, ms: lastAt - firstAt, p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) }
  },
})
