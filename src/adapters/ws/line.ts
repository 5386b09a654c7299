import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Caller } from '../../application/chat-api.ts'
import type { Connection } from '../../application/connection.ts'
import type { Millis } from '../../domain/ids.ts'
import type { Backlog } from './backlog.ts'
import type { Batch } from './batch.ts'
import type { Job, Turn } from './turns.ts'

/** All that is kept of one socket. There are many of them: whatever an idle one does not need is made when it is needed. */
export interface Line {
  /** Tells this connection from all others; not a secret. */
  readonly id: string
  readonly ws: WebSocket
  readonly socket: Duplex

  // Who it is
  caller: Caller | undefined
  connection: Connection | undefined
  /** When whoever is known by then is no longer believed: the end of the token, before that of the time to bring one. */
  believedUntil: Millis
  notedAt: Millis

  // What comes in
  /** Frames that came so far: the numbers in `request_id`. */
  count: number
  notJson: number
  inWork: number
  /** Somebody's token is being checked: what comes meanwhile waits. */
  isChecking: boolean
  turns: Map<string, Turn<Job>> | undefined
  /** Came with what was read last, when there was no room; the rest waits unread. */
  unread: Buffer[] | undefined
  fetches: (<T>(task: () => Promise<T>) => Promise<T>) | undefined

  // What goes out
  /** What was said in this turn of the event loop. */
  batch: Batch | undefined
  /** What waits, while the reader is too slow. */
  backlog: Backlog | undefined
  /** Called when nothing waits any longer. */
  whenClear: (() => void)[] | undefined

  // Signs of life
  nextBeatAt: Millis
  isAlive: boolean
  missed: number
  owesHeads: boolean

  isLeaving: boolean
  isOver: boolean
}

export const newLine = (given: Pick<Line, 'id' | 'ws' | 'socket' | 'believedUntil' | 'nextBeatAt'>): Line => ({
  ...given,
  caller: undefined,
  connection: undefined,
  notedAt: 0,
  count: 0,
  notJson: 0,
  inWork: 0,
  isChecking: true,
  turns: undefined,
  unread: undefined,
  fetches: undefined,
  batch: undefined,
  backlog: undefined,
  whenClear: undefined,
  isAlive: true,
  missed: 0,
  owesHeads: false,
  isLeaving: false,
  isOver: false,
})

/** A line on which somebody is known. */
export type KnownLine = Line & { readonly caller: Caller; readonly connection: Connection }

export const isKnown = (line: Line): line is KnownLine => line.connection !== undefined
