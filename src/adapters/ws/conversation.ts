import type { ChatApi } from '../../application/chat-api.ts'
import { networkOf } from '../../application/network.ts'
import type { RateLimiter } from '../../application/ports/limiter.ts'
import type { Duration } from '../../domain/ids.ts'
import { bearerOf } from '../wire/bearer.ts'
import { limits } from '../wire/limits.ts'
import { presentHello } from '../wire/present/frames.ts'
import { type Authentication, type AuthenticationNeeds, authentication, type Recognized } from './authentication.ts'
import { closeAfter } from './closing.ts'
import { commands } from './commands.ts'
import { type Endings, type EndingsNeeds, endings } from './endings.ts'
import { frameHandlers } from './handlers.ts'
import type { Outgoing } from './outgoing.ts'
import { type Reading, type ReadingNeeds, reading } from './reading.ts'
import type { SocketState } from './socket-state.ts'

/** Address and credentials of an upgrade. */
export interface Arrival {
  readonly address: string
  readonly authorization: string | undefined
  readonly actAs: string | undefined
  /** Asks the host whom it knows by this upgrade. */
  readonly identify?: (() => Promise<Recognized | undefined>) | undefined
}

/** What is sent and received on a socket, from the first frame to the last. */
export interface Conversation extends Reading, Pick<Endings, 'close'> {
  /** Asks the host again whom it knows, if it was asked before. Returns whether it is asked. */
  renew: Authentication['renew']
  /** Admits a socket and sends `hello`. */
  greet(state: SocketState, arrival: Arrival): Promise<void>
}

export interface ConversationNeeds
  extends Pick<AuthenticationNeeds, 'hub' | 'perPerson'>,
    Pick<EndingsNeeds, 'defect'>,
    Pick<ReadingNeeds, 'activity' | 'clock'> {
  readonly api: ChatApi
  readonly limiter: RateLimiter
  readonly epoch: string
  /** Bytes of a file, at most. */
  readonly fileLimit?: number | undefined
  /** Members of a group, at most. */
  readonly groupLimit?: number | undefined
  readonly heartbeatMs: Duration
  readonly out: Outgoing
}

export function conversation(needs: ConversationNeeds): Conversation {
  const { api, limiter, clock, epoch, heartbeatMs, out, fileLimit = limits.file_bytes, groupLimit = limits.group_members } = needs
  const told = { ...limits, file_bytes: fileLimit, group_members: groupLimit }
  const { refuse, close } = endings(needs)
  const { believe, recognize, authorize, renew } = authentication({ ...needs, close })
  const handlers = frameHandlers({ api, authorize, room: out.room })
  const carryOut = commands({ handlers, limiter, out, refuse, close, answered: (state) => goOn(state) })
  const { take, goOn } = reading({ ...needs, refuse, close, carryOut })

  async function greet(state: SocketState, { address, authorization, actAs, identify }: Arrival): Promise<void> {
    let thrown: unknown
    try {
      await limiter.admit('connect', networkOf(address))
      if (authorization !== undefined) await believe(state, { token: bearerOf(authorization) ?? '', actAs })
      else if (identify) await recognize(state, identify)
    } catch (error) {
      thrown = error
    }
    if (state.isOver) return
    const { id: connectionId, caller } = state
    out.send(state, presentHello({ connectionId, epoch, heartbeatMs, now: clock(), limits: told, userId: caller?.userId }))
    state.isChecking = false
    if (thrown === undefined) return goOn(state)
    refuse(state, { ref: null, number: 0 }, thrown)
    close(state, closeAfter(thrown) ?? 1011)
  }

  return { greet, take, goOn, close, renew }
}
