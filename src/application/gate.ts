import { Refusal } from '../domain/refusal.ts'

/** Runs a task in its turn; `owner` is whom the task is for. */
export type Gate = <T>(task: () => Promise<T>, owner?: string) => Promise<T>

export interface GateOptions {
  /** Tasks that run at once, at most. */
  readonly places: number
  /** Tasks of one owner that run at once, at most. */
  readonly placesEach?: number
  /** Tasks that wait, at most; one more is refused with `overloaded`. */
  readonly waiting?: number
  /** Tasks of one owner that wait, at most; one more is refused with `overloaded`. */
  readonly waitingEach?: number
}

interface Owner {
  running: number
  readonly waiting: (() => void)[]
}

/** Lets a bounded number of tasks run at once. Owners whose tasks wait take turns, and the tasks of one owner run in their order. */
export function gate(options: GateOptions): Gate & { waiting(): number } {
  const { places, placesEach = places, waiting = Number.POSITIVE_INFINITY, waitingEach = waiting } = options
  /** Those with a task that runs or waits. Whose turn is next comes first. */
  const owners = new Map<string, Owner>()
  let [free, count] = [places, 0]

  /** Takes a place; true if there was one. */
  function enter(owner: Owner): boolean {
    if (free === 0 || owner.running >= placesEach) return false
    free--
    owner.running++
    return true
  }

  function wait(name: string, owner: Owner): Promise<void> {
    if (count >= waiting || owner.waiting.length >= waitingEach) {
      forgetIdle(name, owner)
      throw new Refusal('overloaded')
    }
    count++
    return new Promise((resolve) => owner.waiting.push(resolve))
  }

  function leave(name: string, owner: Owner): void {
    owner.running--
    free++
    forgetIdle(name, owner)
    for (const [next, other] of owners) {
      if (other.waiting.length === 0 || other.running >= placesEach) continue
      free--
      count--
      other.running++
      owners.delete(next)
      owners.set(next, other)
      return other.waiting.shift()!()
    }
  }

  const forgetIdle = (name: string, { running, waiting: left }: Owner) => {
    if (running === 0 && left.length === 0) owners.delete(name)
  }

  const run: Gate = async (task, name = '') => {
    const owner = owners.get(name) ?? { running: 0, waiting: [] }
    owners.set(name, owner)
    if (!enter(owner)) await wait(name, owner)
    try {
      return await task()
    } finally {
      leave(name, owner)
    }
  }
  return Object.assign(run, { waiting: () => count })
}
