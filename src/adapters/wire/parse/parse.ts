import type { z } from 'zod'
import { type Fault, Refusal } from '../../../domain/refusal.ts'
import { FAULTS_REPORTED } from '../limits.ts'

/** Returns the parsed value. Throws `invalid` with the wrong places. */
export function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const { success, data, error } = schema.safeParse(value, { error: detail, reportInput: true })
  if (success) return data
  throw new Refusal('invalid', { errors: faults(error.issues).slice(0, FAULTS_REPORTED) })
}

/** Returns the JSON pointer (RFC 6901) of a path. */
export const pointer = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

function faults(issues: readonly z.core.$ZodIssue[], above: readonly PropertyKey[] = []): Fault[] {
  return issues.flatMap((issue): Fault[] => {
    const path = [...above, ...issue.path]
    if (issue.code === 'unrecognized_keys')
      return issue.keys.slice(0, FAULTS_REPORTED).map((key) => ({ pointer: pointer([...path, key]), detail: 'is not known here' }))
    if (issue.code === 'invalid_union' && issue.errors.length > 0) return faults(nearest(issue.errors), path)
    return [{ pointer: pointer(path), detail: isMissing(issue) ? 'is required' : issue.message }]
  })
}

/** Whether the member is absent. The issue of a missing discriminator is one of the whole object. */
function isMissing(issue: z.core.$ZodIssue): boolean {
  const input = issue.code === 'invalid_union' && issue.discriminator ? Object(issue.input)[issue.discriminator] : issue.input
  return input === undefined
}

/** Returns the issues of the shape that fits best. */
const nearest = (branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] =>
  branches.reduce((best, branch) => (misses(branch) < misses(best) ? branch : best))

const misses = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0)

const articles = (word: string): string => (/^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`)

const oneOf = (values: readonly unknown[]): string => `is ${values.map((value) => JSON.stringify(value)).join(' or ')}`

const verb = (origin: string): string => (origin === 'number' || origin === 'int' ? 'is' : 'has')

/** Returns what is allowed, in few words; undefined where the schema has its own message. */
function detail(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int'
        ? 'is a whole number'
        : `is ${articles(String(issue.expected === 'record' ? 'object' : issue.expected))}`
    case 'invalid_value':
      return oneOf(issue.values)
    case 'too_small':
      return `${verb(issue.origin)} at least ${issue.minimum}`
    case 'too_big':
      return `${verb(issue.origin)} at most ${issue.maximum}`
    case 'invalid_key':
      return 'is a UUID'
    case 'invalid_union':
      return issue.options ? oneOf(issue.options as unknown[]) : 'has none of the known shapes'
    default:
      return undefined
  }
}
