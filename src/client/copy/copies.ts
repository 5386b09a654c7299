import type { Event } from '../../adapters/wire/schemas/events.ts'
import type { ChatEvent } from '../../domain/event.ts'
import { type Cursor, cursorAt } from '../socket/cursor.ts'
import type { Item } from './item.ts'
import { emptyTimeline, forgetAll, liveSpan, messagesIn, type Timeline } from './timeline.ts'

/** What of a chat may have changed, for those who look at it. */
export type Aspect = 'item' | 'timeline' | 'members' | 'typing'

/** All that is known of one chat. */
export interface Copy {
  readonly id: string
  /** Undefined until something says where its log stands. */
  cursor: Cursor<Event> | undefined
  readonly timeline: Timeline
  item: Item | undefined
  /** How far others have read, as far as is known. */
  readonly marks: Map<string, number>
  typing: readonly string[]
  /** What was applied while something was being loaded, to be applied to that as well. */
  readonly recorded: { readonly seq: number; readonly event: ChatEvent | undefined }[]
  /** Another one after events were left out: what was being loaded meanwhile does not fit any more. */
  generation: number
  isFetching: boolean
  /** A private chat that one has left: off the list until the next message. */
  isHidden: boolean
  readonly watchers: Set<(aspect: Aspect) => void>
}

export interface Copies {
  at(id: string): Copy
  find(id: string): Copy | undefined
  all(): Iterable<Copy>
  /** Begins to keep what is applied; ended by calling what is answered. */
  record(): () => void
  readonly isRecording: () => boolean
  /** Told of every change of any chat. */
  watch(watcher: (copy: Copy, aspect: Aspect) => void): void
  touch(copy: Copy, ...aspects: readonly Aspect[]): void
}

/** More than so many events during one load make it too old to be mended. */
export const RECORDED = 2_000

export function copies(): Copies {
  const all = new Map<string, Copy>()
  const watchers = new Set<(copy: Copy, aspect: Aspect) => void>()
  let recordings = 0

  return {
    at(id) {
      const known = all.get(id)
      if (known) return known
      const copy: Copy = {
        id,
        cursor: undefined,
        timeline: emptyTimeline(id, 0),
        item: undefined,
        marks: new Map(),
        typing: [],
        recorded: [],
        generation: 0,
        isFetching: false,
        isHidden: false,
        watchers: new Set(),
      }
      all.set(id, copy)
      return copy
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

/** Begins anew at a place of the log, or at none. */
export function startOver(copy: Copy, head: number | undefined): void {
  copy.cursor = head === undefined ? undefined : cursorAt(head)
  copy.generation++
  copy.recorded.length = 0
  copy.marks.clear()
  forgetAll(copy.timeline, head ?? 0)
}

/** What was applied above a place, all of it; undefined where some of it was not kept. */
export function recordedAbove(
  copy: Copy,
  seq: number,
): readonly { readonly seq: number; readonly event: ChatEvent | undefined }[] | undefined {
  const last = copy.cursor?.last ?? seq
  if (last <= seq) return []
  const kept = copy.recorded.filter((one) => one.seq > seq)
  return copy.recorded.length <= RECORDED && kept.length > 0 ? kept : undefined
}

/** Counted, where all messages that may be unread are known. */
export function countUnread({ timeline, item }: Copy, me: string): number | undefined {
  const live = liveSpan(timeline)
  if (!item || !live || live.from > item.readSeq + 1) return undefined
  const { readSeq } = item
  return messagesIn(timeline, live).filter(({ seq, sender, deletedAt }) => seq > readSeq && sender.id !== me && deletedAt === undefined)
    .length
}
