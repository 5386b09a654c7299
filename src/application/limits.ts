import { around, type Count, countsOf } from './calls.ts'
import type { Anonymous, Caller, ChatApi } from './chat-api.ts'
import { networkOf } from './network.ts'
import type { RateLimiter } from './ports/limiter.ts'
import { isBackEnd } from './scopes.ts'

/** Which counter a call uses up, by who makes it. */
const keys: {
  readonly [B in Count['by']]: (who: Anonymous & Caller) => string | undefined
} = {
  /** A driver within the process has no address. */
  network: ({ address }: Partial<Anonymous>) => (address === undefined ? undefined : networkOf(address)),
  person: ({ userId }) => userId,
}

/** The same API; a call above its limit is refused with `too-many-requests` before anything is done. */
export const limited = (api: ChatApi, { admit }: RateLimiter): ChatApi =>
  around(api, (run, call) => {
    const counts = countsOf(call)
    if (counts.length === 0) return run

    /** Counts one after another, and waits only for a limiter that has to ask somebody. */
    function countFrom(first: number, who: Anonymous & Caller): Promise<void> | undefined {
      for (let i = first; i < counts.length; i++) {
        const { kind, by, points } = counts[i]!
        const key = keys[by](who)
        if (key === undefined) continue
        const counted = admit(kind, key, points)
        if (counted instanceof Promise)
          return counted.then((later) => {
            if (later) who.onCounted?.(later)
            return countFrom(i + 1, who)
          })
        if (counted) who.onCounted?.(counted)
      }
      return undefined
    }

    return (...args) => {
      const who = args[0] as Anonymous & Caller
      const counting = isBackEnd(who) ? undefined : countFrom(0, who)
      return counting ? counting.then(() => run(...args)) : run(...args)
    }
  })
