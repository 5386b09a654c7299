import type { RequestListener } from 'node:http'
import type { Duration } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { problem } from '../wire/problems.ts'

export interface SheddingOptions {
  /** Requests under way, at most. */
  readonly atOnce?: number
  /** For how long one turn of the event loop takes requests, and how many it takes in any case: other programs may have had the processor. */
  readonly turnMs?: Duration
  readonly perTurn?: number
  readonly stopwatch: () => Duration
  readonly newId: () => string
  /** Is called for each request that is refused. */
  readonly onRefused?: () => void
}

const RETRY_AFTER_SECONDS = 1
/** Asked by who looks whether the process is alive, and how it is doing: most of all when it is overloaded. */
const NEVER_REFUSED = /^\/(livez|readyz|metrics)\b/

/**
 * Refuses what would only wait, before anything is spent on it: an answer that comes too late costs as much as one in time. It looks at two
 * queues. Requests under way are those that wait for the database. Those that wait for the processor show in the length of a turn of the event
 * loop, in which Node takes all requests that have arrived: past `turnMs` and `perTurn` the rest of the turn is refused.
 */
export function shedding(answer: RequestListener, options: SheddingOptions): RequestListener {
  const { atOnce = 1_000, turnMs = 15, perTurn = 64, stopwatch, newId, onRefused } = options
  let underWay = 0
  let turnBegan: Duration | undefined
  let taken = 0

  function isOverloaded(): boolean {
    if (underWay >= atOnce) return true
    const now = stopwatch()
    if (turnBegan === undefined) {
      turnBegan = now
      taken = 0
      setImmediate(() => {
        turnBegan = undefined
      })
    }
    return ++taken > perTurn && now - turnBegan > turnMs
  }

  return (request, response) => {
    if (NEVER_REFUSED.test(request.url ?? '')) return answer(request, response)
    if (isOverloaded()) {
      onRefused?.()
      return refuse(response, newId())
    }
    underWay++
    response.once('close', () => underWay--)
    answer(request, response)
  }
}

/** Made once: what a refusal costs is taken from the requests that are answered. A UUID stands where that of the request goes. */
const PLACE = '00000000-0000-0000-0000-000000000000'
const BODY = JSON.stringify(problem(new Refusal('overloaded'), PLACE))
const [BEFORE, AFTER] = BODY.split(PLACE) as [string, string]
const HEADERS: readonly string[] = Object.entries({
  'Content-Type': 'application/problem+json',
  'Content-Length': `${Buffer.byteLength(BODY)}`,
  'Cache-Control': 'no-store',
  'Retry-After': `${RETRY_AFTER_SECONDS}`,
  // Any page may read this much; which origins may call is not looked up for a request that is refused.
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Retry-After, X-Request-Id',
}).flat()

function refuse(response: Parameters<RequestListener>[1], requestId: string): void {
  response.writeHead(503, [...HEADERS, 'X-Request-Id', requestId])
  response.end(BEFORE + requestId + AFTER)
}
