import type { z } from 'zod'
import { type Endpoint, problemsOf, type SuccessStatus, type Tag } from './endpoints/endpoint.ts'
import { endpoints } from './endpoints.ts'
import { explanations } from './explanations.ts'
import { components, inline, type Json, reference } from './json-schema.ts'
import { bodies, replies } from './named-schemas.ts'
import { type ProblemCode, problems } from './problems.ts'
import { BASE_PATH, routes } from './routes.ts'

const tags: Record<Tag, string> = {
  Service: 'Name, version and limits of the service.',
  Identity: 'Registering, signing in, and the devices on which you are signed in.',
  People: 'Your profile and other users. The server never shows your email to other users.',
  Chats: 'Private chats of two users, and groups with an owner, admins and members.',
  Staff: 'What the staff of the service does: users, chats and the audit.',
  'Back ends': 'For other systems, with a key: their users and chats here, and keys for back ends and bots.',
  Files: 'Uploading, in one request or in several, and reading.',
  'Notifications': 'Of which messages you are notified, and the devices that show them.',
  'Webhooks': 'Programs that receive events, with a key that has `hooks`; addresses at which programs post to a group.',
  Messages: 'Sending, reading and searching messages, and the events of a chat in order.',
}

const about = `A chat backend: one visible message per send, one order for everyone, nothing lost.

Every error is a problem object (RFC 9457) with a stable \`code\`; its \`type\` is a page that explains it. Lists are pages with
cursors. Sending is safe to repeat with the same \`client_message_id\`. Clients receive live events over a WebSocket at
\`${BASE_PATH}/ws\`; see /asyncapi.json.`

const headers: Record<string, Json> = {
  'X-Request-Id': {
    description: 'The id of this request. The server keeps yours if it has 1 to 64 of `A–Z a–z 0–9 . _ -`.',
    schema: { type: 'string' },
  },
  'Idempotency-Replayed': {
    description: 'An earlier attempt succeeded; this is its message.',
    schema: { type: 'string', const: 'true' },
  },
  'Link': { description: 'The next and the previous page (RFC 8288).', schema: { type: 'string' } },
  'Location': { description: 'Where it is.', schema: { type: 'string' } },
  'ETag': { description: 'Names the bytes.', schema: { type: 'string' } },
  'Content-Disposition': { description: 'Whether browsers show or save it, and its name (RFC 6266).', schema: { type: 'string' } },
  'Accept-Ranges': { description: 'Ranges of bytes can be requested.', schema: { type: 'string', const: 'bytes' } },
  'Content-Range': { description: 'Which bytes of how many (RFC 9110).', schema: { type: 'string' } },
  'Tus-Resumable': { description: 'The version of tus.', schema: { type: 'string', const: '1.0.0' } },
  'Tus-Version': { description: 'The version of tus that the server speaks.', schema: { type: 'string', const: '1.0.0' } },
  'Upload-Offset': { description: 'Bytes that have come.', schema: { type: 'integer', minimum: 0 } },
  'Upload-Length': { description: 'Bytes of the whole file.', schema: { type: 'integer', minimum: 0 } },
  'Upload-Expires': { description: 'When the upload ends if it is not whole by then.', schema: { type: 'string' } },
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 1 } },
  'WWW-Authenticate': { description: 'How to authenticate.', schema: { type: 'string', examples: ['Bearer'] } },
  'Allow': { description: 'The methods of this address.', schema: { type: 'string' } },
}

const named = (...names: (keyof typeof headers)[]): Json =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))

/** Returns the OpenAPI 3.1 document, derived from the tables. */
export function openapi({ version }: { readonly version: string }): Json {
  const paths: Record<string, Json> = {}
  for (const [id, endpoint] of Object.entries(endpoints) as [string, Endpoint][])
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method]: operation(id, endpoint) }
  return {
    openapi: '3.1.0',
    info: { title: 'windi-chat', version, description: about, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: BASE_PATH }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    security: [{ bearer: [] }, { password: [] }],
    paths,
    components: {
      schemas: { ...components(bodies, 'input'), ...components(replies, 'output') },
      examples: Object.fromEntries((Object.keys(problems) as ProblemCode[]).map((code) => [code, example(code)])),
      headers,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An access token.' },
        password: {
          type: 'oauth2',
          description: 'Sign in with an email or a username; leave client id and secret empty.',
          flows: {
            password: { tokenUrl: BASE_PATH + routes.issueToken.path, refreshUrl: BASE_PATH + routes.issueToken.path, scopes: {} },
          },
        },
      },
    },
  }
}

