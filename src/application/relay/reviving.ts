import type { ChatId } from '../../domain/ids.ts'
import type { Consumer, DeadRange } from '../ports/consumers.ts'
import type { Ports } from '../ports/ports.ts'
import { isDelivered, type Sink } from '../ports/sink.ts'
import type { Watch } from '../ports/watch.ts'
import type { Health } from './health.ts'
import { within } from './ranges.ts'

const AT_ONCE = 100

interface Needs extends Pick<Ports, 'log' | 'consumers' | 'clock'>, Pick<Watch, 'onDelivered'> {
  readonly sink: Sink
  readonly epoch: () => Promise<string>
}

interface Turns {
  readonly isBusy: (chatId: ChatId) => boolean
  readonly run: (chatId: ChatId, work: () => Promise<void>) => void
}

/** Attempts ranges once more that were given up, when that was asked for: one at a time in each chat, between the others. */
export function reviving({ log, consumers, clock, sink, epoch, onDelivered }: Needs, { isBusy, run }: Turns) {
  let isWanted = true

  async function attempt(consumer: Consumer, { chatId, from, to, types }: DeadRange, health: Health): Promise<void> {
    const events = await within(log, { chatId, seq: from - 1 }, { to, types })
    if (events.length === 0) return consumers.settle(consumer.id, { chatId, from }, undefined)
    const range = { consumer, epoch: await epoch(), chatId, from, to: events.at(-1)!.seq, events }
    const outcome = await sink.deliver(range, undefined)
    onDelivered(consumer, outcome.is, { events: events.length, age: clock() - events.at(-1)!.at })
    if (isDelivered(outcome)) health.succeeded()
    await consumers.settle(consumer.id, { chatId, from }, isDelivered(outcome) ? undefined : outcome.error)
  }

  return {
    restart() {
      isWanted = true
    },
    /** Looks for them after something was changed from outside. */
    async tick(consumer: Consumer, health: Health): Promise<void> {
      if (!isWanted || health.state !== 'ok') return
      const ranges = await consumers.revived(consumer.id, AT_ONCE)
      isWanted = ranges.length > 0
      for (const range of ranges) if (!isBusy(range.chatId)) run(range.chatId, () => attempt(consumer, range, health))
    },
  }
}
