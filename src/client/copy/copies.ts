import type { MyChat } from '../../adapters/wire/schemas/chats.ts'
import type { Event } from '../../adapters/wire/schemas/events.ts'
import type { ChatEvent } from '../calls/read-event.ts'
import type { Store } from '../types.ts'
import { type Cursor, cursorAt } from './cursor.ts'
import type { Item } from './item.ts'
import { emptyMembers, type MembersCopy } from './members.ts'
import { concerns } from './message.ts'
import { isCounted, type Self } from './self.ts'
import { emptyTimeline, forgetAll, liveSpan, messagesFrom, type Timeline } from './timeline.ts'
import type { Wishes } from './wishes.ts'

/** What of a chat may have changed, for those who look at it. */
export type Aspect = 'item' | 'timeline' | 'members' | 'typing' | 'pins'

/** An event that was applied, undefined for an unknown kind; or the user's own state of the chat, in its place among them. */
export interface Recorded {
  readonly seq: number
  readonly event: ChatEvent | undefined
  readonly own?: Partial<MyChat>
}

/** All that is known of one chat. */
export interface Copy {
  readonly id: string
  /** Undefined until a position in its log is known. */
  cursor: Cursor<Event> | undefined
  readonly timeline: Timeline
  item: Item | undefined
  readonly members: MembersCopy
  typing: readonly string[]
  /** What the user has chosen to react. */
  readonly wishes: Wishes
  /** Ids of the pinned messages that were loaded. */
  pinned: ReadonlySet<string>
  /** What was applied while something was being loaded, to be applied to that as well. */
  readonly recorded: Recorded[]
  /** Changes when events were left out: what was being loaded meanwhile is then out of date. */
  generation: number
  isFetching: boolean
  /** A private chat that the user has left: off the list until its next message. */
  isHidden: boolean
  readonly watchers: Set<(aspect: Aspect) => void>
}

export interface Copies {
  /** Ids of the users whom the user has blocked, in their order. */
  readonly blocked: Blocked
  at(id: string): Copy
  find(id: string): Copy | undefined
  all(): Iterable<Copy>
  /** Begins to keep what is applied, until the returned function is called. */
  record(): () => void
  readonly isRecording: () => boolean
  /** Calls back with every change of any chat. */
  watch(watcher: (copy: Copy, aspect: Aspect) => void): void
  touch(copy: Copy, ...aspects: readonly Aspect[]): void
}

/** Events kept during one load, at most; with more, what was loaded is too old to be brought up to date. */
export const RECORDED = 2_000

type Blocked = Store<readonly string[]> & { set(userIds: readonly string[]): void }

export function copies(blocked: Blocked): Copies {
  const all = new Map<string, Copy>()
  const watchers = new Set<(copy: Copy, aspect: Aspect) => void>()
  let recordings = 0

  return {
    blocked,
    at(id) {
      const known = all.get(id) ?? newCopy(id)
      all.set(id, known)
      return known
    },
    find: (id) => all.get(id),
    all: () => all.values(),
    record() {
      recordings++
      let isOver = false
      return () => {
        if (isOver) return
        isOver = true
        if (--recordings === 0) for (const copy of all.values()) copy.recorded.length = 0
      }
    },
    isRecording: () => recordings > 0,
    watch: (watcher) => void watchers.add(watcher),
    touch(copy, ...aspects) {
      for (const aspect of aspects) {
        for (const watcher of copy.watchers) watcher(aspect)
        for (const watcher of watchers) watcher(copy, aspect)
      }
    },
  }
}

const newCopy = (id: string): Copy => ({
  id,
  cursor: undefined,
  timeline: emptyTimeline(0),
  item: undefined,
  members: emptyMembers(),
  typing: [],
  wishes: new Map(),
  pinned: new Set(),
  recorded: [],
  generation: 0,
  isFetching: false,
  isHidden: false,
  watchers: new Set(),
})

/** Begins again at a position of the log, or at none. */
export function startOver(copy: Copy, head: number | undefined): void {
  copy.cursor = head === undefined ? undefined : cursorAt(head)
  copy.generation++
  copy.recorded.length = 0
  copy.members.marks.clear()
  forgetAll(copy.timeline, head ?? 0)
}

/** Whether the chat was lost or left, and nothing was heard of it since: what was asked before says nothing of it any more. */
export const isLost = ({ cursor, item, isHidden, generation }: Copy): boolean => isHidden || (!cursor && !item && generation > 0)

/** Keeps an event for what is being loaded. */
export function record(copy: Copy, one: Recorded): void {
  if (copy.recorded.length <= RECORDED) copy.recorded.push(one)
}

/** What was applied above a position, all of it, with all own states; undefined where some of it was not kept. */
export function recordedAbove(copy: Copy, seq: number): readonly Recorded[] | undefined {
  const kept = copy.recorded.filter((one) => one.own || one.seq > seq)
  if ((copy.cursor?.last ?? seq) <= seq) return kept
  return copy.recorded.length <= RECORDED && kept.some(({ own }) => !own) ? kept : undefined
}

/** How many messages are unread, and how many of these mention the user. */
export type Unread = Pick<Item, 'unread' | 'unreadMentions'>

/** Counts the unread messages, where all that may be unread are known. */
export function countUnread({ timeline, item }: Copy, self: Self): Unread | undefined {
  const live = liveSpan(timeline)
  if (!item || !live || live.from > item.readSeq + 1) return undefined
  const unread = messagesFrom(timeline, item.readSeq + 1).filter(
    ({ sender, deletedAt }) => isCounted(sender, self) && deletedAt === undefined,
  )
  return { unread: unread.length, unreadMentions: unread.filter((message) => concerns(message, self.id)).length }
}

/** The ids of the people of a chat, as far as they are known here. */
export const peopleOf = ({ item, members }: Copy): readonly string[] => [
  ...(item?.partner ? [item.partner.id] : []),
  ...members.marks.keys(),
  ...members.loaded.keys(),
]
