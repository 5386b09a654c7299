import { setTimeout as pause } from 'node:timers/promises'
import type { Duration } from '../../domain/ids.ts'
import type { Conversation } from './conversation.ts'
import type { Line } from './line.ts'
import type { Outgoing } from './outgoing.ts'

const WAVES = 10
/** Connections that other processes accept per second, about. */
const PER_SECOND = 500

interface Needs {
  readonly lines: ReadonlySet<Line>
  readonly out: Outgoing
  readonly close: Conversation['close']
  readonly random: () => number
}

/**
 * Closes all connections, spread over the time in which other processes can accept them, at most half of the deadline. A connection with
 * commands in work is closed when they are answered. Those that are left at the deadline are terminated.
 */
export async function drain({ lines, out, close, random }: Needs, deadlineMs: Duration): Promise<void> {
  const span = Math.min(deadlineMs / 2, (lines.size / PER_SECOND) * 1_000)
  const leaving = [...lines]
  for (const line of leaving) out.sayFirst(line, { type: 'reconnect', after_ms: Math.round(random() * span) })
  for (let wave = 1; wave <= WAVES && lines.size > 0; wave++) {
    await pause(span / WAVES)
    for (const line of leaving.splice(0, Math.ceil(leaving.length / (WAVES - wave + 1)))) leave(line, close)
  }
  const step = Math.max(10, deadlineMs / 200)
  for (let waited = span; lines.size > 0 && waited < deadlineMs; waited += step) {
    for (const line of lines) leave(line, close)
    await pause(step)
  }
  for (const line of lines) line.ws.terminate()
}

function leave(line: Line, close: Conversation['close']): void {
  if (line.inWork === 0) return close(line, 4000)
  line.isLeaving = true
}
