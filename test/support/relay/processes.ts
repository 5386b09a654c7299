import type { Consumers } from '../../../src/application/ports/consumers.ts'
import type { OnCommit } from '../../../src/application/ports/log.ts'
import type { Outcome, Range, Sink } from '../../../src/application/ports/sink.ts'
import { type Relay, relay } from '../../../src/application/relay/relay.ts'
import { type dice, simulatedBus } from '../simulated.ts'
import type { Receivers } from './receiver.ts'
import type { Schedule } from './schedule.ts'
import type { RelayStore } from './stores.ts'

/** What a world may do differently, to see whether it is noticed. */
export interface RelaySabotage {
  readonly consumers?: (consumers: Consumers) => Consumers
  readonly sink?: (sink: Sink, consumers: Consumers) => Sink
  /** What each process takes for the epoch. */
  readonly epoch?: (epoch: string) => string
}

export interface Process {
  readonly relay: Relay
  readonly onCommit: OnCommit
  readonly clock: () => number
  isDead: boolean
}

interface Needs {
  readonly dice: ReturnType<typeof dice>
  readonly time: Schedule
  readonly receivers: Receivers
  readonly store: () => RelayStore
  readonly sabotage: RelaySabotage
  readonly newId: () => string
  /** Whether a receiver refuses this request. */
  readonly isBad: () => boolean
}

const SKEW = 600_000

/** Processes with clocks up to ten minutes apart, over a bus that loses, repeats and reorders. */
export function processes({ dice: { below, pick, chance, roll }, time, receivers, store, sabotage, newId, isBad }: Needs) {
  const busOf = simulatedBus({ copies: () => pick([0, 1, 1, 2]), carry: time.carry })
  let requests = 0

  const sinkOf = (by: { readonly isDead: boolean }): Sink => ({
    givesUp: true,
    async deliver({ consumer: { id: hook }, epoch, chatId, from, to, events }: Range): Promise<Outcome> {
      requests++
      const end = receivers.begun({ hook, epoch, chatId, from, to, seqs: events.map(({ seq }) => seq), by })
      await time.pause()
      if (by.isDead && chance(0.5)) return new Promise(() => {})
      const isRefused = isBad()
      if (!isRefused) end('unheard')
      await time.pause()
      if (by.isDead) return new Promise(() => {})
      end(isRefused ? 'failed' : 'acknowledged')
      return isRefused ? { is: 'again', error: '500' } : { is: 'done' }
    },
  })

  function start(): Process {
    const [skew, began] = [below(2 * SKEW) - SKEW, time.now()]
    const clock = () => time.now() + skew
    const { log, consumers: kept, chats } = store()
    const self: { isDead: boolean } = { isDead: false }
    const honest = time.slowly(kept, self)
    const consumers = sabotage.consumers?.(honest) ?? honest
    const sink = sabotage.sink?.(sinkOf(self), consumers) ?? sinkOf(self)
    const bus = busOf()
    const started = relay({
      log: time.slowly(log, self),
      consumers,
      chats: time.slowly({ ...chats, epoch: async () => (sabotage.epoch ?? String)(await chats.epoch()) }, self),
      bus,
      clock,
      random: roll,
      newId,
      elapsed: () => time.now() - began,
      later: (run, wait) => time.later(() => !self.isDead && run(), wait),
      sinks: () => sink,
    })
    bus.listen((_, message) => !self.isDead && (message.type === 'behind' || message.type === 'consumers') && started.receive(message))
    return Object.assign(self, { relay: started, onCommit: started.committed, clock })
  }

  return { start, requests: () => requests }
}
