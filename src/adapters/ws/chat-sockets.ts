import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws'
import { networkOf } from '../../application/network.ts'
import type { Journal } from '../../application/ports/journal.ts'
import type { Duration } from '../../domain/ids.ts'
import { hostsOf } from '../wire/address.ts'
import { limits } from '../wire/limits.ts'
import { SOCKET_PATH } from '../wire/routes.ts'
import { framesOf } from './backlog.ts'
import { lookAfter, sayHeads } from './beat.ts'
import { type ConversationNeeds, conversation } from './conversation.ts'
import { drain } from './drain.ts'
import { hangUp, type Line, newLine } from './line.ts'
import { outgoing } from './outgoing.ts'
import { arrivalOf, isWelcome, type Origins, pathOf, turnAway } from './upgrade.ts'

const HEARTBEAT: Duration = 25_000
const PER_PERSON = 64
const IN_ALL = 40_000
const WAITING_BYTES = 1_048_576
/** For how long a client may take to answer a close. */
const CLOSING: Duration = 5_000
/** For how long sockets are sent away, unless somebody says otherwise. */
const DRAINING: Duration = 6_000

export interface ChatSocketsOptions extends Omit<ConversationNeeds, 'out' | 'defect' | 'heartbeatMs' | 'perPerson'>, Partial<Origins> {
  readonly newId: () => string
  readonly random: () => number
  /** Where sockets are found; upgrades to elsewhere are 404. */
  readonly path?: string | undefined
  readonly heartbeatMs?: Duration | undefined
  /** Connections of one person; `Infinity` lifts it. */
  readonly perPerson?: number | undefined
  readonly inAll?: number | undefined
  /** Bytes that may wait for one reader who is too slow. */
  readonly waitingBytes?: number | undefined
  readonly journal?: Journal | undefined
  readonly log?: { error(facts: object, message: string): void } | undefined
  readonly metrics?: { socketOpened(): void; socketClosed(code: number): void; gapTold(): void } | undefined
}

/** The chat over WebSocket. */
export interface ChatSockets {
  /** Takes upgrades of a server. Where others listen for them too, those of other paths are left to them. */
  attach(server: Server): void
  /** Takes one upgrade, or turns it away. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Looks after all lines; called by itself, and by tests whose clock stands still. */
  tick(): void
  /** Takes nothing new, sends everybody elsewhere and waits until they have gone, at most so long. */
  drain(deadlineMs?: Duration): Promise<void>
  /** Cuts all lines. */
  close(): void
  readonly size: number
  /** Readers who are behind with reading, and how many bytes are held for them, shared frames counted once. */
  slowReaders(): { readonly count: number; readonly bytes: number }
}

interface Wired extends WebSocket {
  line: Line
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
  const lines = new Set<Line>()
  // The types do not know `closeTimeout`.
  const handshake: ServerOptions & { closeTimeout: Duration } = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    autoPong: false,
    maxPayload: limits.frame_bytes,
    closeTimeout: CLOSING,
  }
  const server = new WebSocketServer(handshake)
  const out = outgoing({
    bound: waitingBytes,
    cleared(line) {
      if (line.owesHeads) sayHeads({ out, heartbeatMs }, line, clock())
      talk.goOn(line)
    },
    gapTold: () => metrics?.gapTold(),
    tooSlow: (line) => talk.close(line, 4002),
  })
  const talk = conversation({
    ...options,
    heartbeatMs,
    perPerson,
    out,
    defect: (error, facts) => log?.error({ err: error, ...facts }, 'A frame met a defect'),
  })
  const needs = { out, close: talk.close, heartbeatMs }
  const timer = setInterval(tick, Math.max(10, Math.min(1_000, heartbeatMs / 5)))
  timer.unref()
  let isDraining = false

  function tick(): void {
    const now = clock()
    for (const line of lines) lookAfter(needs, line, now)
  }

  function opened(ws: WebSocket, request: IncomingMessage, socket: Socket): void {
    const now = clock()
    const arrival = arrivalOf(request, origins)
    const line = newLine({
      id: newId(),
      ws,
      socket,
      address: arrival.address,
      believedUntil: now + limits.authorize_ms,
      nextBeatAt: now + Math.ceil(heartbeatMs * random()),
    })
    ;(ws as Wired).line = line
    lines.add(line)
    ws.on('message', heard)
    ws.on('ping', pinged)
    ws.on('error', ignore)
    ws.on('close', closed)
    metrics?.socketOpened()
    void talk.greet(line, arrival)
  }

  function heard(this: WebSocket, data: unknown, isBinary: boolean): void {
    const { line } = this as Wired
    if (line.isOver) return
    if (isBinary) talk.close(line, 1003)
    else talk.take(line, data as Buffer)
  }

  function pinged(this: WebSocket, payload: Buffer): void {
    out.pong((this as Wired).line, payload)
  }

  function closed(this: WebSocket, code: number): void {
    const { line } = this as Wired
    hangUp(line)
    lines.delete(line)
    metrics?.socketClosed(code)
  }

  function handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', ignore)
    if (hostsOf(request) > 1) return turnAway(socket, 'invalid', newId())
    if (pathOf(request) !== path) return turnAway(socket, 'not-found', newId())
    if (isDraining) return turnAway(socket, 'draining', newId())
    if (!isWelcome(request, origins)) {
      const requestId = newId()
      const { address } = arrivalOf(request, origins)
      options.journal?.note({ event: 'origin-refused', outcome: 'not-allowed', network: networkOf(address), requestId })
      return turnAway(socket, 'not-allowed', requestId)
    }
    if (lines.size >= inAll) return turnAway(socket, 'overloaded', newId())
    server.handleUpgrade(request, socket, head, (ws) => {
      // ws has a listener of its own by now.
      socket.off('error', ignore)
      opened(ws, request, socket as Socket)
    })
  }

  return {
    attach(http) {
      http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        const isForOthers = pathOf(request) !== path && http.listenerCount('upgrade') > 1
        if (!isForOthers) handleUpgrade(request, socket, head)
      })
    },
    handleUpgrade,
    tick,
    async drain(deadlineMs = DRAINING) {
      isDraining = true
      await drain({ lines, out, close: talk.close, random }, deadlineMs)
    },
    close() {
      isDraining = true
      clearInterval(timer)
      for (const line of lines) line.ws.terminate()
    },
    get size() {
      return lines.size
    },
    slowReaders() {
      const backlogs = [...lines].flatMap(({ backlog }) => backlog ?? [])
      // A frame that many wait for is in memory once.
      const frames = new Set(backlogs.flatMap(framesOf))
      return { count: backlogs.length, bytes: [...frames].reduce((sum, { length }) => sum + length, 0) }
    },
  }
}
