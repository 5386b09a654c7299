import type { UserId } from '../../domain/ids.ts'
import { invalid, Refusal } from '../../domain/refusal.ts'
import { seen } from '../chats/seen.ts'
import type { NoticesChanged } from '../ports/notices.ts'
import type { Ports } from '../ports/ports.ts'
import type { NoticesApi } from './api.ts'
import { unsubscribe } from './digests.ts'
import { PUSH_CONSUMERS } from './pushing.ts'

type Needs = Pick<Ports, 'notices' | 'consumers' | 'push' | 'clock' | 'newId' | 'seals' | 'digest'> & {
  /** Tells the user's own devices. */
  readonly tell: (userId: UserId, delivery: NoticesChanged) => void
  /** Tells the relay that a consumer was added. */
  readonly changed: () => void
}

/** Settings of notifications, and the devices that take them. */
export function noticeCalls(needs: Needs): NoticesApi {
  const { notices, consumers, push, clock, newId, tell, changed } = needs
  return {
    getNotices: async ({ userId }, chatId) => seen(await notices.ofChat(userId, chatId), chatId),
    async setNotices({ userId }, { chatId, level, mutedUntil }) {
      const wanted = { level, mutedUntil }
      if (!(await notices.setOfChat(userId, chatId, wanted))) throw new Refusal('chat-not-found', { chatId })
      tell(userId, { type: 'notices', chatId, ...wanted, quiet: undefined })
      return wanted
    },
    getPushKey: async () => ({ key: push.key }),
    async keepPushDevice({ userId, sessionId }, device) {
      const fault = push.fault(device)
      if (fault) throw invalid(fault.pointer, fault.detail)
      await notices.keepDevice({ ...device, userId, sessionId }, clock())
      const added = await Promise.all(PUSH_CONSUMERS.map((one) => consumers.add({ ...one, id: newId(), from: undefined })))
      if (added.includes(true)) changed()
    },
    dropPushDevice: ({ userId }, deviceId) => notices.dropDevice(userId, deviceId),
    unsubscribe: unsubscribe(needs),
  }
}
