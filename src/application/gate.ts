import { Refusal } from '../domain/refusal.ts'

/** Lets so many things happen at a time and so many wait their turn, first come, first served; refuses the others with `overloaded`. */
export function gate(places: number, waiting = Number.POSITIVE_INFINITY): <T>(task: () => Promise<T>) => Promise<T> {
  const queue: (() => void)[] = []
  let free = places
  return async (task) => {
    if (free > 0) free--
    else if (queue.length < waiting) await new Promise<void>((resolve) => queue.push(resolve))
    else throw new Refusal('overloaded')
    try {
      return await task()
    } finally {
      const next = queue.shift()
      if (next) next()
      else free++
    }
  }
}
