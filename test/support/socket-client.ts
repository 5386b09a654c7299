import { randomBytes } from 'node:crypto'
import { WebSocket } from 'ws'
import type { ClientFrameType, FrameInput, ResultOf, ServerFrameOf, ServerFrameType } from '../../src/adapters/wire/frames.ts'
import { SOCKET_PATH } from '../../src/adapters/wire/routes.ts'
import type { Problem } from '../../src/adapters/wire/schemas/service.ts'
import { eventually } from './waiting.ts'

/** What came, with its type to tell it by. */
export type Frame = { [T in ServerFrameType]: ServerFrameOf<T> }[ServerFrameType]

type Without<F> = F extends unknown ? Omit<F, 'type' | 'ref'> : never
/** What a client frame has besides its type and its ref. */
export type MembersOf<T extends ClientFrameType> = Without<FrameInput<T>>

export interface SocketOptions {
  /** Sent in the first frame; resolves when it was answered. */
  readonly token?: string | undefined
  readonly deviceId?: string | undefined
  /** Sent as `Authorization` on the upgrade. */
  readonly header?: string | undefined
  readonly origin?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
}

export interface ClosedWith {
  readonly code: number
}

/** An answer to a command: its result, or the problem it met. */
export type Answer<T extends ClientFrameType> =
  | { readonly ok: ResultOf<T>; readonly problem?: undefined }
  | { readonly ok?: undefined; readonly problem: Problem }

export interface SocketClient extends AsyncDisposable {
  readonly ws: WebSocket
  /** Everything that came, in order. */
  readonly frames: readonly Frame[]
  /** Resolves when the socket is closed. */
  readonly closed: Promise<ClosedWith>
  /** Sends a command and resolves with its one answer. Rejects when the socket closes before. */
  ask<T extends ClientFrameType>(type: T, members: MembersOf<T>): Promise<Answer<T>>
  /** The result of a command; rejects with the problem's code where it is refused. */
  get<T extends ClientFrameType>(type: T, members: MembersOf<T>): Promise<ResultOf<T>>
  /** Sends anything, as it is if it is text or bytes. */
  send(frame: unknown): void
  of<T extends ServerFrameType>(type: T): ServerFrameOf<T>[]
  /** The first frame, of those that came or come, for which this holds. */
  first<T extends ServerFrameType>(type: T, holds?: (frame: ServerFrameOf<T>) => boolean): Promise<ServerFrameOf<T>>
  authorize(token: string, deviceId?: string): Promise<Answer<'authorize'>>
  resume(cursors?: Readonly<Record<string, number>>, epoch?: string): Promise<ResultOf<'resume'>>
  /** Stops reading, and goes on. */
  pause(): void
  goOn(): void
  close(): Promise<void>
}

/** A socket to a running service: as little as suffices, so that what is tested is the server. Resolves after `hello`. */
export async function connect(url: string, options: SocketOptions = {}): Promise<SocketClient> {
  const client = open(url, options)
  await Promise.race([client.first('hello'), client.closed])
  if (options.token !== undefined) await client.authorize(options.token, options.deviceId)
  return client
}

/** The status with which an upgrade is turned away. */
export const turnedAway = (url: string, options: SocketOptions = {}, path = SOCKET_PATH): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const ws = new WebSocket(url.replace(/^http/, 'ws') + path, handshake(options))
    ws.on('error', reject)
    ws.on('open', () => reject(new Error('was let in')))
    ws.on('unexpected-response', (_request, response) => {
      let body = ''
      response.on('data', (part: Buffer) => void (body += part.toString()))
      response.on('end', () => resolve({ status: response.statusCode!, body }))
    })
  })

const handshake = ({ header, origin, headers }: SocketOptions) => ({
  perMessageDeflate: false,
  maxPayload: 64 * 1_048_576,
  headers: { ...headers, ...(header !== undefined && { authorization: header }), ...(origin !== undefined && { origin }) },
})

function open(url: string, options: SocketOptions): SocketClient {
  const ws = new WebSocket(url.replace(/^http/, 'ws') + SOCKET_PATH, handshake(options))
  const frames: Frame[] = []
  const answers = new Map<string, (answer: { ok?: unknown; problem?: Problem }) => void>()
  const lost = new Map<string, (reason: Error) => void>()
  const { promise: closed, resolve } = Promise.withResolvers<ClosedWith>()
  let failure: Error | undefined

  ws.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as Frame
    frames.push(frame)
    if (frame.type === 'ok') answers.get(frame.ref)?.({ ok: frame.result })
    if (frame.type === 'error' && frame.ref !== null) answers.get(frame.ref)?.({ problem: frame.problem })
  })
  ws.on('error', (error) => void (failure = error))
  ws.on('close', (code) => {
    resolve({ code })
    for (const reject of lost.values()) reject(failure ?? new Error(`closed with ${code}`))
  })

  const send = (frame: unknown) => ws.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame))
  const of = <T extends ServerFrameType>(type: T) => frames.filter((frame) => frame.type === type) as ServerFrameOf<T>[]

  const ask: SocketClient['ask'] = (type, members) =>
    new Promise((settle, reject) => {
      const ref = randomBytes(6).toString('hex')
      answers.set(ref, settle as never)
      lost.set(ref, reject)
      send({ type, ref, ...members })
      if (ws.readyState > WebSocket.OPEN) reject(new Error('is closed'))
    })

  const get: SocketClient['get'] = async (type, members) => {
    const { ok, problem } = await ask(type, members)
    if (problem) throw new Error(problem.code)
    return ok
  }

  async function close(): Promise<void> {
    ws.close()
    const timer = setTimeout(() => ws.terminate(), 1_000)
    await closed
    clearTimeout(timer)
  }

  return {
    ws,
    frames,
    closed,
    ask,
    get,
    send,
    of,
    first: (type, holds = () => true) =>
      eventually(() => {
        const found = of(type).find(holds)
        if (!found) throw new Error(`no such ${type} among ${JSON.stringify(frames).slice(0, 2_000)}`)
        return found
      }),
    authorize: (token, deviceId) => ask('authorize', { token, ...(deviceId !== undefined && { device_id: deviceId }) }),
    resume: (cursors = {}, epoch) => get('resume', { cursors, ...(epoch !== undefined && { epoch }) }),
    pause: () => ws.pause(),
    goOn: () => ws.resume(),
    close,
    [Symbol.asyncDispose]: close,
  }
}
