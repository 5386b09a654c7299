import type { Activity } from '../../application/identity/activity.ts'
import type { Duration, Instant } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { limits } from '../wire/limits.ts'
import { parseFrame } from '../wire/parse/frame.ts'
import type { Endings } from './endings.ts'
import { type Heard, isKnown, type KnownLine, type Line, pause } from './line.ts'
import type { Job } from './turns.ts'

/** Frames in a row that are not JSON, at most. */
const NOT_JSON = 20
/** Frames before a user is authenticated, at most. */
const EARLY = 100
const NOTED_EVERY: Duration = 5_000

export interface ReadingNeeds extends Endings {
  readonly activity: Pick<Activity, 'note'>
  readonly clock: () => Instant
  readonly carryOut: (line: KnownLine, job: Job) => void
}

/** Reads frames one after another, no more than a socket may have in work; the rest waits unread. */
export interface Reading {
  take(line: Line, data: Heard): void
  /** Reads what waits, as far as there is room. */
  goOn(line: Line): void
}

export function reading({ activity, clock, carryOut, refuse, close }: ReadingNeeds): Reading {
  function read(line: Line, text: string): void {
    const number = ++line.count
    const { frame, wrong, ref, type } = { ref: null, type: undefined, ...parseFrame(text) }
    if (wrong === 'bad-json') {
      refuse(line, { ref: null, number }, wrong)
      if (++line.notJson > NOT_JSON) close(line, 4400)
      return
    }
    line.notJson = 0
    if (!isKnown(line) && (frame?.type ?? type) !== 'authorize') {
      refuse(line, { ref: frame?.ref ?? ref, number }, new Refusal('unauthenticated'))
      if (number > EARLY) close(line, 4401)
      return
    }
    if (!frame) return refuse(line, { ref, number }, wrong)
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

  return {
    take(line, data) {
      if (line.unread === undefined && !mustWait(line)) return read(line, data.toString())
      ;(line.unread ??= []).push(data)
      pause(line)
    },
    goOn(line) {
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
    },
  }
}

/** Reactions in work are bounded by their own limit. */
const mustWait = ({ isChecking, isLeaving, inWork, apart, backlog }: Line) =>
  isChecking || isLeaving || inWork - apart >= limits.commands_in_work || backlog !== undefined
