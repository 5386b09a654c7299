import { type Endpoint, problemsOf } from '../../src/adapters/wire/endpoints/endpoint.ts'
import { endpoints } from '../../src/adapters/wire/endpoints.ts'
import { openapi } from '../../src/adapters/wire/openapi.ts'
import { problems } from '../../src/adapters/wire/problems.ts'
import { BASE_PATH } from '../../src/adapters/wire/routes.ts'
import { anchor, code, head, next, table } from './markdown.ts'
import { fallbackOf, members, type Shape, typeOf } from './shapes.ts'

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required: boolean
  readonly description?: string
  readonly schema: Shape
}

/** Bytes have no schema. */
type Content = Readonly<Record<string, { readonly schema?: Shape }>>

const inWords = (type: string, { schema }: Content[string]): string => {
  if (!schema || Object.keys(schema).length === 0) return `bytes (${code(type)})`
  return `${typeOf(schema)}${type === 'application/json' ? '' : ` (${code(type)})`}`
}

interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}

interface Document {
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Shape>> }
}

/** Every call of the HTTP interface, from the table of endpoints. */
export function httpReference(): string {
  const { tags, paths, components } = openapi({ version: '' }) as unknown as Document
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  )
  const sections = tags.map(({ name, description }) => {
    const own = all.filter((operation) => operation.tags[0] === name)
    return `## ${name}\n\n${description}\n\n${own.map(operationText).join('\n\n')}`
  })
  const index = table(
    ['Call', '', ''],
    all.map(({ operationId, method, path, summary }) => [code(`${method} ${path}`), `[${operationId}](#${anchor(operationId)})`, summary]),
  )
  const shapes = Object.entries(components.schemas).map(([name, shape]) => `### ${name}\n\n${members(shape) || typeOf(shape)}`)
  return [
    head('HTTP reference', `Which calls are there? All are below \`${BASE_PATH}\`; bodies and answers are JSON.`),
    'Send `Authorization: Bearer <access token>`. Every call may also answer a problem of the server (500, 503) or 429; see [errors](errors.md).',
    'The same as [OpenAPI 3.1](../openapi.json). A service shows it at `/docs` and `/redoc`.\n',
    index,
    '',
    sections.join('\n\n'),
    '\n## Shapes\n\nA `?` marks a member that may be missing.\n',
    shapes.join('\n\n'),
    next('[WebSocket](websocket.md).'),
  ].join('\n')
}

function operationText(operation: Operation & { readonly method: string; readonly path: string }): string {
  const { operationId, method, path, summary, description, parameters = [], requestBody, responses } = operation
  const endpoint: Endpoint = endpoints[operationId as keyof typeof endpoints]
  const parts = [`### ${operationId}`, `${code(`${method} ${path}`)}: ${summary}.${description ? ` ${description}` : ''}`]
  const asked = parameters.filter((parameter) => parameter.in === 'query')
  if (asked.length > 0)
    parts.push(
      table(
        ['Parameter', 'Type', ''],
        asked.map((parameter) => [code(parameter.name) + (parameter.required ? '' : '?'), typeOf(parameter.schema), noteOf(parameter)]),
      ),
    )
  const facts = [
    ...Object.entries(requestBody?.content ?? {}).map(([type, body]) => `Body: ${inWords(type, body)}`),
    ...Object.entries(responses)
      .filter(([status]) => status.startsWith('2'))
      .map(([status, { content }]) => {
        const [one] = Object.entries(content ?? {})
        return `${status}: ${one ? inWords(...one) : 'no content'}`
      }),
  ]
  const codes = problemsOf(endpoint).filter((each) => endpoint.problems.includes(each))
  if (codes.length > 0)
    facts.push(`Errors: ${codes.map((each) => `${problems[each].status} [${code(each)}](errors.md#${each})`).join(', ')}`)
  if (endpoint.open) facts.push('Needs no token')
  parts.push(facts.map((fact) => `- ${fact}`).join('\n'))
  return parts.join('\n\n')
}

const noteOf = ({ description = '', schema }: Parameter) => `${description}${fallbackOf(schema)}`.trim()
