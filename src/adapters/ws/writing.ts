import { emptyBacklog, isClear, takeFrom } from './backlog.ts'
import { type Batch, beginning, bytesOf, extended } from './batch.ts'
import { pause, type SocketState } from './socket-state.ts'

/** Bytes of one turn of the event loop that are written without waiting for its end. */
const AT_ONCE = 65_536

/** Writes to sockets: the frames of one turn of the event loop in one write each. */
export interface Writer {
  /** Adds a frame to what is written at the end of this turn. `isShared`: other sockets get the same frame. */
  put(state: SocketState, frame: Buffer, isShared: boolean): void
  /** Writes what was put so far. */
  flush(state: SocketState): void
}

export interface WriterOptions {
  readonly gapFrame: Parameters<typeof takeFrom>[2]
  /** Nothing waits for a slow reader any longer. */
  readonly cleared: (state: SocketState) => void
}

export function writer({ gapFrame, cleared }: WriterOptions): Writer {
  let start: Batch = beginning()
  let states: SocketState[] = []

  function flushAll(): void {
    const some = states
    states = []
    start = beginning()
    for (const state of some) flush(state)
  }

  function flush(state: SocketState): void {
    const { batch } = state
    if (batch === undefined) return
    state.batch = undefined
    write(state, bytesOf(batch))
  }

  function write(state: SocketState, bytes: Buffer): void {
    const { socket } = state
    if (socket.destroyed || !socket.writable) return
    socket.write(bytes)
    if (state.backlog !== undefined || !isFull(state)) return
    state.backlog = emptyBacklog()
    pause(state)
    socket.once('drain', () => refill(state))
  }

  function refill(state: SocketState): void {
    const { backlog, socket } = state
    if (!backlog || state.isOver) return
    state.hasRead = true
    while (!isClear(backlog) && !isFull(state)) write(state, Buffer.concat(takeFrom(backlog, AT_ONCE, gapFrame)))
    if (isFull(state)) return void socket.once('drain', () => refill(state))
    state.backlog = undefined
    cleared(state)
  }

  return {
    put(state, frame, isShared) {
      if (state.batch === undefined) {
        if (states.length === 0) setImmediate(flushAll)
        states.push(state)
        state.batch = extended(start, frame, isShared)
      } else state.batch = extended(state.batch, frame, isShared)
      if (state.batch.size >= AT_ONCE) flush(state)
    },
    flush,
  }
}

/** Whether bytes wait in the process for the kernel to take them: from this level on, the stream reports when they are gone. */
const isFull = ({ socket }: SocketState) => socket.writableLength >= socket.writableHighWaterMark
