import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explanations } from '../../../src/adapters/wire/explanations.ts'
import { routes } from '../../../src/adapters/wire/routes.ts'
import type { SignedInClient } from '../../support/http-client.ts'
import { type HttpServed, serveHttp } from '../../support/http-server.ts'
import { tries } from '../../support/tries.ts'

let server: HttpServed
let ann: SignedInClient
let known: readonly string[]
beforeAll(async () => {
  server = await serveHttp({}, { demo: true })
  ann = await server.register('Ann')
  const bob = await server.register('Bob')
  const chat = (await ann.call<{ id: string }>('post', '/chats', { kind: 'group', name: 'x', member_ids: [bob.id] })).body
  const message = (await ann.call<{ id: string }>('post', `/chats/${chat.id}/messages`, { client_message_id: 'k', text: 'x' })).body
  known = [ann.id, bob.id, chat.id, message.id]
})
afterAll(() => server.close())

/** Words that some call knows, so that requests come further than its first check. */
const members = [
  'name',
  'kind',
  'text',
  'client_message_id',
  'reply_to',
  'user_id',
  'user_ids',
  'member_ids',
  'role',
  'seq',
  'message_id',
  'password',
  'login',
  'email',
  'version',
  'refresh_token',
  'device_name',
  'username',
  '__proto__',
  'toString',
]
const parameters = [
  'limit',
  'cursor',
  'count',
  'query',
  'before',
  'after',
  'around',
  'offset',
  'order',
  'sender_id',
  'user_id',
  'kind',
  'x',
]

const id = fc.oneof(
  { weight: 3, arbitrary: fc.nat(3).map((i) => ({ known: i })) },
  fc.constantFrom('none', 'me', '%', '%00', '%ff', '..', 'a%2fb', '𝒳', '0'.repeat(900)),
  fc.string(),
)
const word = fc.oneof(
  fc.constantFrom('private', 'group', 'owner', 'admin', 'x', '', '\0', '\ud800', 'password', 'ann@example.com', '1', '-1', 'desc', 'true'),
  fc.string({ unit: 'binary' }),
)
const value: fc.Arbitrary<unknown> = fc.oneof(
  word,
  fc.integer(),
  fc.double(),
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.constant(null),
  id,
  fc.array(fc.oneof(word, id), { maxLength: 3 }),
  fc.jsonValue(),
)
/** What would do, so that requests come to their end now and then. */
const rightBodies: Readonly<Record<string, object>> = {
  '/auth/register': { name: 'x', email: 'x@example.com', password: 'a battery of horses' },
  '/auth/guest': {},
  '/users/me': { name: 'y' },
  '/users/{user_id}/messages': { client_message_id: 'k', text: 'x' },
  '/chats': { kind: 'group', name: 'x' },
  '/chats/{chat_id}': { name: 'y' },
  '/chats/{chat_id}/messages': { client_message_id: 'k', text: 'x' },
  '/chats/{chat_id}/messages/{message_id}': { text: 'z' },
  '/chats/{chat_id}/read': { seq: 1 },
  '/chats/{chat_id}/members/{user_id}': { role: 'admin' },
}
const extra = fc.dictionary(fc.constantFrom(...members), value, { minKeys: 1, maxKeys: 1 })
const right = fc.option(extra, { nil: {}, freq: 2 }).map((more) => ({ isRight: true, more }))
const body = fc.oneof(
  { weight: 8, arbitrary: right },
  { weight: 6, arbitrary: fc.dictionary(fc.constantFrom(...members), value, { maxKeys: 5 }) },
  { weight: 1, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: fc.constantFrom('{', '[[', '', '\ufeff{}', '{"a":1e999}', '{"seq":1e999}', '{"a":1,"a":2}') },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
)
const noQuery: [string, string][] = []
const someQuery = fc.array(
  fc.tuple(fc.constantFrom(...parameters), fc.oneof(fc.nat(200).map(String), word, fc.constantFrom('%', '%zz', '%ff', '+', 'a=b'))),
  { maxLength: 3 },
)
const query = fc.oneof({ weight: 3, arbitrary: fc.constant(noQuery) }, { weight: 2, arbitrary: someQuery })
const path = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...Object.values(routes).map((route) => route.path as string)) },
  { weight: 1, arbitrary: fc.webPath() },
)
const method = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'QUERY') },
)
const type = fc.oneof(
  { weight: 6, arbitrary: fc.constant('application/json') },
  fc.constantFrom(
    'application/x-www-form-urlencoded',
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/json; charset=latin1',
    'x',
    '',
  ),
)

