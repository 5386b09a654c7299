import type { Delivery } from '../../application/live/delivery.ts'
import type { ServerFrame } from '../wire/frames.ts'
import { makeRoom, putAnswer, putControl, putDelivery } from './backlog.ts'
import { presenting } from './presenting.ts'
import type { SocketState } from './socket-state.ts'
import { PING, pongFrame, textFrame } from './text-frame.ts'
import { writer } from './writing.ts'

/** Frames that cannot be dropped may exceed the bound by this factor; a reader with more of them is disconnected. */
const PATIENCE = 4

/**
 * Sends frames to sockets. The frames of one socket in one turn of the event loop leave in one write; frames for a slow reader wait in a
 * queue of bounded size.
 */
export interface Outgoing {
  deliver(state: SocketState, delivery: Delivery): void
  /** Sends a frame to this socket alone, after all frames before it. */
  send(state: SocketState, frame: ServerFrame): void
  /** The same, but before the frames that wait for a slow reader. */
  sendFirst(state: SocketState, frame: ServerFrame): void
  ping(state: SocketState): void
  /** Answers a ping, unless frames wait for a slow reader. */
  pong(state: SocketState, payload: Buffer): void
  /** Writes the frames so far and a last one, and drops those that wait for a slow reader. */
  finish(state: SocketState, last?: ServerFrame): void
  /** Resolves when no frame waits for a slow reader, or the socket has ended. */
  room(state: SocketState): Promise<void>
}

export interface OutgoingOptions {
  /** Bytes that may wait for one reader, at most. */
  readonly bound: number
  /** No frame waits for this reader any longer. */
  readonly cleared: (state: SocketState) => void
  /** A reader is sent a `gap`. */
  readonly gapSent: () => void
  /** Too many frames wait that cannot be dropped. */
  readonly tooSlow: (state: SocketState) => void
}

export function outgoing({ bound, cleared, gapSent, tooSlow }: OutgoingOptions): Outgoing {
  const formOf = presenting()
  const { put, flush } = writer({
    gapFrame(chatId, { from, to }) {
      gapSent()
      return encoded({ type: 'gap', chat_id: chatId, from, to })
    },
    cleared(state) {
      clear(state)
      cleared(state)
    },
  })

  /** Drops frames until those that wait are within the bound. */
  function bounded(state: SocketState): void {
    const { backlog, socket } = state
    if (!backlog || backlog.bytes + socket.writableLength <= bound) return
    makeRoom(backlog, (bound - socket.writableLength) / 2)
    if (backlog.bytes > PATIENCE * bound) tooSlow(state)
  }

  return {
    deliver(state, delivery) {
      if (state.isOver) return
      const { frame, isShared } = formOf(delivery, state.caller!.userId)
      if (state.backlog === undefined) return put(state, frame, isShared)
      putDelivery(state.backlog, delivery, frame)
      bounded(state)
    },
    send(state, frame) {
      if (state.isOver) return
      if (state.backlog === undefined) return put(state, encoded(frame), false)
      putAnswer(state.backlog, encoded(frame))
      bounded(state)
    },
    sendFirst(state, frame) {
      if (state.isOver) return
      if (state.backlog === undefined) return put(state, encoded(frame), false)
      putControl(state.backlog, encoded(frame))
    },
    ping(state) {
      if (state.backlog === undefined) put(state, PING, true)
    },
    pong(state, payload) {
      if (state.backlog === undefined && !state.isOver) put(state, pongFrame(payload), false)
    },
    finish(state, last) {
      flush(state)
      state.backlog = undefined
      clear(state)
      if (last && state.socket.writable) state.socket.write(encoded(last))
    },
    room: (state) =>
      state.backlog === undefined || state.isOver ? Promise.resolve() : new Promise((resolve) => (state.whenClear ??= []).push(resolve)),
  }
}

const encoded = (frame: ServerFrame) => textFrame(JSON.stringify(frame))

/** Tells all who wait for room that there is some, or that nobody reads any longer. */
function clear(state: SocketState): void {
  const waiting = state.whenClear
  state.whenClear = undefined
  for (const resolve of waiting ?? []) resolve()
}
