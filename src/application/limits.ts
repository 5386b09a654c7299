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
    return async (...args) => {
      if (isBackEnd(args[0] as Caller)) return run(...args)
      const [who] = args as unknown as Parameters<(typeof keys)[Count['by']]>
      for (const { kind, by, points } of counts) {
        const key = keys[by](who)
        const counted = key === undefined ? undefined : await admit(kind, key, points)
        if (counted) who.onCounted?.(counted)
      }
      return run(...args)
    }
  })
