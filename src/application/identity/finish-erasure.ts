import { erase } from '../../domain/group.ts'
import type { ChatId, UserId } from '../../domain/ids.ts'
import type { Ports } from '../ports/ports.ts'
import { type EndSessions, endAll } from './end-sessions.ts'

export type ErasureNeeds = Pick<Ports, 'log' | 'chats' | 'people' | 'files' | 'storage' | 'clock'>

/** Erases a user from every chat, and then the user. Repeatable: it goes on where an interrupted erasure stopped. */
export async function finishErasure({ log, chats, people, files, storage, clock }: ErasureNeeds, userId: UserId): Promise<void> {
  for (let left = await chats.toErase(userId); left.length > 0; left = await chats.toErase(userId)) {
    await Promise.all(left.map(({ chatId, heir }) => eraseFrom({ log, clock }, chatId, { userId, heirId: heir })))
  }
  for (const { pieces } of await files.eraseOwner(userId, clock())) await storage?.blobs.dropPieces(pieces)
  await people.erased(userId)
}

async function eraseFrom(
  { log, clock }: Pick<Ports, 'log' | 'clock'>,
  chat: ChatId,
  who: { readonly userId: UserId; readonly heirId: UserId | undefined },
): Promise<void> {
  const erasure = { ...who, at: clock() }
  for (let taken = 1; taken > 0; ) taken = await log.eraseTexts({ chatId: chat, userId: who.userId, at: erasure.at })
  await log.eraseTraces({ chatId: chat, userId: who.userId })
  await log.change({ chat, members: who.heirId ? [who.userId, who.heirId] : [who.userId] }, (state) => erase(state, erasure))
}

/** Finishes the erasures that an earlier process began. */
export const finishErasures = (needs: ErasureNeeds & Pick<Ports, 'sessions'>, end: EndSessions) => async (): Promise<void> => {
  for (const userId of await needs.people.erasing()) {
    await endAll({ ...needs, end }, userId)
    await finishErasure(needs, userId)
  }
}
