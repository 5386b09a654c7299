import type { ChatApi } from '../../application/chat-api.ts'
import type { Hub } from '../../application/live/hub.ts'
import type { Duration } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { FrameOf, ResultOf } from '../wire/frames.ts'
import { presentAuthorized } from '../wire/present/frames.ts'
import { closeFor } from './closing.ts'
import type { Endings } from './endings.ts'
import type { Outgoing } from './outgoing.ts'
import type { Known, SocketState } from './socket-state.ts'

const RETRY_AFTER: Duration = 30_000

export interface AuthenticationNeeds {
  readonly api: Pick<ChatApi, 'authenticate'>
  readonly hub: Pick<Hub, 'open' | 'connectionsOf'>
  /** Connections of one user, at most. */
  readonly perPerson: number
  readonly out: Pick<Outgoing, 'deliver'>
  readonly close: Endings['close']
}

/** Whom the host knows, and until when. */
export type Recognized = Awaited<ReturnType<ChatApi['authenticate']>>

interface Given {
  readonly token: string
  readonly actAs?: string | undefined
  readonly deviceId?: string | undefined
}

/** Authenticates sockets: by the header of the upgrade, or by the frame `authorize`, which may come again. */
export interface Authentication {
  /** Takes a token. Throws if it is invalid or of another user than the socket has. */
  believe(state: SocketState, given: Given): ReturnType<ChatApi['authenticate']>
  /** Takes the caller whom the host identifies, if there is one. */
  recognize(state: SocketState, identify: () => Promise<Recognized | undefined>): Promise<void>
  /** Asks the host again before a socket that it identified is given up. Returns whether it is asked. */
  renew(state: SocketState): boolean
  authorize(state: SocketState, frame: FrameOf<'authorize'>): Promise<ResultOf<'authorize'>>
}

export function authentication({ api, hub, perPerson, out, close }: AuthenticationNeeds): Authentication {
  /** Methods that all authenticated sockets share, since there are many of them. */
  const viewers: Pick<Known, 'deliver' | 'end'> & ThisType<Known> = {
    deliver(delivery) {
      out.deliver(this.state, delivery)
    },
    end(why) {
      close(this.state, closeFor[why])
    },
  }

  async function believe(state: SocketState, { token, actAs, deviceId }: Given) {
    const known = await api.authenticate(token, actAs)
    state.identify = undefined
    return accept(state, known, deviceId)
  }

  function accept(state: SocketState, { expiresAt, ...caller }: Recognized, deviceId?: string) {
    const { userId } = caller
    if (state.isOver || (state.caller && state.caller.userId !== userId)) throw new Refusal('unauthenticated')
    if (!state.connection && hub.connectionsOf(userId) >= perPerson) throw new Refusal('too-many-requests', { retryAfterMs: RETRY_AFTER })
    state.believedUntil = expiresAt
    if (state.caller) Object.assign(state.caller, caller)
    else {
      state.caller = Object.assign(Object.create(viewers) as typeof viewers, { ...caller, state, deviceId, address: state.address })
      state.connection = hub.open(state.caller)
    }
    return { ...caller, expiresAt }
  }

  async function recognize(state: SocketState, identify: () => Promise<Recognized | undefined>): Promise<void> {
    const known = await identify()
    if (!known) return
    accept(state, known)
    state.identify = identify
  }

  return {
    believe,
    recognize,
    renew(state) {
      const { identify } = state
      if (!identify) return false
      state.believedUntil += RETRY_AFTER
      const expired = () => close(state, 4401, new Refusal('token-expired'))
      identify().then((known) => {
        if (state.isOver) return
        if (known?.userId === state.caller?.userId && known) accept(state, known)
        else expired()
      }, expired)
      return true
    },
    async authorize(state, { token, act_as, device_id }) {
      state.isChecking = true
      try {
        return presentAuthorized(await believe(state, { token, actAs: act_as, deviceId: device_id }))
      } finally {
        state.isChecking = false
      }
    },
  }
}
