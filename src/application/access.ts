import { Refusal } from '../domain/refusal.ts'
import type { Who } from './calls.ts'
import type { Anonymous, Caller, ChatApi } from './chat-api.ts'
import { checked } from './checked.ts'

/** Whether the first argument of a call names somebody who may make it. */
const may: { readonly [W in Who]: (who: Partial<Anonymous & Caller> | undefined) => boolean } = {
  anyone: () => true,
  anonymous: (who) => who?.address !== undefined,
  person: (who) => who?.userId !== undefined && who.sessionId !== undefined,
}

/** The same API; a call by somebody who may not make it is refused with `unauthenticated`. */
export const guarded = (api: ChatApi): ChatApi =>
  checked(api, ({ who: needed }) => {
    const isAllowed = may[needed]
    return ([who]) => {
      if (!isAllowed(who as Partial<Anonymous & Caller> | undefined)) throw new Refusal('unauthenticated')
    }
  })
