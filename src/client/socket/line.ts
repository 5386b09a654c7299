import type { ClientFrameType, FrameInput, ResultOf, ServerFrame, ServerFrameOf } from '../../adapters/wire/frames.ts'
import { localError, problemError } from '../calls/problem.ts'
import type { Platform, SocketLike } from '../platform/platform.ts'

export type Members<T extends ClientFrameType> =
  FrameInput<T> extends infer F ? (F extends unknown ? Omit<F, 'type' | 'ref'> : never) : never

export type Ask = <T extends ClientFrameType>(type: T, members: Members<T>, options?: AskOptions) => Promise<ResultOf<T>>

export interface AskOptions {
  readonly signal?: AbortSignal | undefined
  /** Without an answer in this time the line is looked at, and the call rejects. */
  readonly withinMs?: number
}

/** One socket, from its opening to its end. */
export interface Line {
  /** Rejects with what the service refused, or when the line ends before the answer. */
  readonly ask: Ask
  /** Sends what needs no answer. */
  tell<T extends ClientFrameType>(type: T, members: Members<T>): void
  /** Asks for a sign of life; without one in time the line is taken for dead. */
  probe(): void
  close(): void
}

interface Ends {
  greeted(hello: ServerFrameOf<'hello'>): void
  heard(frame: Exclude<ServerFrame, { type: 'hello' | 'ok' }>): void
  /** Told once, and never after `close`. */
  ended(code: number): void
}

const CONNECT_WITHIN = 15_000
const PROBE_WITHIN = 5_000
const NO_CODE = 1006
/** A `readyState` of the WebSocket standard. */
const OPEN = 1

interface Waiting {
  resolve(result: never): void
  reject(error: unknown): void
  stop(): void
}

/** Opens a socket. Silence for twice a heartbeat ends it: what is half open looks open for ever. */
export function openLine(address: string, { WebSocket, now, later }: Pick<Platform, 'WebSocket' | 'now' | 'later'>, ends: Ends): Line {
  const waiting = new Map<string, Waiting>()
  let refs = 0
  let heartbeat = 0
  let heardAt = now()
  let isOver = false
  let stopWatching = later(CONNECT_WITHIN, () => end(NO_CODE))
  const socket: SocketLike = new WebSocket(address)

  socket.onmessage = (event: { readonly data: unknown }) => {
    if (isOver) return
    heardAt = now()
    const frame = readFrame(event.data)
    if (!frame) return
    if (frame.type === 'hello') {
      heartbeat = frame.heartbeat_ms
      stopWatching()
      watch(2 * heartbeat)
      return ends.greeted(frame)
    }
    if (frame.type === 'ok') return settle(frame.ref)?.resolve(frame.result as never)
    const asked = frame.type === 'error' && frame.ref !== null ? settle(frame.ref) : undefined
    if (asked && frame.type === 'error') return asked.reject(problemError(frame.problem))
    ends.heard(frame)
  }
  socket.onclose = (event: { readonly code?: number }) => end(event.code ?? NO_CODE)
  // A close follows every error, and says more.
  socket.onerror = () => {}

  function watch(ms: number): void {
    stopWatching = later(ms, () => {
      const silence = now() - heardAt
      if (silence >= 2 * heartbeat) end(NO_CODE)
      else watch(2 * heartbeat - silence)
    })
  }

  function settle(ref: string): Waiting | undefined {
    const found = waiting.get(ref)
    waiting.delete(ref)
    found?.stop()
    return found
  }

  /** The socket may take long to notice its own end; nobody waits for that. */
  function release(): boolean {
    if (isOver) return false
    isOver = true
    stopWatching()
    socket.onmessage = socket.onclose = socket.onopen = null
    try {
      socket.close()
    } catch {
      // One that never opened may refuse to close.
    }
    for (const ref of waiting.keys()) settle(ref)?.reject(localError('network', 'The connection ended before the answer'))
    return true
  }

  function end(code: number): void {
    if (release()) ends.ended(code)
  }

  function tell(type: ClientFrameType, members: object, ref?: string): void {
    if (isOver) throw localError('network', 'The connection is over')
    // On one that is closing already nothing is heard any longer; its end is told in a moment, with a code.
    if (socket.readyState === OPEN) socket.send(JSON.stringify({ type, ...(ref && { ref }), ...members }))
  }

  function probe(): void {
    if (isOver || heartbeat === 0) return
    const askedAt = now()
    later(PROBE_WITHIN, () => heardAt < askedAt && end(NO_CODE))
    tell('ping', {}, `p${++refs}`)
  }

  return {
    tell,
    probe,
    close: () => void release(),
    ask: (type, members, { signal, withinMs } = {}) =>
      new Promise<never>((resolve, reject) => {
        if (signal?.aborted) throw signal.reason
        const ref = `c${++refs}`
        const abort = () => settle(ref)?.reject(signal?.reason)
        const stopTimer = withinMs === undefined ? undefined : later(withinMs, late)
        const stop = () => {
          stopTimer?.()
          signal?.removeEventListener('abort', abort)
        }
        function late() {
          probe()
          settle(ref)?.reject(localError('timeout', 'No answer came in time'))
        }
        signal?.addEventListener('abort', abort)
        waiting.set(ref, { resolve, reject, stop })
        try {
          tell(type, members, ref)
        } catch (error) {
          settle(ref)?.reject(error)
        }
      }),
  }
}

/** What is no frame is no more than a sign of life. */
function readFrame(data: unknown): ServerFrame | undefined {
  try {
    return JSON.parse(String(data)) as ServerFrame
  } catch {
    return undefined
  }
}
