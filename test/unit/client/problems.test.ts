import { describe, expect, it } from 'vitest'
import { problem } from '../../../src/adapters/wire/problems.ts'
import { problemError } from '../../../src/client/calls/problem.ts'
import { isProblem, type ProblemOf } from '../../../src/client/index.ts'
import { Refusal } from '../../../src/domain/refusal.ts'

const refused = (refusal: Refusal): unknown => problemError(problem(refusal, 'r'))

describe('a problem of a code', () => {
  it('has the facts of the code, in types too', () => {
    const long = refused(new Refusal('text-too-long', { limit: 4_096, length: 5_000 }))
    const over = (error: unknown): number => (isProblem(error, 'text-too-long') ? error.problem.length - error.problem.limit : 0)
    const later = (error: unknown): number => (isProblem(error, 'slow-mode', 'too-many-requests') ? error.problem.retry_after_ms : 0)
    const reason = (error: unknown): string => (isProblem(error, 'refused') ? error.problem.reason : '')
    expect([over(long), later(long), reason(long)]).toEqual([904, 0, ''])
    expect(later(refused(new Refusal('slow-mode', { retryAfterMs: 7 })))).toBe(7)
    expect(reason(refused(new Refusal('refused', { reason: 'no-links' })))).toBe('no-links')
    expect([isProblem(long), isProblem(new Error('other')), isProblem(undefined)]).toEqual([true, false, false])
    // @ts-expect-error -- an edit of another version tells the version alone
    const wrong = (known: ProblemOf<'version-conflict'>): number => known.limit
    expect(wrong).toBeTypeOf('function')
  })
})
