import { around } from './calls.ts'
import type { Caller, ChatApi } from './chat-api.ts'
import { type GateOptions, gate } from './gate.ts'

/** Calls of a cost that run at once in this process, and of one person. The others wait, and persons take turns. */
const shares: Readonly<Record<string, GateOptions>> = {
  read: { places: 64, placesEach: 8, waiting: 4_000 },
  search: { places: 4, placesEach: 1, waiting: 400 },
}

/** The same API; what one person reads and searches for delays nobody else by more than one call. */
export function fair(api: ChatApi): ChatApi {
  const gates = new Map(Object.entries(shares).map(([cost, share]) => [cost, gate(share)]))
  return around(api, (run, { who, cost }) => {
    const inTurn = gates.get(cost)
    return inTurn && who === 'person' ? (...args) => inTurn(() => run(...args), (args[0] as Caller).userId) : run
  })
}
