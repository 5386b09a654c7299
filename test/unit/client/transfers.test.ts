import { describe, expect, it } from 'vitest'
import { problemError } from '../../../src/client/calls/problem.ts'
import { type RawCall, type RawRequest, rawCalls } from '../../../src/client/files/calls.ts'
import { transfer } from '../../../src/client/files/transfer.ts'
import { virtualClock } from '../../../src/client/testing/clock.ts'

const KIB = 1_024
const { signal } = new AbortController()
const wireFile = (id: string) => ({ id, name: 'a', size: 1, type: 'text/plain', kind: 'file', created_at: '2030-01-01T00:00:00.000Z' })
const problem = (status: number, code: string, more: object = {}) =>
  problemError({ type: 'about:blank', title: code, status, code, request_id: '', ...more })
const refused = (status: number, code: string, more: object = {}) => Promise.reject(problem(status, code, more))

/** A service that takes bytes; `onPiece` may change what becomes of one, each takes `takes` milliseconds. */
function service({
  takes = 2_000,
  begun = undefined as number | undefined,
  onPiece = undefined as ((n: number) => Promise<never> | undefined) | undefined,
} = {}) {
  const asked: { readonly path: string; readonly request: RawRequest }[] = []
  const state = { offset: begun, now: 0, takes }
  const ids: string[] = []
  const progress: number[] = []
  const header = (values: Readonly<Record<string, string>>) => (name: string) => values[name]
  const call: RawCall = async ({ method, path }, request) => {
    asked.push({ path: `${method} ${path}`, request })
    const answer = {
      text: JSON.stringify(wireFile('made')),
      header: header({ 'Upload-Offset': String(state.offset ?? 0), 'Location': '/api/v1/uploads/u1' }),
    }
    if (path.endsWith('/uploads')) {
      state.offset = 0
      return { ...answer, header: header({ 'Upload-Offset': '0', 'Location': '/api/v1/uploads/u1' }) }
    }
    if (method === 'head' && state.offset === undefined) return refused(404, 'not-found')
    if (method !== 'patch') return answer
    state.now += state.takes
    const failing = onPiece?.(asked.length)
    if (failing) return failing
    state.offset = Number(request.headers!['Upload-Offset']) + request.body!.size
    return { ...answer, header: header({ 'Upload-Offset': String(state.offset) }) }
  }
  const bring = (blob: Blob, uploadId?: string) =>
    transfer({
      key: 'the key',
      name: 'имя',
      blob,
      uploadId,
      signal,
      call,
      now: () => state.now,
      begun: async (id) => void ids.push(id),
      progress: (bytes) => void progress.push(bytes),
    })
  const pieces = () => asked.filter(({ path }) => path.startsWith('patch')).map(({ request }) => request.body!.size / KIB)
  return { asked, ids, progress, state, bring, pieces, paths: () => asked.map(({ path }) => path.split(' ')[0]) }
}
const zeros = (size: number, type = '') => new Blob([new Uint8Array(size)], { type })

describe('the bytes of a file', () => {
  it('go in one request up to 256 KiB, without the type that the browser guesses', async () => {
    const { asked, bring, progress } = service()
    await expect(bring(zeros(256 * KIB, 'image/png'))).resolves.toMatchObject({ id: 'made' })
    const [{ request }] = asked as [(typeof asked)[0]]
    expect([asked.length, request.query, request.headers]).toEqual([
      1,
      { name: 'имя', client_file_id: 'the key' },
      { 'content-type': 'application/octet-stream' },
    ])
    expect([request.body!.size, request.body!.type, progress]).toEqual([256 * KIB, '', [256 * KIB]])
  })

  it('go in pieces beyond that, and the file is asked for at the end', async () => {
    const { asked, bring, progress, ids, pieces, paths } = service()
    await expect(bring(zeros(600 * KIB))).resolves.toMatchObject({ id: 'made' })
    expect([paths(), pieces()]).toEqual([
      ['post', 'patch', 'patch', 'patch', 'get'],
      [256, 256, 88],
    ])
    expect([ids, progress]).toEqual([['u1'], [0, 256 * KIB, 512 * KIB, 600 * KIB]])
    const [made, first] = asked.map(({ request }) => request) as [RawRequest, RawRequest]
    const metadata = `name ${Buffer.from('имя').toString('base64')},client_file_id ${Buffer.from('the key').toString('base64')}`
    expect(made.headers).toEqual({ 'Tus-Resumable': '1.0.0', 'Upload-Length': String(600 * KIB), 'Upload-Metadata': metadata })
    expect([first.params, first.headers, first.body!.type]).toEqual([
      { upload_id: 'u1' },
      { 'Tus-Resumable': '1.0.0', 'Upload-Offset': '0', 'content-type': 'application/offset+octet-stream' },
      '',
    ])
    expect(asked.at(-1)!.request.params).toEqual({ file_id: 'u1' })
  })

  it('go in larger pieces where a request takes less than a second and a half, up to 4 MiB', async () => {
    const { bring, pieces } = service({ takes: 1_499 })
    await bring(zeros(16 * 1_024 * KIB))
    expect(pieces()).toEqual([256, 512, 1_024, 2_048, 4_096, 4_096, 4_096, 256])
  })

  it('go in pieces of the same size where it takes no longer than eight, in smaller ones beyond, down to 64 KiB', async () => {
    const same = service({ takes: 1_500 })
    await same.bring(zeros(600 * KIB))
    expect(same.pieces()).toEqual([256, 256, 88])
    const slow = service({ takes: 8_000 })
    await slow.bring(zeros(600 * KIB))
    expect(slow.pieces()).toEqual([256, 256, 88])
    const slower = service({ takes: 8_001 })
    await slower.bring(zeros(600 * KIB))
    expect(slower.pieces()).toEqual([256, 128, 64, 64, 64, 24])
  })

  it('go on where an earlier attempt was cut', async () => {
    const { bring, paths, pieces, ids, progress, asked } = service({ begun: 512 * KIB })
    await bring(zeros(600 * KIB), 'u0')
    expect([paths(), pieces(), ids, progress]).toEqual([['head', 'patch', 'get'], [88], [], [512 * KIB, 600 * KIB]])
    expect(asked[0]!.request).toMatchObject({ params: { upload_id: 'u0' }, headers: { 'Tus-Resumable': '1.0.0' } })
  })

  it('begin anew where the service has forgotten what was begun, and not where it cannot tell', async () => {
    const forgotten = service()
    await forgotten.bring(zeros(300 * KIB), 'u0')
    expect([forgotten.paths().slice(0, 2), forgotten.ids]).toEqual([['head', 'post'], ['u1']])
    for (const error of [problem(503, 'overloaded'), new Error('defect')]) {
      const call: RawCall = () => Promise.reject(error)
      const given = { key: 'k', name: 'n', blob: zeros(300 * KIB), uploadId: 'u0', signal, call }
      const failing = transfer({ ...given, now: () => 0, begun: async () => {}, progress: () => {} })
      await expect(failing).rejects.toBe(error)
    }
  })

  it('go on from where the service stands, if it stands elsewhere', async () => {
    const elsewhere = service({ onPiece: (n) => (n === 2 ? refused(409, 'upload-offset', { offset: 128 * KIB }) : undefined) })
    await elsewhere.bring(zeros(300 * KIB))
    expect(elsewhere.progress).toEqual([0, 128 * KIB, 300 * KIB])
    const refusing = service({ onPiece: () => refused(413, 'too-large') })
    await expect(refusing.bring(zeros(300 * KIB))).rejects.toMatchObject({ code: 'too-large' })
  })

  it('that have all come make the file with an empty request', async () => {
    const { bring, paths, pieces } = service({ begun: 300 * KIB })
    await bring(zeros(300 * KIB), 'u0')
    expect([paths(), pieces()]).toEqual([['head', 'patch', 'get'], [0]])
  })
})

