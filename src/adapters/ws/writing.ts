import { emptyBacklog, isClear, takeFrom } from './backlog.ts'
import { type Batch, beginning, bytesOf, extended } from './batch.ts'
import { type Line, pause } from './line.ts'

/** Bytes of one turn of the event loop that are written without waiting for its end. */
const AT_ONCE = 65_536

/** Writes to sockets: the frames of one turn of the event loop in one write each. */
export interface Writer {
  /** Adds a frame to what is written at the end of this turn. `isShared`: other sockets get the same frame. */
  put(line: Line, frame: Buffer, isShared: boolean): void
  /** Writes what was put so far. */
  flush(line: Line): void
}

export interface WriterOptions {
  readonly gapFrame: Parameters<typeof takeFrom>[2]
  /** Nothing waits for a slow reader any longer. */
  readonly cleared: (line: Line) => void
}

export function writer({ gapFrame, cleared }: WriterOptions): Writer {
  let start: Batch = beginning()
  let lines: Line[] = []

  function flushAll(): void {
    const some = lines
    lines = []
    start = beginning()
    for (const line of some) flush(line)
  }

  function flush(line: Line): void {
    const { batch } = line
    if (batch === undefined) return
    line.batch = undefined
    write(line, bytesOf(batch))
  }

  function write(line: Line, bytes: Buffer): void {
    const { socket } = line
    if (socket.destroyed || !socket.writable) return
    socket.write(bytes)
    if (line.backlog !== undefined || !isFull(line)) return
    line.backlog = emptyBacklog()
    pause(line)
    socket.once('drain', () => refill(line))
  }

  function refill(line: Line): void {
    const { backlog, socket } = line
    if (!backlog || line.isOver) return
    line.hasRead = true
    while (!isClear(backlog) && !isFull(line)) write(line, Buffer.concat(takeFrom(backlog, AT_ONCE, gapFrame)))
    if (isFull(line)) return void socket.once('drain', () => refill(line))
    line.backlog = undefined
    cleared(line)
  }

  return {
    put(line, frame, isShared) {
      if (line.batch === undefined) {
        if (lines.length === 0) setImmediate(flushAll)
        lines.push(line)
        line.batch = extended(start, frame, isShared)
      } else line.batch = extended(line.batch, frame, isShared)
      if (line.batch.size >= AT_ONCE) flush(line)
    },
    flush,
  }
}

/** Whether bytes wait in the process for the kernel to take them: from this level on, the stream reports when they are gone. */
const isFull = ({ socket }: Line) => socket.writableLength >= socket.writableHighWaterMark
