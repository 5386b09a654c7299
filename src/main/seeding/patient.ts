import { setTimeout as pause } from 'node:timers/promises'
import type { ChatApi } from '../../application/chat-api.ts'
import { isRefusal } from '../../domain/refusal.ts'

const TRIES = 10

type AnyCall = (...given: readonly unknown[]) => Promise<unknown>

/** The same calls, made again where there is too much else to do: what is seeded has names of its own, and comes once. */
export function patient(api: ChatApi, wait: (ms: number) => Promise<unknown> = pause): ChatApi {
  const again =
    (call: AnyCall): AnyCall =>
    async (...given) => {
      for (let tries = 1; ; tries++) {
        try {
          return await call(...given)
        } catch (error) {
          if (tries === TRIES || !isRefusal(error, 'overloaded')) throw error
          await wait(tries * 100)
        }
      }
    }
  return Object.fromEntries(Object.entries(api).map(([name, call]) => [name, again(call as AnyCall)])) as unknown as ChatApi
}
