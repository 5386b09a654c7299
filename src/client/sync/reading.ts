import { type Copies, type Copy, countUnread, type Unread } from '../copy/copies.ts'
import { readByOthers } from '../copy/item.ts'
import type { Self } from '../copy/self.ts'

/** Notes how far all others have read, where the read positions of all of them are known. */
export function remark(copies: Copies, copy: Copy): void {
  const { item, members } = copy
  if (!item) return
  const others = item.memberCount - 1
  if (others > 0 && members.marks.size >= others) readByOthers(item, Math.min(...members.marks.values()))
  copies.touch(copy, 'timeline', 'item')
}

/**
 * Counts again after the user's read position has moved: exactly where everything unread is known here, else what was `counted`
 * elsewhere. Returns whether the service has to be asked.
 */
export function recounted(copy: Copy, self: Self, counted?: Unread): boolean {
  const { item, timeline } = copy
  if (!item) return false
  const exact = item.readSeq >= timeline.head ? { unread: 0, unreadMentions: 0 } : countUnread(copy, self)
  Object.assign(item, exact ?? counted)
  return exact === undefined || item.headSeq > timeline.head
}
