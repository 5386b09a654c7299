import type { Route } from '../../adapters/wire/routes/route.ts'
import type { Request } from '../calls/call.ts'
import { addressOf, baseOf, readProblem } from '../calls/http.ts'
import { isProblem, localError, problemError } from '../calls/problem.ts'
import type { Inside } from '../types.ts'

const TIMEOUT = 60_000

export interface RawRequest extends Pick<Request, 'params' | 'query'> {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Blob | undefined
  readonly signal: AbortSignal
}

export interface RawAnswer {
  readonly text: string
  header(name: string): string | undefined
}

export type RawCall = (route: Route, request: RawRequest) => Promise<RawAnswer>

/** Calls with bytes as their body, or with headers to read. They reject as all calls do. */
export function rawCalls({ url, platform: { fetch, later }, getToken, over }: Inside): RawCall {
  async function ask(token: string, { method, path }: Route, request: RawRequest): Promise<RawAnswer> {
    const { params = {}, query = {}, headers, body } = request
    const late = new AbortController()
    const stop = later(TIMEOUT, () => late.abort(localError('timeout', 'No answer in time')))
    const signal = AbortSignal.any([request.signal, over.signal, late.signal])
    try {
      const init: RequestInit = {
        method: method.toUpperCase(),
        headers: { ...headers, authorization: `Bearer ${token}` },
        signal,
        credentials: 'omit',
      }
      if (body) init.body = body
      const response = await fetch(baseOf(url) + addressOf(path, params, query), init)
      const text = await response.text()
      if (response.ok) return { text, header: (name) => response.headers.get(name) ?? undefined }
      throw problemError(readProblem(text, response.status))
    } catch (error) {
      signal.throwIfAborted()
      if (isProblem(error)) throw error
      throw localError('network', 'The service cannot be reached')
    } finally {
      stop()
    }
  }

  return async (route, request) => {
    const token = await getToken(undefined, request.signal)
    try {
      return await ask(token, route, request)
    } catch (error) {
      if (!isProblem(error) || error.status !== 401) throw error
      return await ask(await getToken({ token, reason: 'refused' }, request.signal), route, request)
    }
  }
}
