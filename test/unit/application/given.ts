import { memory } from '../../../src/adapters/memory/ports.ts'
import type { Caller } from '../../../src/application/chat-api.ts'
import type { Connection, Ending } from '../../../src/application/live/connection.ts'
import type { Delivery } from '../../../src/application/live/delivery.ts'
import type { ChatId, Seq } from '../../../src/domain/ids.ts'
import { type Embedded, embed, type OpenStore } from '../../../src/main/embed.ts'
import { handClock } from '../../support/waiting.ts'

/** One device as the hub sees it, and all that it was handed. */
export interface Device {
  readonly connection: Connection
  readonly handed: Delivery[]
  readonly endings: Ending[]
  of<T extends Delivery['type']>(type: T): Extract<Delivery, { type: T }>[]
}

/** A chat in memory whose clock stands still and whose `later` waits for `settle`. */
export function world(change: (open: OpenStore) => OpenStore = (open) => open, own: Parameters<typeof embed>[1] = {}) {
  const clock = handClock()
  const due: (() => void)[] = []
  const chat: Embedded = embed(change(memory('epoch')), { clock: clock.now, later: (run) => void due.push(run), ...own })
  return {
    ...chat,
    clock,
    settle() {
      for (const run of due.splice(0)) run()
    },
    device({ userId, sessionId }: Caller, deviceId?: string): Device {
      const handed: Delivery[] = []
      const endings: Ending[] = []
      const connection = chat.hub.open({
        userId,
        sessionId,
        deviceId,
        deliver: (delivery) => void handed.push(delivery),
        end: (why) => void endings.push(why),
      })
      return { connection, handed, endings, of: (type) => handed.filter((delivery) => delivery.type === type) as never }
    },
    async resumed(caller: Caller, cursors: ReadonlyMap<ChatId, Seq> = new Map()): Promise<Device> {
      const device = this.device(caller)
      await device.connection.resume({ cursors })
      return device
    },
  }
}
