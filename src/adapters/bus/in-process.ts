import type { Bus, BusMessage, Topic } from '../../application/ports/bus.ts'

type Listener = (topic: Topic, notice: BusMessage) => void
interface Party {
  readonly followed: Set<Topic>
  listener: Listener
  isOpen: boolean
}

/**
 * Connects the hubs of one process: each call gives a bus that speaks to the others. A notice is handed over as it is, in a turn of its
 * own. Who is alone publishes at no cost.
 *
 * @example
 * const connect = inProcessBuses()
 * const [here, there] = [connect(), connect()]
 */
export function inProcessBuses(): () => Bus {
  const parties = new Set<Party>()

  return () => {
    const me: Party = { followed: new Set(), listener: () => {}, isOpen: true }
    parties.add(me)
    return {
      publish(told) {
        if (parties.size < 2 || !me.isOpen) return
        for (const party of parties) {
          if (party === me) continue
          const theirs = told.filter(({ topic }) => party.followed.has(topic))
          if (theirs.length > 0) queueMicrotask(() => hand(party, theirs))
        }
      },
      listen(listener) {
        me.listener = listener
      },
      follow(topics) {
        for (const topic of topics) me.followed.add(topic)
      },
      unfollow(topics) {
        for (const topic of topics) me.followed.delete(topic)
      },
      async close() {
        me.isOpen = false
        parties.delete(me)
      },
    }
  }
}

function hand(party: Party, told: readonly { readonly topic: Topic; readonly notice: BusMessage }[]): void {
  for (const { topic, notice } of told)
    try {
      if (party.isOpen) party.listener(topic, notice)
    } catch {
      // A bus may lose what it carries: whoever could not take it in asks the store.
    }
}
