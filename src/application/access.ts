import { Refusal } from '../domain/refusal.ts'
import { around, type Who } from './calls.ts'
import type { Anonymous, Caller, ChatApi } from './chat-api.ts'

/** Whether the first argument of a call names somebody who may make it. */
const may: { readonly [W in Who]: (who: Partial<Anonymous & Caller> | undefined) => boolean } = {
  anyone: () => true,
  anonymous: (who) => who?.address !== undefined,
  person: (who) => who?.userId !== undefined && who.sessionId !== undefined,
}

/** The same API; a call by somebody who may not make it is refused with `unauthenticated`. */
export const guarded = (api: ChatApi): ChatApi =>
  around(api, (run, { who: needed }) => {
    const isAllowed = may[needed]
    return async (...args) => {
      if (!isAllowed(args[0] as Partial<Anonymous & Caller> | undefined)) throw new Refusal('unauthenticated')
      return run(...args)
    }
  })
