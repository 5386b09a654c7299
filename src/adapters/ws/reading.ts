import type { Activity } from '../../application/identity/activity.ts'
import type { Duration, Instant } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { limits } from '../wire/limits.ts'
import { parseFrame } from '../wire/parse/frame.ts'
import type { Endings } from './endings.ts'
import { type Heard, isKnown, type KnownSocket, pause, type SocketState } from './socket-state.ts'
import type { Job } from './turns.ts'

/** Frames in a row that are not JSON, at most. */
const NOT_JSON = 20
/** Frames before a user is authenticated, at most. */
const EARLY = 100
const NOTED_EVERY: Duration = 5_000

export interface ReadingNeeds extends Endings {
  readonly activity: Pick<Activity, 'note'>
  readonly clock: () => Instant
  readonly carryOut: (state: KnownSocket, job: Job) => void
}

/** Reads frames one after another, no more than a socket may have in work; the rest waits unread. */
export interface Reading {
  take(state: SocketState, data: Heard): void
  /** Reads what waits, as far as there is room. */
  goOn(state: SocketState): void
}

export function reading({ activity, clock, carryOut, refuse, close }: ReadingNeeds): Reading {
  function read(state: SocketState, text: string): void {
    const number = ++state.count
    const { frame, wrong, ref = null, type } = parseFrame(text)
    if (wrong === 'bad-json') {
      refuse(state, { ref: null, number }, wrong)
      if (++state.notJson > NOT_JSON) close(state, 4400)
      return
    }
    state.notJson = 0
    if (!isKnown(state) && (frame?.type ?? type) !== 'authorize') {
      refuse(state, { ref: frame?.ref ?? ref, number }, new Refusal('unauthenticated'))
      if (number > EARLY) close(state, 4401)
      return
    }
    if (!frame) return refuse(state, { ref, number }, wrong)
    note(state)
    carryOut(state as KnownSocket, { frame, number })
  }

  function note(state: SocketState): void {
    if (!state.caller) return
    const now = clock()
    if (now - state.notedAt < NOTED_EVERY) return
    state.notedAt = now
    activity.note(state.caller)
  }

  return {
    take(state, data) {
      if (state.unread === undefined && !mustWait(state)) return read(state, data.toString())
      ;(state.unread ??= []).push(data)
      pause(state)
    },
    goOn(state) {
      const { unread } = state
      if (state.isOver || !state.isPaused || mustWait(state)) return
      if (unread) {
        let next = 0
        while (next < unread.length && !mustWait(state) && !state.isOver) read(state, unread[next++]!.toString())
        if (state.isOver) return
        unread.splice(0, next)
        if (unread.length > 0) return
        state.unread = undefined
      }
      if (mustWait(state)) return
      state.isPaused = false
      state.ws.resume()
    },
  }
}

/** Reactions in work are bounded by their own limit. */
const mustWait = ({ isChecking, isLeaving, inWork, apart, backlog }: SocketState) =>
  isChecking || isLeaving || inWork - apart >= limits.commands_in_work || backlog !== undefined
