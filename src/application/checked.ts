import { around, type Call } from './calls.ts'
import type { ChatApi } from './chat-api.ts'

/** The same API; a call that `checkFor` has a check for is made when that throws nothing. What it throws is the answer. */
export const checked = (api: ChatApi, checkFor: (call: Call) => ((args: readonly unknown[]) => void) | undefined): ChatApi =>
  around(api, (run, call) => {
    const check = checkFor(call)
    if (!check) return run
    return (...args) => {
      try {
        check(args)
        return run(...args)
      } catch (thrown) {
        return Promise.reject(thrown)
      }
    }
  })
