import type { Chance } from './chance.ts'

/** A JSON Schema as the documents write it, as far as values are made of it. */
export interface Schema {
  readonly $ref?: string
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly examples?: readonly unknown[]
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
}

export interface Making {
  readonly chance: Chance
  readonly schemas: Readonly<Record<string, Schema>>
  /** A value that exists, for a member or parameter of this name; undefined if none is known. */
  readonly known: (name: string) => unknown
}

/** What schemas do not let through, and what breaks parsers. */
const ODD: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '%00',
  "'; drop table users; --",
  '../../etc/passwd',
  '{{7*7}}',
  'x'.repeat(10_000),
  '\u202e\u2066',
  '👩‍👩‍👧',
  [],
  {},
  [[[[[[]]]]]],
  { __proto__: null, constructor: {} },
]
const LETTERS = Array.from('abc DEF 012 äöü привет 你好 👍 *_`[]()<>&"\'\\/\n')
const WHERE = 'http://127.0.0.1:9/x'
const DEPTH = 6
const LONGEST = 40

/** A value that fits a schema, mostly: about one in thirty is odd, at every level. */
export function valueOf(making: Making, schema: Schema, name = '', depth = 0): unknown {
  const { chance, schemas, known } = making
  if (chance.is(1 / 30)) return chance.of(ODD)
  if (schema.$ref) return valueOf(making, schemas[schema.$ref.split('/').at(-1)!] ?? {}, name, depth)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return valueOf(making, chance.of(choices), name, depth)
  if ('const' in schema) return schema.const
  if (schema.enum) return chance.of(schema.enum)
  const existing = known(name)
  if (existing !== undefined && chance.is(0.9)) return schema.type === 'array' ? [existing] : existing
  if (schema.examples && chance.is(0.3)) {
    const example = chance.of(schema.examples)
    // Nothing of a test goes out into the world.
    if (!/https?:/.test(JSON.stringify(example))) return example
  }
  return depth > DEPTH ? null : made(making, schema, name, depth)
}

function made(making: Making, schema: Schema, name: string, depth: number): unknown {
  const { chance } = making
  const type = Array.isArray(schema.type) ? chance.of(schema.type as string[]) : schema.type
  if (type === 'string') return textOf(making, schema, name)
  if (type === 'integer' || type === 'number') return numberOf(chance, schema)
  if (type === 'boolean') return chance.is(0.5)
  if (type === 'null') return null
  if (type === 'array') {
    const count = chance.whole(schema.minItems ?? 0, Math.min(schema.maxItems ?? 3, (schema.minItems ?? 0) + 3))
    return Array.from({ length: count }, () => valueOf(making, schema.items ?? {}, name.replace(/s$/, ''), depth + 1))
  }
  if (type === 'object' || schema.properties) return objectOf(making, schema, depth)
  return chance.of(ODD)
}

function textOf({ chance }: Making, { format, minLength = 0, maxLength = LONGEST }: Schema, name: string): string {
  if (format === 'uuid') return `0190000${chance.whole(0, 9)}-0000-7000-8000-00000000000${chance.whole(0, 9)}`
  if (format === 'date-time') return new Date(Date.UTC(2020 + chance.whole(0, 20), 0, 1)).toISOString()
  if (/url|endpoint/.test(name)) return WHERE
  if (name === 'email') return `u${chance.whole(0, 1e9)}@example.com`
  if (name === 'username') return `u${chance.whole(0, 1e9)}`
  const length = chance.is(0.02) ? maxLength + 1 : chance.whole(minLength, Math.min(maxLength, minLength + LONGEST))
  return Array.from({ length }, () => chance.of(LETTERS)).join('')
}

function numberOf(chance: Chance, { minimum = -5, maximum = Number.MAX_SAFE_INTEGER }: Schema): number {
  if (chance.is(0.1)) return chance.of([minimum, maximum, minimum - 1])
  return chance.whole(minimum, Math.min(maximum, minimum + 200))
}

function objectOf(making: Making, { properties = {}, required = [], additionalProperties }: Schema, depth: number): object {
  const { chance, known } = making
  const members = Object.entries(properties)
    .filter(([name]) => (required.includes(name) ? !chance.is(0.03) : chance.is(0.4)))
    .map(([name, schema]) => [name, valueOf(making, schema, name, depth + 1)] as const)
  const free = typeof additionalProperties === 'object' ? additionalProperties : undefined
  const more = free && chance.is(0.7) ? [[known('chat_id') as string, valueOf(making, free, '', depth + 1)] as const] : []
  const odd = chance.is(0.03) ? [[chance.of(['x', '__proto__', 'constructor', '']), chance.of(ODD)] as const] : []
  return Object.fromEntries([...members, ...more, ...odd])
}
