import type { Cell } from '../platform/store.ts'
import type { OutboxEntry, SendHandle, SendState } from '../types.ts'

/** What a sender holds of one message on its way. */
export function handleOf({ key, chatId }: OutboxEntry, state: Cell<SendState>, act: Pick<SendHandle, 'retry' | 'cancel'>): SendHandle {
  const isSettled = () => ['sent', 'failed', 'cancelled'].includes(state.get().status)
  return {
    ...act,
    key,
    chatId,
    get: state.get,
    subscribe: state.subscribe,
    settled: ({ signal } = {}) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error)
        if (isSettled()) return resolve(state.get())
        const end = () => {
          unsubscribe()
          signal?.removeEventListener('abort', abort)
        }
        const abort = () => {
          end()
          reject(signal?.reason as Error)
        }
        const unsubscribe = state.subscribe(() => {
          if (!isSettled()) return
          end()
          resolve(state.get())
        })
        signal?.addEventListener('abort', abort)
      }),
  }
}
