import type { ChatApi } from '../../application/chat-api.ts'
import type { Activity } from '../../application/identity/activity.ts'
import type { Hub } from '../../application/live/hub.ts'
import { networkOf } from '../../application/network.ts'
import type { RateLimiter } from '../../application/ports/limiter.ts'
import type { Duration, Instant } from '../../domain/ids.ts'
import { isRefusal, Refusal } from '../../domain/refusal.ts'
import { bearerOf } from '../wire/bearer.ts'
import type { ClientFrame, FrameOf, ResultOf } from '../wire/frames.ts'
import { limits } from '../wire/limits.ts'
import { parseFrame } from '../wire/parse/frame.ts'
import { presentAuthorized, presentHello } from '../wire/present/frames.ts'
import { problem, problemOf, type WireCode } from '../wire/problems.ts'
import { type CloseCode, closeAfter, closeFor } from './closing.ts'
import { framePoints } from './frame-points.ts'
import { frameHandlers } from './handlers.ts'
import { type Heard, hangUp, isKnown, type Known, type KnownLine, type Line, pause } from './line.ts'
import type { Outgoing } from './outgoing.ts'
import { enter, type Job, leave } from './turns.ts'

/** Whoever sends more frames in a row that are no JSON speaks something else. */
const NOT_JSON = 20
/** Frames before a user is authenticated, at most. */
const EARLY = 100
const NOTED_EVERY: Duration = 5_000
const RETRY_AFTER: Duration = 30_000

/** What somebody brings on the upgrade. */
export interface Arrival {
  readonly address: string
  readonly authorization: string | undefined
}

/** What a socket is told and what it asks, from the first frame to the last. */
export interface Conversation {
  greet(line: Line, arrival: Arrival): Promise<void>
  take(line: Line, data: Heard): void
  /** Carries out what came while there was no room. */
  goOn(line: Line): void
  close(line: Line, code: CloseCode, why?: Refusal): void
}

export interface ConversationNeeds {
  readonly api: ChatApi
  readonly hub: Pick<Hub, 'open' | 'connectionsOf'>
  readonly activity: Pick<Activity, 'note'>
  readonly limiter: RateLimiter
  readonly clock: () => Instant
  readonly epoch: string
  readonly heartbeatMs: Duration
  /** Connections of one person. */
  readonly perPerson: number
  readonly out: Outgoing
  /** Something was thrown that is no refusal. */
  readonly defect: (error: unknown, facts: { readonly request_id: string; readonly frame?: string }) => void
}

