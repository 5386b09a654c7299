import type { FrameInput, ResultOf } from '../../adapters/wire/frames.ts'
import { RESUME_CURSORS } from '../../adapters/wire/limits.ts'
import type { MyChat } from '../../adapters/wire/schemas/chats.ts'
import { type Copies, type Copy, record, startOver, type Unread } from '../copy/copies.ts'
import { isBehind, learn } from '../copy/cursor.ts'
import { activityOf, ownOf, readByOthers, readUpTo } from '../copy/item.ts'
import { HOLE } from './jump.ts'

export interface Resuming {
  /** Where to go on: the first frame after the user is known. */
  resumeFrom(): Omit<FrameInput<'resume'>, 'type' | 'ref'>
  resumed(result: ResultOf<'resume'>): void
  /** The heads of chats, and the time of which they are. */
  learnHeads(heads: Readonly<Record<string, number>>, asOf: string | undefined): void
  /** Whom the user has blocked. */
  learnBlocked(userIds: readonly string[]): void
  startEpoch(next: string): void
  /** The user's own state of a chat. */
  own(id: string, me: MyChat): void
  epoch(): string | undefined
}

interface Needs {
  readonly copies: Copies
  gone(chatId: string, reason: 'not-found'): void
  jump(copy: Copy, from: number, to: number): void
  recount(copy: Copy, counted: Unread): void
  catchUp(copy: Copy): void
  refreshSoon(copy: Copy): void
  hide(copy: Copy): void
}

/** Says where the copies are, and takes over what the service says of where the logs are. */
export function resuming({ copies, gone, jump, recount, catchUp, refreshSoon, hide }: Needs): Resuming {
  let epoch: string | undefined
  let asOf: string | undefined
  /** The position of each chat that was caught up at `asOf`. */
  const levels = new Map<string, number>()
  /** The chats that were known when the service was asked: it may not know yet of one that was opened since. */
  let asked: readonly Copy[] = []

  function keep(next: string | undefined, of: Iterable<Copy> = copies.all()): void {
    asOf = next
    levels.clear()
    if (next !== undefined) for (const { id, cursor } of of) if (cursor && !isBehind(cursor)) levels.set(id, cursor.last)
  }

  const own = owning({ copies, hide, refreshSoon })
  const learnBlocked = blocking({ copies, refreshSoon })

  return {
    own,
    learnBlocked,
    epoch: () => epoch,
    startEpoch(next) {
      if (next !== epoch) keep(undefined)
      epoch = next
    },
    resumeFrom() {
      const known = (asked = [...copies.all()].filter(({ cursor }) => cursor))
      const moved = asOf === undefined ? known : known.filter(({ id, cursor }) => levels.get(id) !== cursor!.last)
      const isPartial = asOf !== undefined && moved.length <= RESUME_CURSORS
      const named = (isPartial ? moved : known).sort((a, b) => activity(b) - activity(a)).slice(0, RESUME_CURSORS)
      return {
        ...(epoch !== undefined && { epoch }),
        ...(isPartial && { as_of: asOf }),
        cursors: Object.fromEntries(named.map(({ id, cursor }) => [id, cursor!.last])),
      }
    },
    resumed(result) {
      epoch = result.epoch
      for (const [id, head] of Object.entries(result.heads)) {
        const copy = copies.at(id)
        if (!copy.cursor) startOver(copy, head)
        else if (head - copy.cursor.last > HOLE) jump(copy, copy.cursor.last + 1, head)
        else learn(copy.cursor, head)
        const { item } = copy
        const reads = result.reads[id]
        if (!item || !reads) continue
        // What was counted here is exact, unless another device has read.
        if (readUpTo(item, reads.read_seq)) recount(copy, { unread: reads.unread, unreadMentions: reads.unread_mentions ?? 0 })
        if (reads.read_by_others_seq !== null) readByOthers(item, reads.read_by_others_seq)
        copies.touch(copy, 'item', 'timeline')
      }
      // A service of the release before says nothing of own states, nor whether it names every chat.
      const { my, blocked } = result as Partial<typeof result>
      if (blocked) learnBlocked(blocked)
      if (my) for (const id of Object.keys(result.whole ? result.heads : my)) own(id, my[id] ?? {})
      if (result.whole) for (const { id, cursor } of asked) if (cursor && !(id in result.heads)) gone(id, 'not-found')
      keep(result.as_of, [...asked, ...Object.keys(result.heads).map((id) => copies.at(id))])
    },
    learnHeads(heads, next) {
      for (const [id, head] of Object.entries(heads)) {
        const copy = copies.at(id)
        if (!copy.cursor) startOver(copy, head)
        if (!copy.item && !copy.isHidden) refreshSoon(copy)
        learn(copy.cursor!, head)
        if (isBehind(copy.cursor!)) catchUp(copy)
      }
      if (next !== undefined) keep(next)
    },
  }
}

/** Notes whom the user has blocked. What was counted as unread may count no longer, or count again. */
const blocking =
  ({ copies, refreshSoon }: Pick<Needs, 'copies' | 'refreshSoon'>) =>
  (userIds: readonly string[]): void => {
    const next = [...userIds].sort()
    if (String(next) === String(copies.blocked.get())) return
    copies.blocked.set(next)
    for (const copy of copies.all()) if (copy.item && copy.item.readSeq < copy.item.headSeq) refreshSoon(copy)
  }

/** Takes over the user's own state of a chat. */
const owning =
  ({ copies, hide, refreshSoon }: Pick<Needs, 'copies' | 'hide' | 'refreshSoon'>) =>
  (id: string, me: Partial<MyChat>): void => {
    const copy = copies.at(id)
    const { item } = copy
    if (copies.isRecording()) record(copy, { seq: 0, event: undefined, own: me })
    if (me.hidden) {
      if (item && !item.isHidden) hide(copy)
    } else if (item) {
      Object.assign(item, ownOf(me))
      copies.touch(copy, 'item')
    } else if (copy.isHidden) refreshSoon(copy)
  }

const activity = ({ item }: Copy): number => (item ? activityOf(item) : 0)