describe('a call with bytes', () => {
  const route = { method: 'get', path: '/files/:file_id' } as never
  function calling(fetch: (init: RequestInit, url: string) => Promise<Response>) {
    const clock = virtualClock()
    const over = new AbortController()
    const tokens: unknown[] = []
    const inits: RequestInit[] = []
    const call = rawCalls({
      url: 'https://chat.example',
      platform: {
        later: clock.later,
        fetch: (url: string, init: RequestInit) => {
          inits.push(init)
          return fetch(init, url)
        },
      },
      getToken: async (refused: unknown) => {
        tokens.push(refused)
        return refused ? 'new' : 'old'
      },
      over,
    } as never)
    return { call: (request: Partial<RawRequest> = {}) => call(route, { signal, ...request }), clock, over, tokens, inits }
  }
  const hanging = ({ signal: given }: RequestInit) =>
    new Promise<Response>((_, reject) => {
      given!.addEventListener('abort', () => reject(given!.reason as Error))
    })

  it('has the token, and no cookies; its headers can be read', async () => {
    const { call, inits, tokens } = calling(async () => new Response('text', { headers: { 'Upload-Offset': '5' } }))
    const answer = await call({ headers: { a: 'b' }, body: new Blob(['x']) })
    expect([answer.text, answer.header('Upload-Offset'), answer.header('Location'), tokens]).toEqual(['text', '5', undefined, [undefined]])
    expect(inits[0]).toMatchObject({
      method: 'GET',
      credentials: 'omit',
      headers: { a: 'b', authorization: 'Bearer old' },
      body: expect.any(Blob),
    })
    await call()
    expect(inits[1]).not.toHaveProperty('body')
  })

  it('is made once more with a new token where the old one is refused, and only then', async () => {
    const statuses = [401, 200, 401, 401, 403]
    const { call, tokens } = calling(async () => {
      const status = statuses.shift()!
      return new Response(
        status === 200 ? 'text' : JSON.stringify({ type: 'about:blank', title: 'No', status, code: `code-${status}`, request_id: '' }),
        { status },
      )
    })
    await expect(call()).resolves.toMatchObject({ text: 'text' })
    expect(tokens).toEqual([undefined, { token: 'old', reason: 'refused' }])
    await expect(call()).rejects.toMatchObject({ status: 401 })
    await expect(call()).rejects.toMatchObject({ status: 403 })
    expect([statuses, tokens.length]).toEqual([[], 5])
  })

  it('that nobody answers ends after a minute; one that was answered leaves no timer', async () => {
    const { call, clock } = calling(hanging)
    const failed = call().catch((error: unknown) => error)
    await clock.advance(60_000)
    expect(await failed).toMatchObject({ code: 'timeout' })
    const down = calling(() => Promise.reject(new TypeError('Failed to fetch')))
    await expect(down.call()).rejects.toMatchObject({ code: 'network', message: expect.stringContaining('cannot be reached') })
  })

  it('ends with whoever asked, and with the client', async () => {
    const own = new AbortController()
    const { call, over } = calling(hanging)
    const stopped = call({ signal: own.signal })
    await Promise.resolve()
    own.abort(new Error('enough'))
    await expect(stopped).rejects.toThrow('enough')
    const closed = call()
    await Promise.resolve()
    over.abort(new Error('closed'))
    await expect(closed).rejects.toThrow('closed')
  })
})
