import type { LocalCode, Problem, ProblemCode, ProblemError, ProblemErrorOf } from '../problems.ts'

export const problemError = (problem: Problem): ProblemError =>
  Object.assign(new Error(problem.title), { name: 'ProblemError' as const, code: problem.code, status: problem.status, problem })

export const localProblem = (code: LocalCode, title: string): Problem => ({ type: 'about:blank', title, status: 0, code, request_id: '' })

export const localError = (code: LocalCode, title: string): ProblemError => problemError(localProblem(code, title))

/**
 * True for all that calls of this client reject with, but for an aborted signal. With codes: whether it is one of these, with their facts.
 *
 * @example
 * if (isProblem(error, 'text-too-long')) console.log(error.problem.limit)
 */
export const isProblem = ((error: unknown, ...codes: readonly string[]) =>
  (error as Error | undefined)?.name === 'ProblemError' && (!codes.length || codes.includes((error as ProblemError).code))) as IsProblem

interface IsProblem {
  (error: unknown): error is ProblemError
  <C extends ProblemCode>(error: unknown, ...codes: readonly C[]): error is ProblemErrorOf<C>
}

/** What went wrong may go right later: nothing came back, or the service is in trouble, or asks for patience. */
export const isPassing = (error: unknown): boolean =>
  !isProblem(error) || error.status < 400 || error.status >= 500 || error.status === 408 || error.status === 429 || error.status === 401

/** It cannot be told whether the command was carried out. */
export const isUncertain = (error: unknown): boolean => !isProblem(error) || !error.status || error.code === 'internal'

/** True when trying again by itself may help. */
export const isWorthRetrying = (error: unknown): boolean => isPassing(error) && !isProblem(error, 'signed-out', 'closed')
