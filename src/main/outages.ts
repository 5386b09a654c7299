import { type Outage, outageOf } from '../adapters/mikro-orm/database/outage.ts'
import { isRefusal, Refusal } from '../domain/refusal.ts'
import type { Logger } from './logging.ts'

/** Watches whether the store does what it is asked. */
export interface Outages {
  /** The same ports. A failure that is nobody's mistake is refused with `overloaded`, and logged when it is the first of its kind. */
  around<P extends object>(port: P): P
  /** Whether anything is known to be out. */
  isOut(): boolean
  /** Whether the store can be read and not written, as far as was seen. */
  isUnwritable(): boolean
  /** The store has answered this again: what was seen is over. */
  over(kind: Outage): void
}

const meanings: Readonly<Record<Outage, string>> = {
  away: 'The database cannot be reached',
  slow: 'The database is too slow',
  writing: 'The database cannot be written: is its disk full, or its file read-only?',
}

/** One line in the log when an outage begins and one when it ends, however many calls meet it. */
export function watchOutages(log: Pick<Logger, 'error' | 'info'>): Outages {
  const present = new Set<Outage>()

  function explained(error: unknown): unknown {
    const kind = isRefusal(error) ? undefined : outageOf(error)
    if (!kind) return error
    if (!present.has(kind)) log.error({ err: error, outage: kind }, `${meanings[kind]}; calls are refused until it is over`)
    present.add(kind)
    return new Refusal('overloaded')
  }

  return {
    around: (port) =>
      Object.fromEntries(
        Object.entries(port).map(([name, run]) => [name, typeof run === 'function' ? watched(run as AnyFunction, explained) : run]),
      ) as typeof port,
    isOut: () => present.size > 0,
    isUnwritable: () => present.has('writing'),
    over(kind) {
      if (present.delete(kind)) log.info({ outage: kind }, 'The database answers again')
    },
  }
}

type AnyFunction = (...args: readonly unknown[]) => unknown

const watched =
  (run: AnyFunction, explained: (error: unknown) => unknown): AnyFunction =>
  (...args) => {
    try {
      const result = run(...args)
      return result instanceof Promise ? result.catch((error: unknown) => Promise.reject(explained(error))) : result
    } catch (error) {
      throw explained(error)
    }
  }
