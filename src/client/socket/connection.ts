import { closes, comesBack } from '../../adapters/wire/closes.ts'
import type { FrameInput, ResultOf, ServerFrame } from '../../adapters/wire/frames.ts'
import { SOCKET_PATH } from '../../adapters/wire/routes.ts'
import { isProblem, localError } from '../calls/problem.ts'
import { millis } from '../calls/read-wire.ts'
import { fullJitter } from '../platform/backoff.ts'
import type { Platform } from '../platform/platform.ts'
import { cell } from '../platform/store.ts'
import type { ConnectionState, StopReason, Store, TokenOptions } from '../types.ts'
import { type Ask, type Line, openLine } from './line.ts'

export type Told = Exclude<ServerFrame, { type: 'hello' | 'ok' | 'error' | 'reconnect' }>

export interface Connection {
  readonly state: Store<ConnectionState>
  start(): void
  reconnectNow(): void
  /** Ends it; `closed` is for good. */
  stop(reason: 'closed' | 'signed-out'): void
  /** Rejects at once when there is no connection. */
  readonly ask: Ask
  readonly tell: Line['tell']
}

interface Needs {
  readonly url: string
  readonly deviceId: string | undefined
  readonly platform: Platform
  getToken(options: TokenOptions): Promise<string>
  /** Where to go on. */
  resumeFrom(): Omit<FrameInput<'resume'>, 'type' | 'ref'>
  known(userId: string): void
  resumed(result: ResultOf<'resume'>): void
  heard(frame: Told): void
  defect(error: unknown, during: string): void
}

/** A connection that has lasted so long counts as good: the next one that ends is the first failure again. */
const STABLE = 10_000
const ASK_WITHIN = 15_000
/** Much may have been missed. */
const RESUME_WITHIN = 120_000
const RENEW_AGAIN = 5_000
/** Where there are too many connections, a few quick attempts more make it worse. */
const PATIENT_ATTEMPT = 4
const TOO_MANY = 4029
const UNAUTHENTICATED = 4401
const ENDED = 4403
const REPLACED = 4409