function operation(id: string, endpoint: Endpoint): Json {
  const { tag, summary, description, params, query, body, form, raw, isSigned } = endpoint
  const parameters = [...Object.entries(params ?? {}).map(pathParameter), ...queryParameters(query)]
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description && { description }),
    ...(endpoint.open && { security: [] }),
    ...(isSigned && { security: [{ bearer: [] }, { password: [] }, {}] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: content('application/json', body) }),
    ...(form && { requestBody: content('application/x-www-form-urlencoded', form) }),
    ...(raw === 'bytes' && { requestBody: byteBody }),
    ...(id === 'continueUpload' && { requestBody: { required: true, content: { 'application/offset+octet-stream': { schema: BYTES } } } }),
    responses: { ...successes(endpoint), ...failures(endpoint), ...refusals(endpoint) },
  }
}

const content = (type: string, schema: z.ZodType): Json => ({
  required: !schema.safeParse(undefined).success,
  content: { [type]: { schema: reference(bodies, schema) } },
})

const BYTES: Json = { type: 'string', format: 'binary' }
const byteBody: Json = {
  required: true,
  content: {
    'application/octet-stream': { schema: BYTES },
    'multipart/form-data': { schema: { type: 'object', properties: { file: BYTES }, required: ['file'] } },
  },
}

const pathParameter = ([name, schema]: [string, z.ZodType]): Json => ({ name, in: 'path', required: true, ...described(schema) })

function queryParameters(query: z.ZodType | undefined): Json[] {
  const shape = (query as z.ZodObject | undefined)?.shape ?? {}
  return Object.entries(shape).map(([name, schema]) => ({
    name,
    in: 'query',
    required: !(schema as z.ZodType).safeParse(undefined).success,
    ...described(schema as z.ZodType),
  }))
}

/** The type that the text stands for, a number for example. */
function described(schema: z.ZodType): Json {
  const { description, ...rest } = inline(schema, 'output')
  return { ...(typeof description === 'string' && { description }), schema: rest }
}

const meanings = {
  200: 'Success.',
  201: 'Created.',
  202: 'Success; one part takes effect later.',
  204: 'Success, without a body.',
  206: 'The bytes of the range.',
  302: 'The bytes are elsewhere.',
  304: 'The client has these bytes already.',
  412: 'Another version of tus is wanted.',
  416: 'No such bytes.',
} as const satisfies Record<SuccessStatus, string>
const statuses = Object.keys(meanings).map(Number) as SuccessStatus[]

function successes({ success, headers: own }: Endpoint): Json {
  return Object.fromEntries(
    statuses.flatMap((status) => {
      const schema = success[status]
      if (schema === undefined) return []
      const replayed = own?.[status]?.includes('Idempotency-Replayed')
      const description = replayed ? 'An earlier attempt succeeded: its message, as it is now.' : meanings[status]
      const json =
        schema === 'bytes'
          ? { content: { '*/*': { schema: BYTES } } }
          : schema && { content: { 'application/json': { schema: reference(replies, schema) } } }
      return [[status, { description, headers: named('X-Request-Id', ...(own?.[status] ?? [])), ...json }]]
    }),
  )
}

const failures = ({ failure }: Endpoint): Json =>
  failure
    ? { 400: { description: 'RFC 6749, section 5.2.', content: { 'application/json': { schema: reference(replies, failure[400]) } } } }
    : {}

const headersOf: Readonly<Record<number, readonly (keyof typeof headers)[]>> = {
  401: ['WWW-Authenticate'],
  405: ['Allow'],
  429: ['Retry-After'],
}

/** One response per status, which lists its problem codes. */
function refusals(endpoint: Endpoint): Json {
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of problemsOf(endpoint)) byStatus.set(problems[code].status, [...(byStatus.get(problems[code].status) ?? []), code])
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\``).join(', '),
        headers: named('X-Request-Id', ...(headersOf[status] ?? [])),
        content: {
          'application/problem+json': {
            schema: { $ref: '#/components/schemas/Problem' },
            examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
          },
        },
      },
    ]),
  )
}

const example = (code: ProblemCode): Json => {
  const { status, title } = problems[code]
  return {
    summary: title,
    description: explanations[code].meaning,
    value: { type: `/problems/${code}`, title, status, code, request_id: 'a3f1c2' },
  }
}
