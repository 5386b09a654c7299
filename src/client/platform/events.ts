import type { ClientEvents } from '../types.ts'
import { safely } from './store.ts'

export type Emit = <E extends keyof ClientEvents>(event: E, told: ClientEvents[E]) => void

/** Who wants to hear of what. */
export function events() {
  const all = new Map<keyof ClientEvents, Set<(told: never) => void>>()
  const emit: Emit = (event, told) => {
    for (const listener of all.get(event) ?? []) safely(() => listener(told as never))
  }
  function on<E extends keyof ClientEvents>(event: E, listener: (told: ClientEvents[E]) => void): () => void {
    const own = (told: never) => listener(told)
    const listeners = all.get(event) ?? new Set()
    all.set(event, listeners.add(own))
    return () => void listeners.delete(own)
  }
  return { emit, on }
}
