import type { Cell } from '../platform/store.ts'
import type { OutboxEntry, SendHandle, SendState } from '../types.ts'

const isOver = ({ status }: SendState) => status === 'sent' || status === 'failed' || status === 'cancelled'

/** What a sender holds of one message on its way. `closed` aborts when the client ends. */
export function handleOf(
  { key, chatId }: OutboxEntry,
  state: Cell<SendState>,
  { closed, ...act }: Pick<SendHandle, 'retry' | 'cancel'> & { readonly closed: AbortSignal },
): SendHandle {
  return {
    ...act,
    key,
    chatId,
    get: state.get,
    subscribe: state.subscribe,
    settled: ({ signal } = {}) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted()
        if (isOver(state.get()) || closed.aborted) return resolve(state.get())
        const done = () => {
          if (signal?.aborted) reject(signal.reason as Error)
          else if (isOver(state.get()) || closed.aborted) resolve(state.get())
          else return
          unsubscribe()
          signal?.removeEventListener('abort', done)
          closed.removeEventListener('abort', done)
        }
        const unsubscribe = state.subscribe(done)
        signal?.addEventListener('abort', done)
        closed.addEventListener('abort', done)
      }),
  }
}
