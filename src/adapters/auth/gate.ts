import { Refusal } from '../../domain/refusal.ts'

/** Lets so many run at a time and so many wait, first come, first served; refuses the others with `overloaded`. */
export function gate({ running, waiting }: { readonly running: number; readonly waiting: number }) {
  let busy = 0
  const queue: (() => void)[] = []

  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (busy < running) busy++
    else if (queue.length < waiting) await new Promise<void>((go) => queue.push(go))
    else throw new Refusal('overloaded')
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else busy--
    }
  }
}
