import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { Connection, Viewer } from '../../application/live/connection.ts'
import type { Instant, SessionId } from '../../domain/ids.ts'
import type { Backlog } from './backlog.ts'
import type { Batch } from './batch.ts'
import type { Job, Turn } from './turns.ts'

/** Who is there: asks, and is told. A new token may be of another session. */
export type Known = Omit<Viewer, 'sessionId'> & { sessionId: SessionId; readonly address: string; readonly line: Line }

/** A frame as it came, not yet read. */
export type Heard = Pick<Buffer, 'toString'>

/** All that is kept of one socket. There are many of them: whatever an idle one does not need is made when it is needed. */
export interface Line {
  /** Tells this connection from all others; not a secret. */
  readonly id: string
  readonly ws: WebSocket
  readonly socket: Socket
  /** The network address that it comes from. */
  readonly address: string

  // Who it is
  caller: Known | undefined
  connection: Connection | undefined
  /** When whoever is known by then is no longer believed: the end of the token, before that of the time to bring one. */
  believedUntil: Instant
  notedAt: Instant

  // What comes in
  /** Frames that came so far: the numbers in `request_id`. */
  count: number
  notJson: number
  inWork: number
  /** Somebody's token is being checked: what comes meanwhile waits. */
  isChecking: boolean
  turns: Map<string, Turn<Job>> | undefined
  /** Came with what was read last, when there was no room; the rest waits unread. */
  unread: Heard[] | undefined
  isPaused: boolean
  fetches: (<T>(task: () => Promise<T>) => Promise<T>) | undefined

  // What goes out
  /** What was said in this turn of the event loop. */
  batch: Batch | undefined
  /** What waits, while the reader is too slow. */
  backlog: Backlog | undefined
  /** Called when nothing waits any longer. */
  whenClear: (() => void)[] | undefined

  // Signs of life
  nextBeatAt: Instant
  /** Bytes that had come by the last beat: more of them are a sign of life, be it a pong, a frame, or a part of one. */
  heardBytes: number
  /** Something that waited was read since the last beat. */
  hasRead: boolean
  missed: number
  owesHeads: boolean

  isLeaving: boolean
  isOver: boolean
}

type Given = Pick<Line, 'id' | 'ws' | 'socket' | 'address' | 'believedUntil' | 'nextBeatAt'>

/** Said one by one: what is spread first and added to takes more room. */
export const newLine = ({ id, ws, socket, address, believedUntil, nextBeatAt }: Given): Line => ({
  id,
  ws,
  socket,
  address,
  believedUntil,
  nextBeatAt,
  caller: undefined,
  connection: undefined,
  notedAt: 0,
  count: 0,
  notJson: 0,
  inWork: 0,
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

/** Reads no further; what comes waits in the network. */
export function pause(line: Line): void {
  line.isPaused = true
  line.ws.pause()
}

/** A line on which somebody is known. */
export type KnownLine = Line & { readonly caller: Known; readonly connection: Connection }

export const isKnown = (line: Line): line is KnownLine => line.connection !== undefined

/** Nothing more is said or heard on a line. */
export function hangUp(line: Line): void {
  if (line.isOver) return
  line.isOver = true
  line.connection?.close()
  line.unread = line.batch = line.backlog = line.turns = undefined
  for (const resolve of line.whenClear ?? []) resolve()
  line.whenClear = undefined
}
