import type { Duration } from '../../domain/ids.ts'
import type { Conversation } from './conversation.ts'
import type { Outgoing } from './outgoing.ts'
import type { SocketState } from './socket-state.ts'

const WAVES = 10
/** Connections that other processes accept per second, about. */
const PER_SECOND = 500

interface Needs {
  readonly states: ReadonlySet<SocketState>
  readonly out: Outgoing
  readonly close: Conversation['close']
  readonly random: () => number
  readonly pause: (length: Duration) => Promise<unknown>
}

/**
 * Closes all connections, spread over the time in which other processes can accept them, at most half of the deadline. A connection with
 * commands in work is closed when they are answered. Those that are left at the deadline are terminated.
 */
export async function drain({ states, out, close, random, pause }: Needs, deadlineMs: Duration): Promise<void> {
  const span = Math.min(deadlineMs / 2, (states.size / PER_SECOND) * 1_000)
  const leaving = [...states]
  for (const state of leaving) out.sendFirst(state, { type: 'reconnect', after_ms: Math.round(random() * span) })
  for (let wave = 1; wave <= WAVES && states.size > 0; wave++) {
    await pause(span / WAVES)
    for (const state of leaving.splice(0, Math.ceil(leaving.length / (WAVES - wave + 1)))) leave(state, close)
  }
  const step = Math.max(10, deadlineMs / 200)
  for (let waited = span; states.size > 0 && waited < deadlineMs; waited += step) {
    for (const state of states) leave(state, close)
    await pause(step)
  }
  for (const state of states) state.ws.terminate()
}

function leave(state: SocketState, close: Conversation['close']): void {
  if (state.inWork === 0) return close(state, 4000)
  state.isLeaving = true
}
