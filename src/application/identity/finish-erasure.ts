import { type Erasure, erase } from '../../domain/group.ts'
import type { ChatId, UserId } from '../../domain/ids.ts'
import type { Ports } from '../ports/ports.ts'
import { type EndSessions, endAll } from './end-sessions.ts'

export type ErasureNeeds = Pick<Ports, 'log' | 'chats' | 'people' | 'files' | 'storage' | 'clock'>

/** Erases a user from every chat, and then the user. Repeatable: it goes on where an interrupted erasure stopped. */
export async function finishErasure({ log, chats, people, files, storage, clock }: ErasureNeeds, userId: UserId): Promise<void> {
  for (let left = await chats.toErase(userId); left.length > 0; left = await chats.toErase(userId)) {
    await all(left.map(({ chatId, headSeq, heir }) => eraseFrom({ log, clock }, chatId, { userId, heirId: heir, after: headSeq })))
  }
  for (const { id, pieces } of await files.eraseOwner(userId, clock())) {
    await storage?.blobs.dropPieces(pieces)
    await files.endUpload(id)
  }
  await people.erased(userId)
}

/** Waits for all of them, also where one fails: whoever tries again would otherwise meet those that go on. */
async function all(tasks: readonly Promise<void>[]): Promise<void> {
  for (const task of await Promise.allSettled(tasks)) if (task.status === 'rejected') throw task.reason
}

async function eraseFrom({ log, clock }: Pick<Ports, 'log' | 'clock'>, chat: ChatId, who: Omit<Erasure, 'at'>): Promise<void> {
  const erasure = { ...who, at: clock() }
  for (let taken = 1; taken > 0; ) taken = await log.eraseTexts({ chatId: chat, userId: who.userId, at: erasure.at })
  await log.eraseTraces({ chatId: chat, userId: who.userId })
  const members = who.heirId ? [who.userId, who.heirId] : [who.userId]
  await log.change({ chat, members, erasures: [[who.userId, who.after]] }, (state) => erase(state, erasure))
}

/**
 * Finishes erasures that a call or an earlier process has begun. Those that are under way may be among them. One that fails keeps none of the
 * others waiting; then it rejects in the end.
 */
export const finishErasures = (needs: ErasureNeeds & Pick<Ports, 'sessions'>, end: EndSessions) => async (): Promise<void> => {
  const failures: unknown[] = []
  for (const userId of await needs.people.erasing())
    try {
      await endAll({ ...needs, end }, userId)
      await finishErasure(needs, userId)
    } catch (error) {
      failures.push(error)
    }
  if (failures.length > 0) throw failures[0]
}
