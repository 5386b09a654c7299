import { around } from '../../application/calls.ts'
import type { ChatApi } from '../../application/chat-api.ts'
import type { Duration } from '../../domain/ids.ts'
import { isRefusal } from '../../domain/refusal.ts'
import type { Metrics } from './metrics.ts'

/** The same API; every call is counted and timed under its name. */
export const measured = (api: ChatApi, { called }: Pick<Metrics, 'called'>, stopwatch: () => Duration): ChatApi =>
  around(api, (run, _, name) => (...args) => {
    const start = stopwatch()
    const tell = (outcome: string) => called({ name, outcome, seconds: (stopwatch() - start) / 1_000 })
    const answer = run(...args)
    answer.then(
      () => tell('ok'),
      (error: unknown) => tell(isRefusal(error) ? error.code : 'defect'),
    )
    return answer
  })
