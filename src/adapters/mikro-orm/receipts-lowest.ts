import type { ChatId, Seq, UserId } from '../../domain/ids.ts'

export interface Lowest {
  readonly holder: UserId
  readonly readSeq: Seq
}

/** Chats above this size are remembered: in smaller ones looking at all members costs as little. */
const LARGE = 100
const REMEMBERED = 10_000

/**
 * Who was seen to have read least of a large chat. Marks only grow, and who joins has read everything: as long as that member still has that
 * mark, it is the lowest, and nobody else needs to be looked at.
 */
export function lowestMarks() {
  const known = new Map<ChatId, Lowest>()
  return {
    of: (chatId: ChatId): Lowest | undefined => known.get(chatId),
    keep(chatId: ChatId, members: number, lowest: Lowest): void {
      known.delete(chatId)
      if (members <= LARGE) return
      known.set(chatId, lowest)
      if (known.size > REMEMBERED) known.delete(known.keys().next().value!)
    },
  }
}
