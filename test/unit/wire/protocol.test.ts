import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { closes } from '../../../src/adapters/wire/closes.ts'
import { type Endpoint, endpoints } from '../../../src/adapters/wire/endpoints.ts'
import { clientFrames } from '../../../src/adapters/wire/frames.ts'
import { components, inline, type Named } from '../../../src/adapters/wire/json-schema.ts'
import { bodies, commandFrames, replies, results, sentFrames } from '../../../src/adapters/wire/named-schemas.ts'
import { problems } from '../../../src/adapters/wire/problems.ts'

/**
 * The number of the protocol, and the hash of all its schemas without their descriptions. When one of these tests fails, clients of another
 * version will notice: see that members and kinds were only added (`golden.test.ts`), then raise the number if the last release has it, and
 * write down the new hashes. Protocol 1 is that of v0.1.
 */
const PROTOCOL = 1
const HASHES = {
  calls: '854f655b130b',
  bodies: '3c326d350092',
  replies: 'b2b9fd6f3b10',
  commands: '4baeffada52b',
  results: '1884d735b332',
  frames: '27d55406a1bd',
  codes: 'dc14918f12ef',
}

const WORDS = new Set(['description', 'examples', 'title'])

/** The same for the same shape: without words, members in the order of their names. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, node: unknown) => {
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return node
    const entries = Object.entries(node).filter(([name, member]) => !(WORDS.has(name) && typeof member !== 'object') && name !== 'examples')
    return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)))
  })

const hash = (value: unknown): string => createHash('sha256').update(canonical(value)).digest('hex').slice(0, 12)

const call = ({ method, path, open, params, query, body, form, success, problems: codes }: Endpoint) => ({
  method,
  path,
  open,
  params: Object.entries(params ?? {}).map(([name, schema]) => [name, inline(schema, 'input')]),
  query: query && inline(query, 'input'),
  has: { body: !!body, form: !!form },
  success: Object.keys(success),
  codes,
})

const present = () => ({
  calls: hash(Object.entries(endpoints as Record<string, Endpoint>).map(([id, endpoint]) => [id, call(endpoint)])),
  bodies: hash(components(bodies, 'input')),
  replies: hash(components(replies, 'output')),
  commands: hash([components(commandFrames, 'input'), Object.values(clientFrames).map(({ problems: codes }) => codes)]),
  results: hash(components(results, 'output')),
  frames: hash(components(sentFrames, 'output')),
  codes: hash([
    Object.entries(problems).map(([code, { status }]) => [code, status]),
    Object.entries(closes).map(([code, { comesBack }]) => [code, comesBack]),
  ]),
})

describe('the protocol', () => {
  it(`${PROTOCOL} has these schemas`, () => {
    expect(present()).toEqual(HASHES)
  })

  const schema = (S: z.ZodType): Named => ({ S })
  it.each([
    ['a member', z.object({ a: z.string(), b: z.string() }), true],
    ['a type', z.object({ a: z.int() }), true],
    ['a name', z.object({ description: z.string() }), true],
    ['a bound', z.object({ a: z.string().max(5) }), true],
    ['nothing but the words', z.object({ a: z.string().describe('of it') }), false],
  ])('is another one by %s', (_, changed, isOther) => {
    const before = hash(components(schema(z.object({ a: z.string() })), 'output'))
    expect(hash(components(schema(changed), 'output')) !== before).toBe(isOther)
  })
})
