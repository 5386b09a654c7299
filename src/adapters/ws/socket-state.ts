import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { ChatApi } from '../../application/chat-api.ts'
import type { Connection, Viewer } from '../../application/live/connection.ts'
import type { Instant, SessionId } from '../../domain/ids.ts'
import type { Backlog } from './backlog.ts'
import type { Batch } from './batch.ts'
import type { Job, Turn } from './turns.ts'

/** The authenticated user of a connection. A new token may belong to another session. */
export type Known = Omit<Viewer, 'sessionId'> & { sessionId: SessionId; readonly address: string; readonly state: SocketState }

/** A received frame that is not parsed yet. */
export type Heard = Pick<Buffer, 'toString'>

/** The state of one connection. There are many: what an idle one does not need is created when it is needed. */
export interface SocketState {
  /** Identifies this connection; not a secret. */
  readonly id: string
  readonly ws: WebSocket
  readonly socket: Socket
  /** The network address that it comes from. */
  readonly address: string

  // Authentication
  caller: Known | undefined
  connection: Connection | undefined
  /** When the token expires; before authentication, when the time to authenticate ends. */
  believedUntil: Instant
  notedAt: Instant
  /** How the host is asked again, for a socket that it identified. */
  identify: (() => Promise<Awaited<ReturnType<ChatApi['authenticate']>> | undefined>) | undefined

  // Receiving
  /** Frames received so far: the numbers in `request_id`. */
  count: number
  notJson: number
  inWork: number
  /** Of those in work: for these no other command waits. */
  apart: number
  /** Whether a token is being checked: frames that come meanwhile wait. */
  isChecking: boolean
  turns: Map<string, Turn<Job>> | undefined
  /** Received with the last read when there was no room; the rest waits in the network. */
  unread: Heard[] | undefined
  isPaused: boolean
  fetches: (<T>(task: () => Promise<T>) => Promise<T>) | undefined

  // Sending
  /** The frames of this turn of the event loop. */
  batch: Batch | undefined
  /** The frames that wait for a slow reader. */
  backlog: Backlog | undefined
  /** Called when no frame waits any longer. */
  whenClear: (() => void)[] | undefined

  // Signs of life
  nextBeatAt: Instant
  /** Bytes received by the last heartbeat: more are a sign of life, be it a pong, a frame, or a part of one. */
  heardBytes: number
  /** Whether the client has read frames that waited since the last heartbeat. */
  hasRead: boolean
  missed: number
  owesHeads: boolean

  isLeaving: boolean
  isOver: boolean
}

type Given = Pick<SocketState, 'id' | 'ws' | 'socket' | 'address' | 'believedUntil' | 'nextBeatAt'>

/** Creates the state. One literal takes less memory than a spread. */
export const newSocketState = ({ id, ws, socket, address, believedUntil, nextBeatAt }: Given): SocketState => ({
  id,
  ws,
  socket,
  address,
  believedUntil,
  nextBeatAt,
  caller: undefined,
  connection: undefined,
  notedAt: 0,
  identify: undefined,
  count: 0,
  notJson: 0,
  inWork: 0,
  apart: 0,
  isChecking: true,
  turns: undefined,
  unread: undefined,
  isPaused: false,
  fetches: undefined,
  batch: undefined,
  backlog: undefined,
  whenClear: undefined,
  heardBytes: 0,
  hasRead: false,
  missed: 0,
  owesHeads: false,
  isLeaving: false,
  isOver: false,
})

/** Stops reading; further frames wait in the network. */
export function pause(state: SocketState): void {
  state.isPaused = true
  state.ws.pause()
}

/** A connection with an authenticated user. */
export type KnownSocket = SocketState & { readonly caller: Known; readonly connection: Connection }

export const isKnown = (state: SocketState): state is KnownSocket => state.connection !== undefined

/** Ends a connection: nothing more is sent or received. */
export function hangUp(state: SocketState): void {
  if (state.isOver) return
  state.isOver = true
  state.connection?.close()
  state.unread = state.batch = state.backlog = state.turns = undefined
  for (const resolve of state.whenClear ?? []) resolve()
  state.whenClear = undefined
}
