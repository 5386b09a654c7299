import type { Duration } from '../../domain/ids.ts'
import type { Consumer } from '../ports/consumers.ts'
import type { Ports } from '../ports/ports.ts'
import { type Worker, type WorkerNeeds, worker } from './worker.ts'

const LEASE: Duration = 30_000
const RENEWED_EVERY: Duration = 10_000

interface Served {
  consumer: Consumer
  readonly worker: Worker
  renewedAt: Duration
  until: Duration
}

export interface Serving {
  /** These are all consumers that there are. */
  listed(all: readonly Consumer[]): void
  /** Takes and renews leases. */
  renew(): Promise<void>
  workers(): readonly Worker[]
  /** Whether this process holds the lease of any consumer. */
  isHolding(): boolean
  stop(): Promise<void>
}

type Needs = Omit<WorkerNeeds, 'epoch'> & Pick<Ports, 'chats' | 'sinks'>

/** The consumers for which this process has a sink, and the leases that it holds: one process at a time delivers to a consumer. */
export function serving(needs: Needs, node: string): Serving {
  const { consumers, chats, elapsed, sinks, onDefect } = needs
  const served = new Map<string, Served>()
  let epoch: Promise<string> | undefined
  const workerNeeds = { ...needs, epoch: () => (epoch ??= chats.epoch()) }

  function serve(consumer: Consumer): void {
    const known = served.get(consumer.id)
    const sink = sinks(consumer)
    if (!known && sink) {
      served.set(consumer.id, { consumer, worker: worker(workerNeeds, consumer, sink), renewedAt: Number.NEGATIVE_INFINITY, until: 0 })
    } else if (known && !sink) {
      served.delete(consumer.id)
      void known.worker.stop()
    } else if (known) {
      const isChanged = known.consumer.revision !== consumer.revision
      known.consumer = consumer
      if (isChanged) known.worker.changed(consumer)
    }
  }

  async function renew(one: Served): Promise<void> {
    const now = elapsed()
    if (now - one.renewedAt < RENEWED_EVERY) return
    one.renewedAt = now
    const wasHeld = one.until > now
    const isHeld = await consumers.hold(one.consumer.id, node, LEASE)
    one.until = isHeld ? now + LEASE : 0
    if (!isHeld || !wasHeld) one.worker.hold(0)
    // Whoever had the lease may have found it failing.
    if (isHeld && !wasHeld) one.worker.changed(one.consumer)
    if (isHeld) one.worker.hold(one.until)
  }

  return {
    listed(all) {
      epoch = undefined
      const present = new Set(all.map(({ id }) => id))
      for (const [id, { worker: gone }] of served)
        if (!present.has(id)) {
          served.delete(id)
          void gone.stop()
        }
      for (const consumer of all) serve(consumer)
    },
    async renew() {
      await Promise.all([...served.values()].map((one) => renew(one).catch(onDefect)))
    },
    workers: () => [...served.values()].map(({ worker: of }) => of),
    isHolding: () => [...served.values()].some(({ until }) => until > elapsed()),
    async stop() {
      await Promise.all([...served.values()].map(({ worker: of }) => of.stop()))
      await consumers.release(node)
    },
  }
}
