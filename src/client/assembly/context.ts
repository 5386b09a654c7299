import { createAuth, memorySessionStore } from '../calls/auth.ts'
import { type Call } from '../calls/call.ts'
import { signedCalls } from '../calls/http.ts'
import { type GetToken, tokensOfAuth, tokensOfSource } from '../calls/tokens.ts'
import { isAuth, isSession } from '../platform/check.ts'
import { type Emit, events } from '../platform/events.ts'
import { type Platform, platformOf } from '../platform/platform.ts'
import { pausableTimers, type Timers } from '../platform/timers.ts'
import type { Auth, ChatClient, ChatOptions } from '../types.ts'

/** What all parts of a client share. */
export interface Context {
  readonly options: ChatOptions
  readonly platform: Platform
  /** Timers of work that stands still while the client is stopped. */
  readonly timers: Timers
  readonly emit: Emit
  readonly on: ChatClient['on']
  /** Aborts when the client is closed. */
  readonly over: AbortController
  /** Undefined where tokens come from elsewhere. */
  readonly auth: Auth | undefined
  readonly getToken: GetToken
  readonly call: Call
}

export function contextOf(options: ChatOptions): Context {
  const { url } = options
  const platform = platformOf(options)
  const { fetch, later } = platform
  const { emit, on } = events()
  const over = new AbortController()
  const source = isSession(options.auth) ? createAuth({ url, platform, store: memorySessionStore(options.auth) }) : options.auth
  const auth = isAuth(source) ? source : undefined
  const report = (error: unknown) => emit('error', { error, during: 'getting a token' })
  const getToken = isAuth(source) ? tokensOfAuth(source) : tokensOfSource(source, report)
  const call = signedCalls({ url, fetch, later, closed: over.signal }, getToken)
  return { options, platform, timers: pausableTimers(later), emit, on, over, auth, getToken, call }
}
