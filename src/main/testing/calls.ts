import type { Answer } from '../../adapters/http/answer.ts'
import { type CallOptions, calls } from '../../adapters/http/calls.ts'
import { endpoints } from '../../adapters/wire/endpoints.ts'
import type { Raw } from '../../adapters/wire/handlers.ts'
import { problemOf } from '../../adapters/wire/problems.ts'
import type { OperationId } from '../../adapters/wire/routes.ts'
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
  return async ({ method, path, querystring, authorization, header, body, bytes }: FakeRequest): Promise<FakeAnswer> => {
    try {
      const { id, params } = found(method, path)
      const refusal = planned(id)
      if (refusal) throw refusal
      const given = { params, querystring, body: body === undefined ? undefined : (JSON.parse(body) as unknown) }
      const late = lateMs(id)
      const asked = { ...given, authorization, raw: rawOf(header, bytes), requestId: '', known() {}, address: () => 'somewhere' }
      return { ...(await shown(await call(id, asked))), lateMs: late }
    } catch (error) {
      const told = problemOf(error, newId())
      if (told.code === 'internal') throw error
      return await shown({ status: told.status, body: told })
    }
  }
}

const shown = async ({ status, headers = {}, body, open }: Answer): Promise<FakeAnswer> => ({
  status,
  headers: Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
  text: open ? await whole((await open())!) : body === undefined ? '' : JSON.stringify(body),
})

async function whole(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  for await (const chunk of bytes) chunks.push(Uint8Array.from(chunk))
  return new Uint8Array(await new Blob(chunks).arrayBuffer())
}

/** A body of bytes that its call reads itself; what was cut on its way ends with an error. */
function rawOf(header: FakeRequest['header'], body: FakeRequest['bytes']): Raw {
  async function* arriving() {
    if (!body) return
    yield body.arrived
    if (body.arrived.length < body.length) throw new Refusal('invalid', { errors: [] })
  }
  return {
    header,
    length: body?.length ?? 0,
    bytes: arriving(),
    file: async () => ({ name: undefined, bytes: arriving(), over: async () => {} }),
  }
}

const patterns = Object.entries(endpoints).map(([id, { method, path }]) => ({
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
