import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { type ServerOptions, WebSocketServer } from 'ws'
import { networkOf } from '../../application/network.ts'
import type { Journal } from '../../application/ports/journal.ts'
import type { Duration } from '../../domain/ids.ts'
import { hostsOf } from '../wire/address.ts'
import { limits } from '../wire/limits.ts'
import { isWelcome, type Origins } from '../wire/origins.ts'
import { SOCKET_PATH } from '../wire/routes.ts'
import { accepting } from './accepting.ts'
import type { Recognized } from './authentication.ts'
import { framesOf } from './backlog.ts'
import { lookAfter, sayHeads } from './beat.ts'
import { type ConversationNeeds, conversation } from './conversation.ts'
import { drain } from './drain.ts'
import { outgoing } from './outgoing.ts'
import type { SocketState } from './socket-state.ts'
import { arrivalOf, pathOf, turnAway } from './upgrade.ts'

const HEARTBEAT: Duration = 25_000
const PER_PERSON = 64
const IN_ALL = 40_000
const WAITING_BYTES = 1_048_576
/** The time for a client to answer a close. */
const CLOSING: Duration = 5_000
/** The time to drain, unless the caller gives another. */
const DRAINING: Duration = 6_000

export interface ChatSocketsOptions extends Omit<ConversationNeeds, 'out' | 'defect' | 'heartbeatMs' | 'perPerson'>, Partial<Origins> {
  readonly newId: () => string
  readonly random: () => number
  /** The path of the socket; upgrades of other paths get 404. */
  readonly path?: string | undefined
  readonly heartbeatMs?: Duration | undefined
  /** Connections of one user, at most; `Infinity` lifts the limit. */
  readonly perPerson?: number | undefined
  readonly inAll?: number | undefined
  /** Bytes that may wait for one slow reader, at most. */
  readonly waitingBytes?: number | undefined
  readonly journal?: Journal | undefined
  /** Whom the host's own code finds in an upgrade without a bearer. */
  readonly identify?: ((request: IncomingMessage) => Promise<Recognized | undefined>) | undefined
  readonly log?: { error(facts: object, message: string): void } | undefined
  readonly metrics?: { socketOpened(): void; socketClosed(code: number): void; gapSent(): void } | undefined
}

/** The chat over WebSocket. */
export interface ChatSockets {
  /** Handles the upgrades of a server. If it has other listeners for them, leaves other paths to these. */
  attach(server: Server): void
  /** Handles one upgrade: accepts or refuses it. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Checks tokens, signs of life and heartbeats of all connections. Runs by itself; tests with a clock of their own call it. */
  tick(): void
  /** Refuses new sockets, tells clients to reconnect elsewhere, and waits until they have gone, at most this long. */
  drain(deadlineMs?: Duration): Promise<void>
  /** Terminates all connections. */
  close(): void
  readonly size: number
  /** Readers who are behind with reading, and how many bytes are held for them, shared frames counted once. */
  slowReaders(): { readonly count: number; readonly bytes: number }
}

// The types do not know `closeTimeout`.
const handshake: ServerOptions & { closeTimeout: Duration } = {
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  autoPong: false,
  maxPayload: limits.frame_bytes,
  closeTimeout: CLOSING,
}
const ignore = () => {}

/**
 * Serves the chat over WebSocket to any `http.Server`.
 *
 * @example
 * const sockets = chatSockets({ ...app, ...ports, epoch: await app.api.epoch() })
 * sockets.attach(server)
 */
export function chatSockets(options: ChatSocketsOptions): ChatSockets {
  const { clock, newId, random, log, metrics } = options
  const { heartbeatMs = HEARTBEAT, perPerson = PER_PERSON, inAll = IN_ALL, waitingBytes = WAITING_BYTES } = options
  const { path = SOCKET_PATH, allowedOrigins = [], publicUrl, trustedProxies = 0 } = options
  const origins: Origins = { allowedOrigins, publicUrl, trustedProxies }
  const states = new Set<SocketState>()
  const server = new WebSocketServer(handshake)
  const out = outgoing({
    bound: waitingBytes,
    cleared(state) {
      if (state.owesHeads) sayHeads({ out, heartbeatMs }, state, clock())
      talk.goOn(state)
    },
    gapSent: () => metrics?.gapSent(),
    tooSlow: (state) => talk.close(state, 4002),
  })
  const talk = conversation({
    ...options,
    heartbeatMs,
    perPerson,
    out,
    defect: (error, facts) => log?.error({ err: error, ...facts }, 'A frame met a defect'),
  })
  const needs = { out, close: talk.close, renew: talk.renew, heartbeatMs }
  const opened = accepting({ talk, out, states, clock, newId, random, heartbeatMs, metrics })
  const timer = setInterval(tick, Math.max(10, Math.min(1_000, heartbeatMs / 5)))
  timer.unref()
  let isDraining = false

  function tick(): void {
    const now = clock()
    for (const state of states) lookAfter(needs, state, now)
  }

  /** Returns why an upgrade is refused, if it is. */
  function whyNot(request: IncomingMessage): Parameters<typeof turnAway>[1] | undefined {
    if (hostsOf(request) > 1) return 'invalid'
    if (pathOf(request) !== path) return 'not-found'
    if (isDraining) return 'draining'
    if (!isWelcome(request, origins)) return 'not-allowed'
    return states.size >= inAll ? 'overloaded' : undefined
  }

  function handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', ignore)
    const requestId = newId()
    const why = whyNot(request)
    if (why === 'not-allowed') {
      const { address } = arrivalOf(request, origins)
      options.journal?.note({ event: 'origin-refused', outcome: why, network: networkOf(address), requestId })
    }
    if (why !== undefined) return turnAway(socket, why, requestId)
    server.handleUpgrade(request, socket, head, (ws) => {
      // ws has a listener of its own by now.
      socket.off('error', ignore)
      const { identify } = options
      const arrival = arrivalOf(request, origins)
      opened(ws, socket as Socket, identify ? { ...arrival, identify: () => identify(request) } : arrival)
    })
  }

  return {
    attach: (http) => attach(http, path, handleUpgrade),
    handleUpgrade,
    tick,
    async drain(deadlineMs = DRAINING) {
      isDraining = true
      await drain({ states, out, close: talk.close, random, pause }, deadlineMs)
    },
    close() {
      isDraining = true
      clearInterval(timer)
      for (const state of states) state.ws.terminate()
    },
    get size() {
      return states.size
    },
    slowReaders: () => slow(states),
  }
}

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/**
 * Takes the upgrades of one path before the listeners of a server hear of them: others, such as a `WebSocketServer` with a path, destroy
 * what is not theirs. Upgrades of other paths are refused if nobody else listens.
 */
function attach(http: Server, path: string, take: Upgrade): void {
  const emit = http.emit.bind(http)
  http.on('upgrade', (...given: Parameters<Upgrade>) => {
    if (http.listenerCount('upgrade') === 1) take(...given)
  })
  http.emit = (event: string, ...args: unknown[]): boolean => {
    const given = args as Parameters<Upgrade>
    if (event !== 'upgrade' || pathOf(given[0]) !== path) return emit(event, ...args)
    take(...given)
    return true
  }
}

function slow(states: ReadonlySet<SocketState>): ReturnType<ChatSockets['slowReaders']> {
  const backlogs = [...states].flatMap(({ backlog }) => backlog ?? [])
  // A frame that many wait for is in memory once.
  const frames = new Set(backlogs.flatMap(framesOf))
  return { count: backlogs.length, bytes: [...frames].reduce((sum, { length }) => sum + length, 0) }
}
