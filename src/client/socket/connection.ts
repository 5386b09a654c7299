import type { CloseCode } from '../../adapters/wire/closes.ts'
import { localError } from '../calls/problem.ts'
import { fullJitter } from '../platform/backoff.ts'
import { type Cell, cell } from '../platform/store.ts'
import type { ConnectionState, StopReason, Store } from '../types.ts'
import { type Attempt, type AttemptNeeds, attempt } from './attempt.ts'
import type { Request, Send } from './requests.ts'
import type { Socket } from './socket.ts'

export interface Connection {
  readonly state: Store<ConnectionState>
  /** Connects, and keeps connected until `stop`. */
  start(): void
  reconnectNow(): void
  /** Disconnects; without a reason `start` begins again. */
  stop(reason?: 'closed' | 'signed-out'): void
  /** Rejects at once without a connection. */
  readonly request: Request
  readonly send: Send
}

interface Needs extends AttemptNeeds {
  authorized(userId: string): void
}

/** A connection that has lasted so long counts as good: the next failure is the first one again. */
const STABLE = 10_000
const ANSWER_WITHIN = 15_000
/** With too many connections, a few more quick attempts make it worse. */
const PATIENT = 4
const TOO_MANY = 4029
const UNAUTHENTICATED = 4401
const ENDED = 4403
/** Why the client stops after these close codes; after all others it comes back. */
export const stopReasons = {
  1003: 'protocol',
  1009: 'protocol',
  4400: 'protocol',
  4401: 'signed-out',
  4403: 'signed-out',
  4409: 'replaced',
} as const satisfies Partial<Record<CloseCode, StopReason>>

/** Keeps a connection: connects when there is a reason to, and says how it stands. */
export function connection(needs: Needs): Connection {
  const { platform } = needs
  const state = cell<ConnectionState>({ status: 'idle' })
  const line = attempts(needs, state)
  let unwatch: (() => void) | undefined

  function surroundings(what: 'online' | 'offline' | 'shown'): void {
    const { status } = state.get()
    if (status === 'idle' || status === 'stopped') return
    if (what === 'offline') line.leave({ status: 'offline' })
    else if (status === 'online') line.socket()?.probe()
    else if (status !== 'connecting') line.connect()
  }

  const up = (): Socket => {
    const socket = state.get().status === 'online' ? line.socket() : undefined
    if (!socket) throw localError('network', 'There is no connection')
    return socket
  }

  return {
    state,
    start() {
      unwatch ??= platform.watch(surroundings)
      if (state.get().status === 'idle') line.connect()
    },
    reconnectNow() {
      const { status } = state.get()
      if (status === 'online') line.socket()?.probe()
      if (status === 'online' || status === 'idle' || status === 'connecting' || !unwatch) return
      line.forget()
      line.connectNow()
    },
    stop(reason) {
      if (reason === 'signed-out') {
        // Why it stopped by itself says more than that somebody signed out because of it.
        if (state.get().status !== 'stopped') line.leave({ status: 'stopped', reason, code: undefined })
        return
      }
      unwatch?.()
      unwatch = undefined
      line.forget()
      line.leave(reason ? { status: 'stopped', reason, code: undefined } : { status: 'idle' })
    },
    request: async (type, members, options) => await up().request(type, members, { withinMs: ANSWER_WITHIN, ...options }),
    send: (type, members) => up().send(type, members),
  }
}

/** One attempt after another: decides when to try again, and when to stop. */
function attempts(needs: Needs, state: Cell<ConnectionState>) {
  const { platform } = needs
  const { now, later, random } = platform
  let current: Attempt | undefined
  let failures = 0
  let refusedToken: string | undefined
  let cancelTimer = () => {}
  let cancelStable = () => {}

  /** Ends the attempt, and what it was about to do. */
  function leave(next: ConnectionState): void {
    cancelTimer()
    cancelStable()
    current?.end()
    current = undefined
    state.set(next)
  }

  const stop = (reason: StopReason, code?: number) => leave({ status: 'stopped', reason, code })

  function wait(): void {
    if (!platform.isOnline()) return leave({ status: 'offline' })
    failures++
    const ms = fullJitter(failures, random)
    leave({ status: 'waiting', retryAt: now() + ms, attempt: failures })
    cancelTimer = later(ms, connect)
  }

  function connect(): void {
    if (platform.isOnline()) connectNow()
    else leave({ status: 'offline' })
  }

  function connectNow(): void {
    leave({ status: 'connecting', attempt: failures + 1 })
    const authorized = (userId: string) => {
      refusedToken = undefined
      needs.authorized(userId)
    }
    const online = () => {
      state.set({ status: 'online' })
      cancelStable = later(STABLE, () => void (failures = 0))
    }
    const draining = (afterMs: number) => {
      cancelTimer()
      cancelTimer = later(Math.round(random() * afterMs), connect)
    }
    current = attempt(needs, refusedToken, { authorized, online, draining, failed: wait, stopped: stop, ended })
  }

  function ended(code: number): void {
    const token = current?.token()
    if (code === UNAUTHENTICATED && refusedToken === undefined) {
      refusedToken = token
      return connect()
    }
    // Whoever keeps the session learns of its end in the same way as this connection did.
    if (code === ENDED && token !== undefined) needs.getToken({ token, reason: 'refused' }).catch(() => {})
    const reason = (stopReasons as Readonly<Record<number, StopReason>>)[code]
    if (reason) return stop(reason, code)
    if (code === TOO_MANY) failures = Math.max(failures, PATIENT)
    wait()
  }

  const forget = () => {
    failures = 0
    refusedToken = undefined
  }
  return { socket: () => current?.socket(), leave, connect, connectNow, forget }
}