/** Keeps a connection, for as long as there is a reason to. */
export function connection(needs: Needs): Connection {
  const { platform, getToken } = needs
  const { now, later, random } = platform
  const state = cell<ConnectionState>({ status: 'idle' })
  const address = socketAddress(needs.url)
  let line: Line | undefined
  /** Whatever belongs to an earlier attempt finds that it is not its turn any more. */
  let turn = 0
  let attempt = 0
  let isTokenRefused = false
  /** What the service's clock is ahead of ours. */
  let skew = 0
  let cancelTimer = () => {}
  let cancelRenewal = () => {}
  let unwatch = () => {}

  const isUp = () => state.get().status === 'online'

  function drop(): number {
    cancelTimer()
    cancelRenewal()
    line?.close()
    line = undefined
    return ++turn
  }

  function stop(reason: StopReason, code?: number): void {
    drop()
    state.set({ status: 'stopped', reason, code })
  }

  function wait(least = 0): void {
    drop()
    if (!platform.isOnline()) return state.set({ status: 'offline' })
    attempt++
    const ms = Math.max(least, fullJitter(attempt, random))
    state.set({ status: 'waiting', retryAt: now() + ms, attempt })
    cancelTimer = later(ms, () => void connect())
  }

  async function connect(isForced = false): Promise<void> {
    const mine = drop()
    if (!isForced && !platform.isOnline()) return state.set({ status: 'offline' })
    state.set({ status: 'connecting', attempt: attempt + 1 })
    let token: string
    try {
      token = await getToken({ isFresh: isTokenRefused })
    } catch (error) {
      if (mine !== turn) return
      return isProblem(error) && (error.code === 'signed-out' || error.status === 401) ? stop('signed-out') : wait()
    }
    if (mine !== turn) return
    try {
      line = openLine(address, platform, {
        greeted(hello) {
          skew = millis(hello.server_time) - now()
          void greet(mine, token)
        },
        heard: (frame) => mine === turn && hear(frame),
        ended: (code) => mine === turn && ended(code),
      })
    } catch (error) {
      needs.defect(error, 'opening a socket')
      wait()
    }
  }

  async function greet(mine: number, token: string): Promise<void> {
    const own = line
    if (!own || mine !== turn) return
    try {
      const device = needs.deviceId === undefined ? {} : { device_id: needs.deviceId }
      const known = await own.ask('authorize', { token, ...device }, { withinMs: ASK_WITHIN })
      if (mine !== turn) return
      isTokenRefused = false
      needs.known(known.user_id)
      renewBefore(mine, known.expires_at)
      const result = await own.ask('resume', needs.resumeFrom(), { withinMs: RESUME_WITHIN })
      if (mine !== turn) return
      needs.resumed(result)
      state.set({ status: 'online' })
      cancelTimer = later(STABLE, () => void (attempt = 0))
    } catch (error) {
      if (!isProblem(error)) needs.defect(error, 'coming online')
      // A refused token closes the socket, with a code that decides.
      else if (error.status === 401 || error.code === 'network') return
      if (mine === turn) wait()
    }
  }

  /** A token is renewed on the open socket when four fifths of its life are over. */
  function renewBefore(mine: number, expiresAt: string): void {
    const lifetime = millis(expiresAt) - skew - now()
    cancelRenewal()
    cancelRenewal = later(Math.max(1_000, lifetime * 0.8), () => void renew(mine))
  }

  async function renew(mine: number): Promise<void> {
    try {
      const token = await getToken({ isFresh: true })
      if (mine !== turn || !line) return
      const { expires_at } = await line.ask('authorize', { token }, { withinMs: ASK_WITHIN })
      if (mine === turn) renewBefore(mine, expires_at)
    } catch (error) {
      if (mine !== turn) return
      if (isProblem(error) && error.code === 'signed-out') stop('signed-out')
      else cancelRenewal = later(RENEW_AGAIN, () => void renew(mine))
    }
  }

  function hear(frame: Parameters<Parameters<typeof openLine>[2]['heard']>[0]): void {
    if (frame.type === 'reconnect') {
      cancelTimer()
      cancelTimer = later(Math.round(random() * frame.after_ms), () => void connect())
      return
    }
    if (frame.type === 'error') return frame.problem.status === 401 ? undefined : needs.defect(frame.problem, 'a frame without a ref')
    try {
      needs.heard(frame)
    } catch (error) {
      needs.defect(error, `hearing ${frame.type}`)
    }
  }

  function ended(code: number): void {
    if (code === UNAUTHENTICATED && !isTokenRefused) {
      isTokenRefused = true
      return void connect()
    }
    if (code === ENDED) {
      // Whoever keeps the session finds out in the same way as this connection did.
      getToken({ isFresh: true }).catch(() => {})
    }
    if (code === UNAUTHENTICATED || code === ENDED) return stop('signed-out', code)
    if (code === REPLACED) return stop('replaced', code)
    if (code in closes && !comesBack(code)) return stop('protocol', code)
    if (code === TOO_MANY) attempt = Math.max(attempt, PATIENT_ATTEMPT)
    wait()
  }

  function surroundings(what: 'online' | 'offline' | 'shown'): void {
    const { status } = state.get()
    if (status === 'idle' || status === 'stopped') return
    if (what === 'offline') {
      drop()
      return state.set({ status: 'offline' })
    }
    if (status === 'online') return line?.probe()
    if (status === 'waiting' || status === 'offline') void connect()
  }

  const up = (): Line => {
    if (!line || !isUp()) throw localError('network', 'There is no connection')
    return line
  }

  return {
    state,
    start() {
      if (state.get().status !== 'idle') return
      unwatch = platform.watch(surroundings)
      void connect()
    },
    reconnectNow() {
      const current = state.get()
      if (current.status === 'online') return line?.probe()
      if (current.status === 'idle' || current.status === 'connecting') return
      if (current.status === 'stopped' && current.reason === 'closed') return
      isTokenRefused = false
      attempt = 0
      void connect(true)
    },
    stop(reason) {
      if (reason === 'closed') unwatch()
      // Why it stopped of itself says more than that somebody signed out because of it.
      if (reason === 'closed' || state.get().status !== 'stopped') stop(reason)
    },
    ask: async (type, members, options) => await up().ask(type, members, { withinMs: ASK_WITHIN, ...options }),
    tell: (type, members) => up().tell(type, members),
  }
}

function socketAddress(url: string): string {
  const base = url === '' ? globalThis.location.origin : url.replace(/\/+$/, '')
  return base.replace(/^http/, 'ws') + SOCKET_PATH
}
