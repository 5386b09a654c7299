import type { ChatId, Duration, Instant } from '../../domain/ids.ts'

/**
 * Where a client stood, without a position for each chat: in which store, at what time, and in which chats. It travels as a text that
 * only this service reads.
 */
export interface AsOf {
  readonly epoch: string
  readonly at: Instant
  /** A digest of the ids of the user's chats. */
  readonly chats: string
}

/** What processes have dated with clocks that differ, and committed late, is looked at again. */
export const AS_OF_OVERLAP: Duration = 60_000
/** Older ones are ignored. */
export const AS_OF_MAX_AGE: Duration = 30 * 86_400_000

export const writeAsOf = ({ epoch, at, chats }: AsOf): string => `${at.toString(36)}.${chats}.${epoch}`

/** What a client is told that stands nowhere in particular yet: a resume by it is answered as one without. */
export const NOWHERE = writeAsOf({ epoch: '-', at: 0, chats: digestOf([]) })

/** Undefined for what this service has not written. */
export function readAsOf(text: string): AsOf | undefined {
  const [, at, chats, epoch] = /^([0-9a-z]{1,10})\.([0-9a-f]{16}\d*)\.(.+)$/s.exec(text) ?? []
  return at === undefined ? undefined : { epoch: epoch!, at: Number.parseInt(at, 36), chats: chats! }
}

/** The same for the same set of chats: their number, and the hashes of their ids combined by XOR, in whatever order. */
export function digestOf(chatIds: Iterable<ChatId>): string {
  let [high, low, count] = [0, 0, 0]
  for (const id of chatIds) {
    high ^= hashOf(id, 0x811c9dc5)
    low ^= hashOf(id, 0x01000193)
    count += 1
  }
  const hex = (word: number) => (word >>> 0).toString(16).padStart(8, '0')
  return `${hex(high)}${hex(low)}${count}`
}

/** FNV-1a, of 32 bits, from this beginning (draft-eastlake-fnv). */
function hashOf(text: string, beginning: number): number {
  let hash = beginning
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash
}
