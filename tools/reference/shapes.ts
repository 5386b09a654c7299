import { anchor, code, table } from './markdown.ts'

/** A JSON schema, as the documents have it. */
export interface Shape {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Shape[]
  readonly oneOf?: readonly Shape[]
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Shape | boolean
  readonly items?: Shape
  readonly format?: string
  readonly default?: unknown
  readonly description?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
}

/** The type of a value in words; a named shape is a link to its heading. */
export function typeOf(shape: Shape): string {
  if (shape.$ref) {
    const name = shape.$ref.split('/').at(-1)!
    return `[${name}](#${anchor(name)})`
  }
  if ('const' in shape) return code(JSON.stringify(shape.const))
  if (shape.enum) return shape.enum.map((value) => code(JSON.stringify(value))).join(' or ')
  const either = shape.anyOf ?? shape.oneOf
  if (either) return [...new Set(either.map(typeOf))].join(' or ')
  if (Array.isArray(shape.type)) return shape.type.map((type: string) => typeOf({ ...shape, type })).join(' or ')
  if (shape.type === 'array') return `array of ${shape.items ? typeOf(shape.items) : 'anything'}${bounds(shape.minItems, shape.maxItems)}`
  if (shape.type === 'object' && typeof shape.additionalProperties === 'object' && !shape.properties)
    return `object by key: ${typeOf(shape.additionalProperties)}`
  if (shape.type === 'object' && shape.properties) return `{ ${Object.keys(shape.properties).join(', ')} }`
  if (shape.type === 'string') return `${formats[shape.format ?? ''] ?? 'string'}${bounds(shape.minLength, shape.maxLength)}`
  return `${String(shape.type ?? 'anything')}${bounds(shape.minimum, shape.maximum)}`
}

const formats: Readonly<Record<string, string>> = { 'uuid': 'UUID', 'date-time': 'time' }

function bounds(min: number | undefined, max: number | undefined): string {
  const least = min === undefined || Math.abs(min) === Number.MAX_SAFE_INTEGER ? undefined : min
  const most = max === undefined || max === Number.MAX_SAFE_INTEGER ? undefined : max
  if (least !== undefined && most !== undefined) return ` (${least}–${most})`
  if (most !== undefined) return ` (at most ${most})`
  return least !== undefined && least > 0 ? ` (from ${least})` : ''
}

/** The members of an object, a row each. Several forms of one object are shown one after another. */
export function members(shape: Shape, { without = [] }: { readonly without?: readonly string[] } = {}): string {
  const forms = shape.anyOf ?? shape.oneOf
  if (forms?.every(({ properties }) => properties)) return forms.map((form) => members(form, { without })).join('\n\nor\n\n')
  const rows = Object.entries(shape.properties ?? {})
    .filter(([name]) => !without.includes(name))
    .flatMap(([name, member]) => rowsOf(name, member, shape.required?.includes(name) ?? false))
  return rows.length === 0 ? '' : table(['Member', 'Type', ''], rows)
}

/** What holds if the value is absent. */
export const fallbackOf = ({ default: value }: Shape): string =>
  value === undefined || typeof value === 'object' ? '' : ` Default: ${code(JSON.stringify(value))}.`

/** A member, and the members inside it if it has no name of its own. */
function rowsOf(name: string, member: Shape, isRequired: boolean): string[][] {
  const inner = member.properties ? Object.entries(member.properties) : []
  const fallback = fallbackOf(member)
  return [
    [code(name) + (isRequired ? '' : '?'), member.properties ? 'object' : typeOf(member), `${member.description ?? ''}${fallback}`.trim()],
    ...inner.flatMap(([key, below]) => rowsOf(`${name}.${key}`, below, member.required?.includes(key) ?? false)),
  ]
}
