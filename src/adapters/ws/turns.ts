import type { ClientFrame } from '../wire/frames.ts'

/** A command that came, as the how manieth frame of its socket. */
export interface Job {
  readonly frame: ClientFrame
  readonly number: number
}

/** Where the commands of one socket for one chat stand. */
export interface Turn<J> {
  /** Sends under way. */
  sends: number
  /** Something else is under way. */
  isTaken: boolean
  readonly waiting: J[]
}

/**
 * Takes a command into its turn; true when it may begin at once. Sends begin in the order in which they came without waiting for the
 * answers of sends before them, so that many of them are committed together; everything else waits for all before it and is waited for.
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

/** A command has been answered; gives those that may begin now, in their order. */
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
