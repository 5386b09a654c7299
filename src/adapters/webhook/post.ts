import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { addressFault, guardedLookup, literalOf } from './addresses.ts'

/** An attempt has ended after so long, answered or not. */
const TIMEOUT_MS = 15_000
/** What is read of an answer, so that its connection can be used again. */
const READ_BYTES = 65_536
const READ_MS = 1_000
const SOCKETS = 64

const kept = { keepAlive: true, maxSockets: SOCKETS, maxFreeSockets: SOCKETS, scheduling: 'lifo' } as const

export interface Reply {
  readonly status: number
  readonly retryAfter: string | undefined
}

/** Sends requests over connections that it keeps. */
export interface Poster {
  /** Resolves with the status of the answer; redirects are not followed. Rejects if there is no answer in 15 seconds, or its address is not allowed. */
  post(url: URL, headers: Readonly<Record<string, string>>, body: string | Buffer): Promise<Reply>
  close(): void
}

export function poster(timeoutMs = TIMEOUT_MS): Poster {
  const [http, https] = [new HttpAgent(kept), new HttpsAgent(kept)]

  async function post(url: URL, headers: Readonly<Record<string, string>>, body: string | Buffer): Promise<Reply> {
    const literal = literalOf(url)
    const fault = literal && addressFault(literal, url.protocol)
    if (fault) throw new Error(`the URL ${fault}`)
    const signal = AbortSignal.timeout(timeoutMs)
    const given = { url, headers, body, signal }
    try {
      return await once(given)
    } catch (error) {
      if (signal.aborted) throw new Error(`no answer in ${timeoutMs / 1_000} s`, { cause: error })
      // A connection that the receiver has closed while it was not used.
      if ((error as { wasReused?: boolean }).wasReused) return once(given)
      throw error
    }
  }

  function once({ url, headers, body, signal }: Given): Promise<Reply> {
    const isHttps = url.protocol === 'https:'
    const lookup = guardedLookup(url.protocol)
    const options = { method: 'POST', signal, lookup, headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) } }
    return new Promise((resolve, reject) => {
      const request = isHttps ? requestHttps(url, { ...options, agent: https }) : requestHttp(url, { ...options, agent: http })
      request.on('error', (error) => reject(Object.assign(error, { wasReused: request.reusedSocket && !signal.aborted })))
      request.on('response', (response) => {
        resolve({ status: response.statusCode!, retryAfter: response.headers['retry-after'] })
        discard(response)
      })
      request.end(body)
    })
  }

  return {
    post,
    close() {
      http.destroy()
      https.destroy()
    },
  }
}

interface Given {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
  readonly signal: AbortSignal
}

/** Nobody reads the answer. A short one is let in, so that the connection can be used again; otherwise the connection is closed. */
function discard(response: IncomingMessage): void {
  let left = READ_BYTES
  const late = setTimeout(() => response.destroy(), READ_MS).unref()
  response.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) response.destroy()
  })
  response.on('error', () => undefined)
  response.on('close', () => clearTimeout(late))
}
