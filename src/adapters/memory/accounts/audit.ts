import type { Audit, DeedPosition } from '../../../application/ports/audit.ts'
import { compareText, pageOf } from '../page.ts'
import type { AccountRecords } from './store.ts'

const newestFirst = (a: DeedPosition, b: DeedPosition): number => b.at - a.at || compareText(b.id, a.id)

export const memoryAudit = ({ deeds }: AccountRecords): Audit => ({
  async add(deed) {
    if (!deeds.some(({ id }) => id === deed.id)) deeds.push(deed)
  },
  async list({ userId, chatId }, window) {
    const found = deeds.filter(
      (deed) => (userId === undefined || deed.userId === userId) && (chatId === undefined || deed.chatId === chatId),
    )
    return pageOf(found.sort(newestFirst), window, { position: ({ at, id }) => ({ at, id }), compare: newestFirst })
  },
  async forget(before) {
    const kept = deeds.filter(({ at }) => at >= before)
    const dropped = deeds.length - kept.length
    deeds.splice(0, deeds.length, ...kept)
    return dropped
  },
})
