import type { ChatId, Seq, UserId } from '../../../domain/ids.ts'
import type { LowestMarks } from '../../../domain/receipt.ts'
import type { Row } from '../database/connect.ts'

/** Chats above this size are remembered: in smaller ones looking at all members costs as little. */
const LARGE = 100
const REMEMBERED = 10_000

/**
 * Who were seen to have read least of a large chat. Marks only grow, and who joins has read everything: as long as these two still have
 * their marks, they are the lowest, and nobody else needs to be looked at.
 */
export function lowestMarks() {
  const known = new Map<ChatId, LowestMarks>()
  return {
    of: (chatId: ChatId): LowestMarks => known.get(chatId) ?? [],
    keep(chatId: ChatId, members: number, lowest: LowestMarks): void {
      known.delete(chatId)
      if (members <= LARGE) return
      known.set(chatId, lowest)
      if (known.size > REMEMBERED) known.delete(known.keys().next().value!)
    },
  }
}

/** Least first. */
export const lowestOf = (rows: readonly Row[]): LowestMarks =>
  rows.map(({ user_id, read_seq }) => ({ userId: user_id as UserId, readSeq: read_seq as Seq })).toSorted((a, b) => a.readSeq - b.readSeq)