const request = fc.record({
  path,
  ids: fc.array(id, { minLength: 2, maxLength: 2 }),
  query,
  method,
  body,
  type,
  isKnown: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
})
type Drawn = typeof request extends fc.Arbitrary<infer T> ? T : never

const idOf = (drawn: unknown): unknown =>
  typeof drawn === 'object' && drawn !== null && 'known' in drawn
    ? known[drawn.known as number]
    : Array.isArray(drawn)
      ? drawn.map(idOf)
      : drawn

const escaped = (text: string) => text.replace(/[^\x21-\x7e]|#/gu, (char) => (char.isWellFormed() ? encodeURIComponent(char) : '%ef%bf%bd'))

function sent({ path: template, ids, query: pairs, method: drawn, body: written, type: contentType, isKnown }: Drawn) {
  let i = 0
  const content = isRightBody(written) ? { ...rightBodies[template], ...written.more } : written
  const address = template.replace(/\{\w+\}/g, () => encodeId(String(idOf(ids[i++]))))
  const search = pairs.map(([name, text]) => `${name}=${escaped(text)}`).join('&')
  const usual = Object.values(routes)
    .find((route) => route.path === template)
    ?.method.toUpperCase()
  const verb = drawn ?? usual ?? 'GET'
  const isPlain = typeof content === 'object' && content !== null && !ArrayBuffer.isView(content)
  const bytes =
    ArrayBuffer.isView(content) || typeof content === 'string'
      ? content
      : JSON.stringify(isPlain ? Object.fromEntries(Object.entries(content).map(([name, member]) => [name, idOf(member)])) : content)
  return fetch(`${server.url}/api/v1${address}${search && `?${search}`}`, {
    method: verb,
    headers: { 'content-type': contentType, ...(isKnown && { authorization: `Bearer ${ann.token}` }) },
    ...(verb !== 'GET' && verb !== 'HEAD' && { body: bytes as string }),
    signal: AbortSignal.timeout(5_000),
  })
}
const isRightBody = (written: unknown): written is { isRight: true; more: object } =>
  typeof written === 'object' && written !== null && 'isRight' in written
const encodeId = (text: string) => (text.startsWith('%') ? text : encodeURIComponent(text.toWellFormed()))

/** Does away with the session, or with the person, whom the other requests need. */
const isFinal = ({ path: template }: Drawn) =>
  template === '/auth/logout' || template === '/users/me/delete' || template === '/auth/password'

describe('whatever is sent', () => {
  it('is answered as the contract says: never with a defect, and every refusal with a known code', async () => {
    const seen = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(
        request.filter((drawn) => !isFinal(drawn)),
        async (drawn) => {
          const response = await sent(drawn)
          const text = await response.text()
          expect(response.status).toBeLessThan(500)
          expect(response.headers.get('x-request-id')).toMatch(/^[\w.-]{1,64}$/)
          // A version of tus that the server does not speak is refused without a body.
          const isSaid = response.status >= 400 && response.status !== 412 && drawn.method !== 'HEAD'
          const outcome = isSaid ? String(JSON.parse(text).code) : String(response.status)
          seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
          const told = isSaid ? JSON.parse(text) : undefined
          const requestId = response.headers.get('x-request-id')
          const isFormOfItsOwn = drawn.path === '/auth/token' && told !== undefined && 'error' in told
          if (isSaid && !isFormOfItsOwn && !(told.code in explanations && told.status === response.status && told.request_id === requestId))
            throw new Error(`${response.status} with another body: ${text}`)
        },
      ),
      { numRuns: tries(1_500) },
    )
    expect(server.defects).toEqual([])
    // Else it would be the same few refusals over and over.
    const usual = [
      '200',
      '201',
      '204',
      'unauthenticated',
      'invalid',
      'bad-json',
      'unsupported-media-type',
      'not-found',
      'method-not-allowed',
      'chat-not-found',
    ]
    expect([...seen.keys()]).toEqual(expect.arrayContaining(usual))
    expect((await ann.call('get', '/users/me')).status).toBe(200)
  }, 60_000)
})
