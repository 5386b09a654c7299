import type { Context } from 'koa'
import type { UserId } from '../../domain/ids.ts'
import { isRefusal, Refusal } from '../../domain/refusal.ts'
import { problem, type WireCode } from '../wire/problems.ts'
import { NO_DOCUMENT } from './answer.ts'
import { exceeded } from './rate-limit.ts'

/** What is written about the request while it is answered. */
export interface Trace {
  readonly requestId: string
  operation: string
  userId?: UserId
}

const traces = new WeakMap<object, Trace>()

export const beginTrace = (ctx: Context, trace: Trace): void => void traces.set(ctx.req, trace)
export function traceOf(ctx: Context): Trace {
  const trace = traces.get(ctx.req)
  if (!trace) throw new Error('defect: a request is answered before it was taken in')
  return trace
}

const BUSY_SECONDS = 1

/** Answers with the problem object of a refusal, or of what went wrong before the application was asked. */
export function refuse(ctx: Context, what: Refusal | WireCode): void {
  const told = problem(what, traceOf(ctx).requestId)
  ctx.status = told.status
  if (told.status === 401) ctx.set('WWW-Authenticate', 'Bearer')
  if (told.status === 503) ctx.set('Retry-After', String(BUSY_SECONDS))
  if (told.retry_after_ms !== undefined) ctx.set('Retry-After', String(Math.max(1, Math.ceil(told.retry_after_ms / 1_000))))
  if (typeof what !== 'string' && isRefusal(what, 'too-many-requests') && what.facts.policy)
    ctx.set(exceeded(what.facts.policy, what.facts.retryAfterMs))
  if (told.code === 'draining') ctx.set('Connection', 'close')
  ctx.set('Cache-Control', 'no-store')
  ctx.set('Content-Security-Policy', NO_DOCUMENT)
  ctx.set('Content-Type', 'application/problem+json')
  ctx.body = JSON.stringify(told)
}

/** The same for whatever was thrown; true if it was a defect. */
export function refuseThrown(ctx: Context, thrown: unknown): boolean {
  const isKnown = isRefusal(thrown)
  refuse(ctx, isKnown ? thrown : 'internal')
  return !isKnown
}

export const nothingHere = (): Refusal => new Refusal('not-found')
