import type { ServerFrame, ServerFrameOf } from '../../adapters/wire/frames.ts'
import { localError, problemError } from '../calls/problem.ts'
import type { Platform, SocketConstructor, SocketLike } from '../platform/platform.ts'
import { pendingRequests, type Request, type Send } from './requests.ts'

/** One socket, from its opening to its end. */
export interface Socket {
  readonly request: Request
  readonly send: Send
  /** Asks for a sign of life; without one in time the connection is taken for lost. */
  probe(): void
  close(): void
}

/** A frame that answers no request. */
export type Unasked = Exclude<ServerFrame, { type: 'hello' | 'ok' }>

interface Listeners {
  greeted(hello: ServerFrameOf<'hello'>): void
  received(frame: Unasked): void
  /** Called once, and never after `close`. */
  ended(code: number): void
}

const CONNECT_WITHIN = 15_000
const PROBE_WITHIN = 5_000
const NO_CODE = 1006
/** A `readyState` of the WebSocket standard. */
const OPEN = 1

/** Opens a socket. Silence for two heartbeats ends it: a half-open connection never ends by itself. Throws what the constructor throws. */
export function openSocket(address: string, WebSocket: SocketConstructor, { now, later }: Clock, listeners: Listeners): Socket {
  const raw: SocketLike = new WebSocket(address)
  const requests = pendingRequests(later, probe)
  let heartbeat = 0
  let receivedAt = now()
  let isOver = false
  let stopProbe = () => {}
  let stopWatching = later(CONNECT_WITHIN, () => end(NO_CODE))

  raw.onmessage = (event: { readonly data: unknown }) => {
    if (isOver) return
    receivedAt = now()
    const frame = readFrame(event.data)
    if (!frame) return
    if (frame.type === 'hello') {
      heartbeat = frame.heartbeat_ms
      stopWatching()
      watch(2 * heartbeat)
      return listeners.greeted(frame)
    }
    if (frame.type === 'ok') return requests.resolve(frame.ref, frame.result)
    if (frame.type !== 'error' || !requests.reject(frame.ref ?? '', problemError(frame.problem))) listeners.received(frame)
  }
  raw.onclose = ({ code = NO_CODE }: { readonly code?: number }) => end(code)
  raw.onerror = () => {} // A close follows, and says more.

  function watch(ms: number): void {
    stopWatching = later(ms, () => {
      const silence = now() - receivedAt
      if (silence >= 2 * heartbeat) end(NO_CODE)
      else watch(2 * heartbeat - silence)
    })
  }

  function close(): void {
    if (isOver) return
    isOver = true
    stopWatching()
    stopProbe()
    abandon(raw)
    requests.rejectAll(localError('network', 'The connection ended before the answer'))
  }

  function end(code: number): void {
    if (isOver) return
    close()
    listeners.ended(code)
  }

  function write(frame: object): void {
    if (isOver) throw localError('network', 'The connection has ended')
    // One that is closing delivers nothing any more; its end is reported in a moment, with a code.
    if (raw.readyState === OPEN) raw.send(JSON.stringify(frame))
  }

  function probe(): void {
    if (isOver || heartbeat === 0) return
    const askedAt = now()
    stopProbe()
    stopProbe = later(PROBE_WITHIN, () => receivedAt < askedAt && end(NO_CODE))
    write({ type: 'ping', ref: requests.nextRef() })
  }

  return {
    request: (type, members, options) => requests.make((ref) => write({ type, ref, ...members }), options) as Promise<never>,
    send: (type, members) => write({ type, ...members }),
    probe,
    close,
  }
}

type Clock = Pick<Platform, 'now' | 'later'>

/** A socket may take long to notice its own end; nobody waits for that. */
function abandon(raw: SocketLike): void {
  raw.onmessage = raw.onclose = raw.onopen = null
  try {
    raw.close()
  } catch {
    // One that never opened may refuse to close.
  }
}

/** What is no frame is no more than a sign of life. */
function readFrame(data: unknown): ServerFrame | undefined {
  try {
    const frame: unknown = JSON.parse(String(data))
    return typeof frame === 'object' && frame !== null && 'type' in frame ? (frame as ServerFrame) : undefined
  } catch {
    return undefined
  }
}
