import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { Duration, Instant } from '../../domain/ids.ts'
import { limits } from '../wire/limits.ts'
import type { Arrival, Conversation } from './conversation.ts'
import { hangUp, type Line, newLine } from './line.ts'
import type { Outgoing } from './outgoing.ts'

export interface AcceptingNeeds {
  readonly talk: Conversation
  readonly out: Pick<Outgoing, 'pong'>
  readonly lines: Set<Line>
  readonly clock: () => Instant
  readonly newId: () => string
  readonly random: () => number
  readonly heartbeatMs: Duration
  readonly metrics?: { socketOpened(): void; socketClosed(code: number): void } | undefined
}

interface Wired extends WebSocket {
  line: Line
}

const ignore = () => {}

/** Returns a function that begins the conversation of an open socket. All sockets share the listeners, since there are many of them. */
export function accepting({ talk, out, lines, clock, newId, random, heartbeatMs, metrics }: AcceptingNeeds) {
  function received(this: WebSocket, data: unknown, isBinary: boolean): void {
    const { line } = this as Wired
    if (line.isOver) return
    if (isBinary) talk.close(line, 1003)
    else talk.take(line, data as Buffer)
  }

  function pinged(this: WebSocket, payload: Buffer): void {
    out.pong((this as Wired).line, payload)
  }

  function closed(this: WebSocket, code: number): void {
    const { line } = this as Wired
    hangUp(line)
    lines.delete(line)
    metrics?.socketClosed(code)
  }

  return (ws: WebSocket, socket: Socket, arrival: Arrival): void => {
    const now = clock()
    const believedUntil = now + limits.authorize_ms
    const nextBeatAt = now + Math.ceil(heartbeatMs * random())
    const line = newLine({ id: newId(), ws, socket, address: arrival.address, believedUntil, nextBeatAt })
    ;(ws as Wired).line = line
    lines.add(line)
    ws.on('message', received)
    ws.on('ping', pinged)
    ws.on('error', ignore)
    ws.on('close', closed)
    metrics?.socketOpened()
    void talk.greet(line, arrival)
  }
}
