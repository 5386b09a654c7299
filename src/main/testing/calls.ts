import type { Answer } from '../../adapters/http/answer.ts'
import { type CallOptions, calls } from '../../adapters/http/calls.ts'
import { problemOf } from '../../adapters/wire/problems.ts'
import { type OperationId, routes } from '../../adapters/wire/routes.ts'
import type { FakeAnswer, FakeRequest } from '../../client/testing/needs.ts'
import { Refusal } from '../../domain/refusal.ts'

interface Needs extends CallOptions {
  newId(): string
  /** A refusal that a test has asked for. */
  planned(operation: string): Refusal | undefined
  /** How much later the next answer of this operation comes. */
  lateMs(operation: string): number
}

/** The calls as HTTP has them, without HTTP. A defect rejects. */
export function testingCalls({ newId, planned, lateMs, ...options }: Needs) {
  const call = calls(options)
  return async ({ method, path, querystring, authorization, body }: FakeRequest): Promise<FakeAnswer> => {
    try {
      const { id, params } = found(method, path)
      const refusal = planned(id)
      if (refusal) throw refusal
      const given = { params, querystring, body: body === undefined ? undefined : (JSON.parse(body) as unknown) }
      const late = lateMs(id)
      return { ...shown(await call(id, { ...given, authorization, requestId: '', known() {}, address: () => 'somewhere' })), lateMs: late }
    } catch (error) {
      const told = problemOf(error, newId())
      if (told.code === 'internal') throw error
      return shown({ status: told.status, body: told })
    }
  }
}

const shown = ({ status, headers = {}, body }: Answer): FakeAnswer => ({
  status,
  headers: Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
  text: body === undefined ? '' : JSON.stringify(body),
})

const patterns = Object.entries(routes).map(([id, { method, path }]) => ({
  id: id as OperationId,
  method: method.toUpperCase(),
  pattern: new RegExp(`^${path === '/' ? '/?' : path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
}))

/** Which call a method and an address below the base path name. */
function found(asked: string, path: string): { readonly id: OperationId; readonly params: Record<string, string> } {
  for (const { id, method, pattern } of patterns) {
    const match = method === asked ? pattern.exec(path) : null
    if (!match) continue
    const params = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)])
    return { id, params: Object.fromEntries(params) as Record<string, string> }
  }
  throw new Refusal('not-found')
}
