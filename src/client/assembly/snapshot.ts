import type { Copies, Copy } from '../copy/copies.ts'
import { cursorAt, isBehind } from '../copy/cursor.ts'
import { activityOf, type Item } from '../copy/item.ts'
import { addPage, liveSpan, messagesIn } from '../copy/timeline.ts'
import type { Snapshot, SnapshotLimits } from '../snapshots.ts'
import type { Message } from '../types.ts'

interface ChatSnapshot {
  readonly id: string
  /** The last event that is in it, and where its messages begin. */
  readonly last: number
  readonly from: number
  readonly item: Item
  readonly messages: readonly Message[]
}

interface Taken extends Snapshot {
  readonly epoch: string
  readonly chats: readonly ChatSnapshot[]
  /** Whom the user has blocked. */
  readonly blocked: readonly string[]
}

/** Takes what is known of the latest chats, each as of one position of its log. */
export function take(copies: Copies, epoch: string | undefined, { chats = 30, messages = 50 }: SnapshotLimits = {}): Snapshot | undefined {
  if (epoch === undefined) return undefined
  const known = [...copies.all()].filter((copy) => copy.item && copy.cursor && !isBehind(copy.cursor))
  const latest = known.sort((a, b) => activityOf(b.item!) - activityOf(a.item!)).slice(0, chats)
  const taken: Taken = { epoch, blocked: copies.blocked.get(), chats: latest.map((copy) => takeChat(copy, messages)) }
  return structuredClone(taken)
}

function takeChat({ id, cursor, item, timeline }: Copy, count: number): ChatSnapshot {
  const { last } = cursor!
  const live = liveSpan(timeline)
  // What the log has not delivered yet comes with it.
  const all = live ? messagesIn(timeline, live).filter(({ seq }) => seq <= last) : []
  const messages = all.slice(-count)
  const from = live ? (messages.length < all.length ? messages[0]!.seq : Math.min(live.from, last + 1)) : last + 1
  return { id, last, from, item: item!, messages }
}

/** Puts a snapshot in place of copies that nothing is known of yet. What has happened since comes with `resume`. */
export function restore(copies: Copies, snapshot: Snapshot, startEpoch: (epoch: string) => void): void {
  const { epoch, blocked, chats } = snapshot as Taken
  copies.blocked.set(blocked)
  startEpoch(epoch)
  for (const { id, last, from, item, messages } of chats) {
    const copy = copies.at(id)
    copy.cursor = cursorAt(last)
    copy.item = structuredClone(item)
    copy.timeline.head = last
    if (messages.length > 0 || from === 1) addPage(copy.timeline, messages, { from, to: last })
    copies.touch(copy, 'item', 'timeline')
  }
}
