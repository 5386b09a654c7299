import { z } from 'zod'
import type { FileId, UserId } from '../../domain/ids.ts'
import { isRefusal, Refusal } from '../../domain/refusal.ts'
import type { Endpoint } from '../wire/endpoints/endpoint.ts'
import { parse } from '../wire/parse/parse.ts'
import { chatInPath, userInPath } from '../wire/schemas/common.ts'
import { type RawQuery, rawQuery } from './query.ts'

/** The parts of a request as they came: what its address names, unescaped, what stands behind the question mark, and its body, parsed. */
export interface Given {
  readonly params: Readonly<Record<string, string>>
  readonly querystring: string
  readonly body: unknown
}

/** The parts of a request in the shapes that its endpoint asks for. What it does not know is refused, in the query and in the body. */
export function shaped(endpoint: Endpoint, { params, querystring, body }: Given) {
  const query: RawQuery = querystring === '' ? {} : rawQuery(querystring)
  return {
    query: parse(endpoint.query ?? noQuery, query),
    body: parse(endpoint.body ?? endpoint.form ?? noBody, body),
    params: endpoint.params && addressed(endpoint.params, params),
  }
}

const noQuery = z.strictObject({})
const noBody = noQuery.optional()

/** What the schemas of ids in addresses make of anything that is no UUID. */
const NOBODY: string = parse(chatInPath, '')

const absent: Readonly<Record<string, (given: string) => Refusal>> = {
  chat_id: () => new Refusal('chat-not-found'),
  user_id: (given) => new Refusal('user-not-found', { userIds: [given as UserId] }),
  session_id: () => new Refusal('session-not-found'),
  file_id: (given) => new Refusal('file-not-found', { fileIds: [given as FileId] }),
  upload_id: () => new Refusal('upload-not-found'),
  factor_id: () => new Refusal('factor-not-found'),
}

/** The ids of an address. One that nothing can have is refused here where it comes first: nobody needs to look for it. */
function addressed(schemas: NonNullable<Endpoint['params']>, given: Readonly<Record<string, string>>) {
  const params: Record<string, string> = {}
  for (const [name, schema] of Object.entries(schemas)) params[name] = parse(schema, given[name])
  const [first] = Object.entries(params)
  if (first && first[1] === NOBODY) throw (absent[first[0]] ?? missing)(given[first[0]]!)
  return params
}

const missing = () => new Refusal('not-found')

/** A refusal as the client can read it: where it names nobody, it names what was given in the address instead. */
export function asGiven(thrown: unknown, { params, querystring }: Given): unknown {
  if (!isRefusal(thrown, 'user-not-found') || !thrown.facts.userIds.includes(NOBODY as UserId)) return thrown
  const { user_id: given = new URLSearchParams(querystring).getAll('user_id') } = params
  const nobodies = [given].flat().filter((id) => parse(userInPath, id) === NOBODY) as UserId[]
  if (nobodies.length === 0) return thrown
  return new Refusal('user-not-found', { userIds: [...thrown.facts.userIds.filter((id) => id !== NOBODY), ...nobodies] })
}
