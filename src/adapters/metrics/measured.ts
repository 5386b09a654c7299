import type { ChatApi } from '../../application/chat-api.ts'
import type { Millis } from '../../domain/ids.ts'
import { isRefusal } from '../../domain/refusal.ts'
import type { Metrics } from './metrics.ts'

/** The same API; every call is counted and timed under its name. */
export function measured(api: ChatApi, { called }: Pick<Metrics, 'called'>, stopwatch: () => Millis): ChatApi {
  const entries = Object.entries(api) as [string, (...args: unknown[]) => Promise<unknown>][]
  const wrapped = entries.map(([name, call]) => {
    const timed = async (...args: unknown[]) => {
      const start = stopwatch()
      const tell = (outcome: string) => called({ name, outcome, seconds: (stopwatch() - start) / 1_000 })
      try {
        const result = await call(...args)
        tell('ok')
        return result
      } catch (error) {
        tell(isRefusal(error) ? error.code : 'defect')
        throw error
      }
    }
    return [name, timed]
  })
  return Object.fromEntries(wrapped) as ChatApi
}
