import type { ChatApi } from '../../application/chat-api.ts'
import type { Hub } from '../../application/live/hub.ts'
import type { Duration } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { FrameOf, ResultOf } from '../wire/frames.ts'
import { presentAuthorized } from '../wire/present/frames.ts'
import { closeFor } from './closing.ts'
import type { Endings } from './endings.ts'
import type { Known, Line } from './line.ts'
import type { Outgoing } from './outgoing.ts'

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
  believe(line: Line, given: Given): ReturnType<ChatApi['authenticate']>
  /** Takes the caller whom the host identifies, if there is one. */
  recognize(line: Line, identify: () => Promise<Recognized | undefined>): Promise<void>
  /** Asks the host again before a socket that it identified is given up. Returns whether it is asked. */
  renew(line: Line): boolean
  authorize(line: Line, frame: FrameOf<'authorize'>): Promise<ResultOf<'authorize'>>
}

export function authentication({ api, hub, perPerson, out, close }: AuthenticationNeeds): Authentication {
  /** Methods that all authenticated sockets share, since there are many of them. */
  const viewers: Pick<Known, 'deliver' | 'end'> & ThisType<Known> = {
    deliver(delivery) {
      out.deliver(this.line, delivery)
    },
    end(why) {
      close(this.line, closeFor[why])
    },
  }

  async function believe(line: Line, { token, actAs, deviceId }: Given) {
    const known = await api.authenticate(token, actAs)
    line.identify = undefined
    return accept(line, known, deviceId)
  }

  function accept(line: Line, { expiresAt, ...caller }: Recognized, deviceId?: string) {
    const { userId } = caller
    if (line.isOver || (line.caller && line.caller.userId !== userId)) throw new Refusal('unauthenticated')
    if (!line.connection && hub.connectionsOf(userId) >= perPerson) throw new Refusal('too-many-requests', { retryAfterMs: RETRY_AFTER })
    line.believedUntil = expiresAt
    if (line.caller) Object.assign(line.caller, caller)
    else {
      line.caller = Object.assign(Object.create(viewers) as typeof viewers, { ...caller, line, deviceId, address: line.address })
      line.connection = hub.open(line.caller)
    }
    return { ...caller, expiresAt }
  }

  async function recognize(line: Line, identify: () => Promise<Recognized | undefined>): Promise<void> {
    const known = await identify()
    if (!known) return
    accept(line, known)
    line.identify = identify
  }

  return {
    believe,
    recognize,
    renew(line) {
      const { identify } = line
      if (!identify) return false
      line.believedUntil += RETRY_AFTER
      const expired = () => close(line, 4401, new Refusal('token-expired'))
      identify().then((known) => {
        if (line.isOver) return
        if (known?.userId === line.caller?.userId && known) accept(line, known)
        else expired()
      }, expired)
      return true
    },
    async authorize(line, { token, act_as, device_id }) {
      line.isChecking = true
      try {
        return presentAuthorized(await believe(line, { token, actAs: act_as, deviceId: device_id }))
      } finally {
        line.isChecking = false
      }
    },
  }
}
