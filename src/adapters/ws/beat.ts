import type { Duration, Instant } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { presentHeads } from '../wire/present/frames.ts'
import type { Conversation } from './conversation.ts'
import { isKnown, type Line } from './line.ts'
import type { Outgoing } from './outgoing.ts'

const MISSED = 2

interface Needs {
  readonly out: Outgoing
  readonly close: Conversation['close']
  readonly renew: Conversation['renew']
  readonly heartbeatMs: Duration
}

/** Checks one connection: whether its token has expired, whether the client is alive, and whether its heartbeat is due. */
export function lookAfter({ out, close, renew, heartbeatMs }: Needs, line: Line, now: Instant): void {
  if (line.isOver) return
  if (now >= line.believedUntil && !renew(line)) return isKnown(line) ? close(line, 4401, new Refusal('token-expired')) : close(line, 4401)
  if (now < line.nextBeatAt) return
  line.nextBeatAt = Math.max(line.nextBeatAt, now - heartbeatMs) + heartbeatMs
  // Frames that wait unread because commands are in work are a sign of life. Frames that wait because the client reads nothing are not.
  const isBusy = line.isPaused && line.backlog === undefined
  const { bytesRead } = line.socket
  const isAlive = bytesRead !== line.heardBytes || line.hasRead || isBusy
  line.heardBytes = bytesRead
  line.hasRead = false
  line.missed = isAlive ? 0 : line.missed + 1
  if (line.missed >= MISSED) return close(line, line.backlog?.hasDropped ? 4002 : 4001)
  if (line.backlog) {
    line.owesHeads = true
    return
  }
  out.ping(line)
  sayHeads({ out, heartbeatMs }, line, now)
}

/** Sends the heads of the chats that changed in the last two heartbeats. */
export function sayHeads({ out, heartbeatMs }: Pick<Needs, 'out' | 'heartbeatMs'>, line: Line, now: Instant): void {
  line.owesHeads = false
  if (isKnown(line))
    out.say(line, { type: 'heads', ...presentHeads(line.connection.heads(now - 2 * heartbeatMs)), as_of: line.connection.asOf() ?? null })
}
