import type { ProblemFacts, ProblemCode as ServiceCode } from '../adapters/wire/problems.ts'
import type { Problem as WireProblem } from '../adapters/wire/schemas/service.ts'

/** What the client itself has to say; `chat-not-found` and `key-reused` also come from the service. */
export type LocalCode =
  | 'network'
  | 'timeout'
  | 'signed-out'
  | 'outbox-full'
  | 'outbox-expired'
  | 'chat-not-found'
  | 'key-reused'
  | 'closed'
  | 'file-missing'
  | 'unreadable'

/** Every code that this version knows; a newer service may have more. */
export type ProblemCode = ServiceCode | LocalCode

/** Why something was refused: programs go by `code`; the rest is for people and support. */
export interface Problem extends WireProblem {
  code: ProblemCode | (string & {})
}

/** The problem of a code, with the facts that belong to it. */
export type ProblemOf<C extends ProblemCode> = Problem & { readonly code: C } & (C extends keyof ProblemFacts ? ProblemFacts[C] : unknown)

/** What calls reject with when the service refuses, or cannot be reached. `isProblem(error, code)` tells the facts of a code. */
export interface ProblemError extends Error {
  readonly name: 'ProblemError'
  readonly code: ProblemCode | (string & {})
  readonly status: number
  readonly problem: Problem
}

/** The same with one of these codes. */
export type ProblemErrorOf<C extends ProblemCode> = C extends ProblemCode
  ? ProblemError & { readonly code: C; readonly problem: ProblemOf<C> }
  : never
