import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { Duration, Instant } from '../../domain/ids.ts'
import { limits } from '../wire/limits.ts'
import type { Arrival, Conversation } from './conversation.ts'
import type { Outgoing } from './outgoing.ts'
import { hangUp, newSocketState, type SocketState } from './socket-state.ts'

export interface AcceptingNeeds {
  readonly talk: Conversation
  readonly out: Pick<Outgoing, 'pong'>
  readonly states: Set<SocketState>
  readonly clock: () => Instant
  readonly newId: () => string
  readonly random: () => number
  readonly heartbeatMs: Duration
  readonly metrics?: { socketOpened(): void; socketClosed(code: number): void } | undefined
}

interface Wired extends WebSocket {
  state: SocketState
}

const ignore = () => {}

/** Returns a function that begins the conversation of an open socket. All sockets share the listeners, since there are many of them. */
export function accepting({ talk, out, states, clock, newId, random, heartbeatMs, metrics }: AcceptingNeeds) {
  function received(this: WebSocket, data: unknown, isBinary: boolean): void {
    const { state } = this as Wired
    if (state.isOver) return
    if (isBinary) talk.close(state, 1003)
    else talk.take(state, data as Buffer)
  }

  function pinged(this: WebSocket, payload: Buffer): void {
    out.pong((this as Wired).state, payload)
  }

  function closed(this: WebSocket, code: number): void {
    const { state } = this as Wired
    hangUp(state)
    states.delete(state)
    metrics?.socketClosed(code)
  }

  return (ws: WebSocket, socket: Socket, arrival: Arrival): void => {
    const now = clock()
    const believedUntil = now + limits.authorize_ms
    const nextBeatAt = now + Math.ceil(heartbeatMs * random())
    const state = newSocketState({ id: newId(), ws, socket, address: arrival.address, believedUntil, nextBeatAt })
    ;(ws as Wired).state = state
    states.add(state)
    ws.on('message', received)
    ws.on('ping', pinged)
    ws.on('error', ignore)
    ws.on('close', closed)
    metrics?.socketOpened()
    void talk.greet(state, arrival)
  }
}