export function conversation(needs: ConversationNeeds): Conversation {
  const { api, hub, activity, limiter, clock, epoch, heartbeatMs, perPerson, out } = needs
  const handlers = frameHandlers({ api, authorize, room: out.room })

  async function greet(line: Line, { address, authorization }: Arrival): Promise<void> {
    let thrown: unknown
    try {
      await limiter.admit('connect', networkOf(address))
      if (authorization !== undefined) await believe(line, bearerOf(authorization) ?? '', undefined)
    } catch (error) {
      thrown = error
    }
    if (line.isOver) return
    const { id: connectionId, caller } = line
    out.say(line, presentHello({ connectionId, epoch, heartbeatMs, now: clock(), limits, userId: caller?.userId }))
    line.isChecking = false
    if (thrown === undefined) return goOn(line)
    refuse(line, null, thrown, 0)
    close(line, closeAfter(thrown) ?? 1011)
  }

  /** Learns from a token who is there, or that it is still the same person. */
  async function believe(line: Line, token: string, deviceId: string | undefined) {
    const claims = await api.authenticate(token)
    const { userId, sessionId, expiresAt } = claims
    if (line.isOver || (line.caller && line.caller.userId !== userId)) throw new Refusal('unauthenticated')
    if (!line.connection && hub.connectionsOf(userId) >= perPerson) throw new Refusal('too-many-requests', { retryAfterMs: RETRY_AFTER })
    line.believedUntil = expiresAt
    if (line.caller) line.caller.sessionId = sessionId
    else {
      line.caller = Object.assign(Object.create(viewers) as typeof viewers, { line, userId, sessionId, deviceId, address: line.address })
      line.connection = hub.open(line.caller)
    }
    return claims
  }

  /** What can be done to everybody who is there. They are many, so they share it. */
  const viewers: Pick<Known, 'deliver' | 'end'> & ThisType<Known> = {
    deliver(delivery) {
      out.deliver(this.line, delivery)
    },
    end(why) {
      close(this.line, closeFor[why])
    },
  }

  async function authorize(line: Line, { token, device_id }: FrameOf<'authorize'>): Promise<ResultOf<'authorize'>> {
    line.isChecking = true
    try {
      return presentAuthorized(await believe(line, token, device_id))
    } finally {
      line.isChecking = false
    }
  }

  const mustWait = (line: Line) => line.isChecking || line.isLeaving || line.inWork >= limits.commands_in_work || line.backlog !== undefined

  function take(line: Line, data: Heard): void {
    if (line.unread === undefined && !mustWait(line)) return read(line, data.toString())
    ;(line.unread ??= []).push(data)
    pause(line)
  }

  function goOn(line: Line): void {
    const { unread } = line
    if (line.isOver || !line.isPaused || mustWait(line)) return
    if (unread) {
      let next = 0
      while (next < unread.length && !mustWait(line) && !line.isOver) read(line, unread[next++]!.toString())
      if (line.isOver) return
      unread.splice(0, next)
      if (unread.length > 0) return
      line.unread = undefined
    }
    if (mustWait(line)) return
    line.isPaused = false
    line.ws.resume()
  }

  function read(line: Line, text: string): void {
    const number = ++line.count
    const { frame, wrong, ref, type } = { ref: null, type: undefined, ...parseFrame(text) }
    if (wrong === 'bad-json') {
      refuse(line, null, wrong, number)
      if (++line.notJson > NOT_JSON) close(line, 4400)
      return
    }
    line.notJson = 0
    if (!isKnown(line) && (frame?.type ?? type) !== 'authorize') {
      refuse(line, frame?.ref ?? ref, new Refusal('unauthenticated'), number)
      if (number > EARLY) close(line, 4401)
      return
    }
    if (!frame) return refuse(line, ref, wrong, number)
    note(line)
    carryOut(line as KnownLine, { frame, number })
  }

  function note(line: Line): void {
    if (!line.caller) return
    const now = clock()
    if (now - line.notedAt < NOTED_EVERY) return
    line.notedAt = now
    activity.note(line.caller)
  }

  function carryOut(line: KnownLine, job: Job): void {
    line.inWork++
    const name = turnOf(job.frame)
    if (name === undefined || enter((line.turns ??= new Map()), name, job, isSend)) begin(line, job)
  }

  function begin(line: KnownLine, job: Job): void {
    const { frame, number } = job
    const handle = handlers[frame.type] as (line: KnownLine, frame: ClientFrame) => Promise<Record<string, unknown>>
    admitted(line, frame, () => handle(line, frame)).then(
      (result) => {
        if (frame.ref !== undefined) out.say(line, { type: 'ok', ref: frame.ref, result })
        done(line, job)
      },
      (thrown: unknown) => {
        refuse(line, frame.ref ?? null, thrown, number, frame.type)
        const code = frame.type === 'authorize' ? closeAfter(thrown) : undefined
        if (code !== undefined) close(line, code)
        done(line, job)
      },
    )
  }

  /** Frames that are no call of the API are counted here. */
  async function admitted<R>({ caller }: KnownLine, { type }: ClientFrame, handle: () => Promise<R>): Promise<R> {
    const points = framePoints[type]
    if (points > 0) await limiter.admit('frame', caller.userId, points)
    return handle()
  }

  function done(line: KnownLine, job: Job): void {
    line.inWork--
    const name = turnOf(job.frame)
    const next = name !== undefined && line.turns ? leave(line.turns, name, job, isSend) : []
    if (line.turns?.size === 0) line.turns = undefined
    if (line.isLeaving && line.inWork === 0) return close(line, 4000)
    for (const other of next) begin(line, other)
    goOn(line)
  }

  function refuse(line: Line, ref: string | null, thrown: unknown, number: number, frame?: string): void {
    const requestId = `${line.id}:${number}`
    if (!isRefusal(thrown) && typeof thrown !== 'string') needs.defect(thrown, { request_id: requestId, ...(frame && { frame }) })
    const told = typeof thrown === 'string' ? problem(thrown as WireCode, requestId) : problemOf(thrown, requestId)
    out.say(line, { type: 'error', ref, problem: told })
  }

  function close(line: Line, code: CloseCode, why?: Refusal): void {
    if (line.isOver) return
    out.finish(line, why && { type: 'error', ref: null, problem: problem(why, `${line.id}:${line.count}`) })
    hangUp(line)
    line.ws.resume()
    line.ws.close(code)
  }

  return { greet, take, goOn, close }
}

const isSend = ({ frame }: Job): boolean => frame.type === 'send_message'

/** Which commands are carried out one after another: those for one chat, or those to one person. */
function turnOf(frame: ClientFrame): string | undefined {
  if ('chat_id' in frame) return frame.chat_id
  return 'user_id' in frame ? `user ${frame.user_id}` : undefined
}
