import type { Duration, Instant } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { presentHeads } from '../wire/present/frames.ts'
import type { Conversation } from './conversation.ts'
import type { Outgoing } from './outgoing.ts'
import { isKnown, type SocketState } from './socket-state.ts'

const MISSED = 2

interface Needs {
  readonly out: Outgoing
  readonly close: Conversation['close']
  readonly renew: Conversation['renew']
  readonly heartbeatMs: Duration
}

/** Checks one connection: whether its token has expired, whether the client is alive, and whether its heartbeat is due. */
export function lookAfter({ out, close, renew, heartbeatMs }: Needs, state: SocketState, now: Instant): void {
  if (state.isOver) return
  if (now >= state.believedUntil && !renew(state))
    return isKnown(state) ? close(state, 4401, new Refusal('token-expired')) : close(state, 4401)
  if (now < state.nextBeatAt) return
  state.nextBeatAt = Math.max(state.nextBeatAt, now - heartbeatMs) + heartbeatMs
  // Frames that wait unread because commands are in work are a sign of life. Frames that wait because the client reads nothing are not.
  const isBusy = state.isPaused && state.backlog === undefined
  const { bytesRead } = state.socket
  const isAlive = bytesRead !== state.heardBytes || state.hasRead || isBusy
  state.heardBytes = bytesRead
  state.hasRead = false
  state.missed = isAlive ? 0 : state.missed + 1
  if (state.missed >= MISSED) return close(state, state.backlog?.hasDropped ? 4002 : 4001)
  if (state.backlog) {
    state.owesHeads = true
    return
  }
  out.ping(state)
  sayHeads({ out, heartbeatMs }, state, now)
}

/** Sends the heads of the chats that changed in the last two heartbeats. */
export function sayHeads({ out, heartbeatMs }: Pick<Needs, 'out' | 'heartbeatMs'>, state: SocketState, now: Instant): void {
  state.owesHeads = false
  if (isKnown(state))
    out.send(state, {
      type: 'heads',
      ...presentHeads(state.connection.heads(now - 2 * heartbeatMs)),
      as_of: state.connection.asOf() ?? null,
    })
}
