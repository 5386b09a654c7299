import type { Delivery } from '../../application/live/delivery.ts'
import type { ServerFrame } from '../wire/frames.ts'
import { makeRoom, putAnswer, putControl, putDelivery } from './backlog.ts'
import type { Line } from './line.ts'
import { presenting } from './presenting.ts'
import { PING, pongFrame, textFrame } from './text-frame.ts'
import { writer } from './writing.ts'

/** Frames that cannot be dropped may exceed the bound by this factor; a reader with more of them is disconnected. */
const PATIENCE = 4

/**
 * Sends frames to sockets. The frames of one socket in one turn of the event loop leave in one write; frames for a slow reader wait in a
 * queue of bounded size.
 */
export interface Outgoing {
  deliver(line: Line, delivery: Delivery): void
  /** Sends a frame to this socket alone, after all frames before it. */
  say(line: Line, frame: ServerFrame): void
  /** The same, but before the frames that wait for a slow reader. */
  sayFirst(line: Line, frame: ServerFrame): void
  ping(line: Line): void
  /** Answers a ping, unless frames wait for a slow reader. */
  pong(line: Line, payload: Buffer): void
  /** Writes the frames so far and a last one, and drops those that wait for a slow reader. */
  finish(line: Line, last?: ServerFrame): void
  /** Resolves when no frame waits for a slow reader, or the socket has ended. */
  room(line: Line): Promise<void>
}

export interface OutgoingOptions {
  /** Bytes that may wait for one reader, at most. */
  readonly bound: number
  /** No frame waits for this reader any longer. */
  readonly cleared: (line: Line) => void
  /** A reader is sent a `gap`. */
  readonly gapTold: () => void
  /** Too many frames wait that cannot be dropped. */
  readonly tooSlow: (line: Line) => void
}

export function outgoing({ bound, cleared, gapTold, tooSlow }: OutgoingOptions): Outgoing {
  const formOf = presenting()
  const { put, flush } = writer({
    gapFrame(chatId, { from, to }) {
      gapTold()
      return encoded({ type: 'gap', chat_id: chatId, from, to })
    },
    cleared(line) {
      clear(line)
      cleared(line)
    },
  })

  /** Drops frames until those that wait are within the bound. */
  function bounded(line: Line): void {
    const { backlog, socket } = line
    if (!backlog || backlog.bytes + socket.writableLength <= bound) return
    makeRoom(backlog, (bound - socket.writableLength) / 2)
    if (backlog.bytes > PATIENCE * bound) tooSlow(line)
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

const encoded = (frame: ServerFrame) => textFrame(JSON.stringify(frame))

/** Tells all who wait for room that there is some, or that nobody reads any longer. */
function clear(line: Line): void {
  const waiting = line.whenClear
  line.whenClear = undefined
  for (const resolve of waiting ?? []) resolve()
}
