import type { Delivery } from '../../application/live/delivery.ts'
import type { ServerFrame } from '../wire/frames.ts'
import { emptyBacklog, isClear, makeRoom, putAnswer, putControl, putDelivery, takeFrom } from './backlog.ts'
import { beginning, bytesOf, extended } from './batch.ts'
import { type Line, pause } from './line.ts'
import { presenting } from './presenting.ts'
import { PING, pongFrame, textFrame } from './text-frame.ts'

/** So many bytes of one turn are written without waiting for its end. */
const AT_ONCE = 65_536
/** What cannot be dropped may be so many times the bound; a reader with more of it is given up. */
const PATIENCE = 4

/**
 * The way out of all sockets. What one socket is told in one turn of the event loop leaves in one write; what a reader is too slow for
 * waits in a queue of bounded size.
 */
export interface Outgoing {
  deliver(line: Line, delivery: Delivery): void
  /** Something for this socket alone, after all that it was told before. */
  say(line: Line, frame: ServerFrame): void
  /** The same, but before what waits for a slow reader. */
  sayFirst(line: Line, frame: ServerFrame): void
  ping(line: Line): void
  /** Answers a ping; one who does not read gets no answers. */
  pong(line: Line, payload: Buffer): void
  /** Writes what was said so far; with something to say at the end, whoever reads or not. */
  finish(line: Line, last?: ServerFrame): void
  /** Resolves when nothing waits for the reader, or nobody reads any longer. */
  room(line: Line): Promise<void>
}

export interface OutgoingOptions {
  /** How many bytes may wait for one reader. */
  readonly bound: number
  /** Nothing waits any longer. */
  readonly cleared: (line: Line) => void
  /** A reader hears that events were dropped. */
  readonly gapTold: () => void
  /** More waits than can be dropped. */
  readonly tooSlow: (line: Line) => void
}

export function outgoing({ bound, cleared, gapTold, tooSlow }: OutgoingOptions): Outgoing {
  const formOf = presenting()
  let start = beginning()
  let spoken: Line[] = []

  function flushAll(): void {
    const lines = spoken
    spoken = []
    start = beginning()
    for (const line of lines) flush(line)
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
    if (line.backlog === undefined && isFull(line)) {
      line.backlog = emptyBacklog()
      pause(line)
      socket.once('drain', () => refill(line))
    }
  }

  /** What waits in the process for the kernel to take it: from so many bytes on, the stream says when they are gone. */
  const isFull = ({ socket }: Line) => socket.writableLength >= socket.writableHighWaterMark

  function refill(line: Line): void {
    const { backlog, socket } = line
    if (!backlog || line.isOver) return
    line.hasRead = true
    while (!isClear(backlog) && !isFull(line)) {
      const frames = takeFrom(backlog, AT_ONCE, gapFrame)
      write(line, Buffer.concat(frames))
    }
    if (isFull(line)) return void socket.once('drain', () => refill(line))
    line.backlog = undefined
    clear(line)
    cleared(line)
  }

  function clear(line: Line): void {
    const waiting = line.whenClear
    line.whenClear = undefined
    for (const resolve of waiting ?? []) resolve()
  }

  function put(line: Line, frame: Buffer, isShared: boolean): void {
    if (line.batch === undefined) {
      if (spoken.length === 0) setImmediate(flushAll)
      spoken.push(line)
      line.batch = extended(start, frame, isShared)
    } else line.batch = extended(line.batch, frame, isShared)
    if (line.batch.size >= AT_ONCE) flush(line)
  }

  /** Keeps what waits within its bound. */
  function bounded(line: Line): void {
    const { backlog, socket } = line
    if (!backlog || backlog.bytes + socket.writableLength <= bound) return
    makeRoom(backlog, (bound - socket.writableLength) / 2)
    if (backlog.bytes > PATIENCE * bound) tooSlow(line)
  }

  const encoded = (frame: ServerFrame) => textFrame(JSON.stringify(frame))

  function gapFrame(chatId: string, { from, to }: { readonly from: number; readonly to: number }): Buffer {
    gapTold()
    return encoded({ type: 'gap', chat_id: chatId, from, to })
  }

  return {
    deliver(line, delivery) {
      if (line.isOver) return
      const { frame, isShared } = formOf(delivery, line.caller!.userId)
      if (line.backlog === undefined) return put(line, frame, isShared)
      putDelivery(line.backlog, delivery, frame)
      bounded(line)
    },
    say(line, frame) {
      if (line.isOver) return
      if (line.backlog === undefined) return put(line, encoded(frame), false)
      putAnswer(line.backlog, encoded(frame))
      bounded(line)
    },
    sayFirst(line, frame) {
      if (line.isOver) return
      if (line.backlog === undefined) return put(line, encoded(frame), false)
      putControl(line.backlog, encoded(frame))
    },
    ping(line) {
      if (line.backlog === undefined) put(line, PING, true)
    },
    pong(line, payload) {
      if (line.backlog === undefined && !line.isOver) put(line, pongFrame(payload), false)
    },
    finish(line, last) {
      flush(line)
      line.backlog = undefined
      clear(line)
      if (last && line.socket.writable) line.socket.write(encoded(last))
    },
    room: (line) =>
      line.backlog === undefined || line.isOver ? Promise.resolve() : new Promise((resolve) => (line.whenClear ??= []).push(resolve)),
  }
}
