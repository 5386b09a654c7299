import type { ClientFrame } from '../wire/frames.ts'

/** A command and the number of its frame on this socket. */
export interface Job {
  readonly frame: ClientFrame
  readonly number: number
}

/** The commands of one socket for one chat. */
export interface Turn<J> {
  /** Sends in work. */
  sends: number
  /** Whether another command is in work. */
  isTaken: boolean
  readonly waiting: J[]
}

/**
 * Adds a command to its turn. Returns whether it may begin now. Sends begin in the order in which they came and do not wait for the answers
 * of earlier sends, so that they can be committed together. Any other command waits for all before it, and all after it wait for it.
 */
export function enter<J>(turns: Map<string, Turn<J>>, name: string, job: J, isSend: (job: J) => boolean): boolean {
  const turn = turns.get(name)
  if (!turn) {
    turns.set(name, { sends: isSend(job) ? 1 : 0, isTaken: !isSend(job), waiting: [] })
    return true
  }
  if (turn.waiting.length === 0 && mayBegin(turn, isSend(job))) {
    begin(turn, isSend(job))
    return true
  }
  turn.waiting.push(job)
  return false
}

/** Removes an answered command. Returns the commands that may begin now, in order. */
export function leave<J>(turns: Map<string, Turn<J>>, name: string, job: J, isSend: (job: J) => boolean): readonly J[] {
  const turn = turns.get(name)
  if (!turn) return []
  if (isSend(job)) turn.sends--
  else turn.isTaken = false
  const next: J[] = []
  for (let first = turn.waiting[0]; first !== undefined && mayBegin(turn, isSend(first)); first = turn.waiting[0]) {
    begin(turn, isSend(first))
    next.push(turn.waiting.shift()!)
  }
  if (turn.sends === 0 && !turn.isTaken) turns.delete(name)
  return next
}

const mayBegin = ({ sends, isTaken }: Turn<unknown>, isSend: boolean): boolean => !isTaken && (isSend || sends === 0)

function begin(turn: Turn<unknown>, isSend: boolean): void {
  if (isSend) turn.sends++
  else turn.isTaken = true
}
