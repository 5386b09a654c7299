import { PUSH_CONSUMERS, pushing } from '../../src/application/notices/pushing.ts'
import type { Consumer } from '../../src/application/ports/consumers.ts'
import type { Notices } from '../../src/application/ports/notices.ts'
import type { ChatId, SessionId, UserId } from '../../src/domain/ids.ts'
import type { Opened } from '../../src/main/container.ts'

export interface Pushes {
  /** A device of the user takes notifications from now on. */
  keep(userId: string): Promise<void>
  /** The head of a chat. */
  head(chatId: string): Promise<number>
  /** What the consumers of the relay, soon and later, push to anybody of what lies above a head. Returns how much that is. */
  above(chatId: string, after: number): Promise<number>
}

/** The push consumers of the relay on the log of an application, before a push service that takes everything. */
export function pushesOf({ ports }: Pick<Opened, 'ports'>, change = (notices: Notices): Notices => notices): Pushes {
  let count = 0
  const send = async () => {
    count++
    return 'sent' as const
  }
  const push = { key: '', fault: () => undefined, isQuiet: () => false, send }
  const { sink } = pushing({ ...ports, push, notices: change(ports.notices) })
  const log = ports.log(() => {})
  const read = (chatId: string, after: number) => log.read(chatId as ChatId, after, 100)
  return {
    async keep(id) {
      const userId = id as UserId
      const device = {
        id: 'phone',
        sessionId: id as SessionId,
        kind: 'web',
        endpoint: `https://push.example/${id}`,
        content: 'full',
      } as const
      await ports.notices.keepDevice({ ...device, userId, keys: { p256dh: '', auth: '' }, level: undefined }, ports.clock())
    },
    head: async (chatId) => (await read(chatId, 0)).at(-1)?.seq ?? 0,
    async above(chatId, after) {
      const before = count
      const events = await read(chatId, after)
      const range = { epoch: '', chatId: chatId as ChatId, from: after + 1, to: after + events.length, events }
      for (const consumer of PUSH_CONSUMERS) await sink.deliver({ ...range, consumer: consumer as Consumer }, undefined)
      return count - before
    },
  }
}
