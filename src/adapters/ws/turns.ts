import type { ClientFrame } from '../wire/frames.ts'

/** A command and the number of its frame on this socket. */
export interface Job {
  readonly frame: ClientFrame
  readonly number: number
}

/**
 * How a command takes its turn. All begin in the order in which they came. Sends do not wait for the answers of earlier sends, so that they
 * can be committed together. `apart`: it waits for no answer of a send, and nothing waits for it. `alone`: it waits for all before it but
 * those apart, and all after it wait for it.
 */
export type Manner = 'send' | 'apart' | 'alone'

/** The commands of one socket for one chat. */
export interface Turn<J> {
  /** Sends in work. */
  sends: number
  /** Whether a command that is alone is in work. */
  isTaken: boolean
  readonly waiting: J[]
}

/** Adds a command to its turn. Returns whether it may begin now. */
export function enter<J>(turns: Map<string, Turn<J>>, name: string, job: J, mannerOf: (job: J) => Manner): boolean {
  const manner = mannerOf(job)
  const turn = turns.get(name)
  if (!turn) {
    if (manner !== 'apart') turns.set(name, { sends: manner === 'send' ? 1 : 0, isTaken: manner === 'alone', waiting: [] })
    return true
  }
  if (turn.waiting.length === 0 && mayBegin(turn, manner)) {
    begin(turn, manner)
    return true
  }
  turn.waiting.push(job)
  return false
}

/** Removes an answered command. Returns the commands that may begin now, in order. */
export function leave<J>(turns: Map<string, Turn<J>>, name: string, job: J, mannerOf: (job: J) => Manner): readonly J[] {
  const turn = turns.get(name)
  const manner = mannerOf(job)
  if (!turn || manner === 'apart') return []
  if (manner === 'send') turn.sends--
  else turn.isTaken = false
  const next: J[] = []
  for (let first = turn.waiting[0]; first !== undefined && mayBegin(turn, mannerOf(first)); first = turn.waiting[0]) {
    begin(turn, mannerOf(first))
    next.push(turn.waiting.shift()!)
  }
  if (turn.sends === 0 && !turn.isTaken) turns.delete(name)
  return next
}

const mayBegin = ({ sends, isTaken }: Turn<unknown>, manner: Manner): boolean => !isTaken && (manner !== 'alone' || sends === 0)

function begin(turn: Turn<unknown>, manner: Manner): void {
  if (manner === 'send') turn.sends++
  else if (manner === 'alone') turn.isTaken = true
}
