import { BASE_PATH, routes } from '../../adapters/wire/routes.ts'
import type { Platform } from '../platform/platform.ts'
import type { Problem } from '../problems.ts'
import type { Call, Request } from './call.ts'
import { isProblem, localError, problemError } from './problem.ts'
import type { GetToken } from './tokens.ts'

const TIMEOUT = 30_000

type Needs = Pick<Platform, 'fetch' | 'later'> & {
  readonly url: string
  /** Ends all calls when it aborts. */
  readonly closed?: AbortSignal
}

/** Where the calls of a service are. */
export const baseOf = (url: string): string => url.replace(/\/+$/, '') + BASE_PATH

/** The address of a call below that. */
export function addressOf(path: string, params: NonNullable<Request['params']>, query: NonNullable<Request['query']>): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
  const search = given.length > 0 ? `?${new URLSearchParams(given)}` : ''
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  return (address === '/' ? '' : address) + search
}

/** Calls with a token or without. They reject with a `ProblemError`, or with the reason of the signal. */
export function openCalls({ url, fetch, later, closed }: Needs, token?: string): Call {
  const base = baseOf(url)

  return async <T>(operation: Parameters<Call>[0], { params = {}, query = {}, body, signal }: Request = {}): Promise<T> => {
    const { method, path } = typeof operation === 'string' ? routes[operation] : operation
    const headers: Record<string, string> = { accept: 'application/json' }
    if (body !== undefined) headers['content-type'] = 'application/json'
    if (token !== undefined) headers['authorization'] = `Bearer ${token}`

    closed?.throwIfAborted()
    const over = new AbortController()
    const close = () => over.abort(closed!.reason)
    closed?.addEventListener('abort', close)
    const stop = later(TIMEOUT, () => over.abort(localError('timeout', 'No answer in time')))
    const both = signal ? AbortSignal.any([signal, over.signal]) : over.signal
    try {
      const init: RequestInit = { method: method.toUpperCase(), headers, signal: both, credentials: 'omit' }
      if (body !== undefined) init.body = JSON.stringify(body)
      const response = await fetch(base + addressOf(path, params, query), init)
      const text = await response.text()
      if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as T
      throw problemError(readProblem(text, response.status))
    } catch (error) {
      signal?.throwIfAborted()
      over.signal.throwIfAborted()
      if (isProblem(error)) throw error
      throw localError('network', 'The service cannot be reached')
    } finally {
      stop()
      closed?.removeEventListener('abort', close)
    }
  }
}

/** Authenticated calls. One whose token is refused is repeated once with another. */
export function signedCalls(needs: Needs, getToken: GetToken): Call {
  return async (operation, request = {}) => {
    needs.closed?.throwIfAborted()
    const token = await getToken(undefined, request.signal)
    const call = (own: string) => openCalls(needs, own)
    try {
      return await call(token)(operation, request)
    } catch (error) {
      if (!isProblem(error) || (error.code !== 'token-expired' && error.code !== 'unauthenticated')) throw error
      return await call(await getToken({ token, reason: 'refused' }, request.signal))(operation, request)
    }
  }
}

/** A proxy may answer in a form of its own. */
export function readProblem(text: string, status: number): Problem {
  try {
    const told: unknown = JSON.parse(text)
    if (typeof told === 'object' && told !== null && 'code' in told) return { status, ...told } as Problem
  } catch {
    // No JSON: the status is all there is.
  }
  return { type: 'about:blank', title: `The service answered ${status}`, status, code: 'unreadable', request_id: '' }
}
