import type { Event } from '../../adapters/wire/schemas/events.ts'
import { type ChatEvent, readEvent } from '../calls/read-event.ts'
import { apply } from '../copy/absorb.ts'
import { type Copies, type Copy, type Recorded, record } from '../copy/copies.ts'
import { applyToItem, passItem } from '../copy/item.ts'
import { byKind, type Kinds } from '../copy/kinds.ts'
import { applyToMembers } from '../copy/members.ts'
import type { Self } from '../copy/self.ts'
import type { Person } from '../types.ts'
import type { Naming } from './naming.ts'
import type { SyncNeeds } from './needs.ts'
import { remark } from './reading.ts'

/** Applies an event to what lists show. Returns false when the service has to be asked. */
export function applyToItemOf({ item, timeline }: Copy, { seq, event }: Recorded, self: Self): boolean {
  if (!item) return true
  if (event) return applyToItem(item, event, self, (id) => timeline.messages.get(id))
  passItem(item, seq)
  return true
}

export const selfOf = ({ me, copies }: Pick<SyncNeeds, 'me' | 'copies'>): Self => ({ id: me(), blocked: copies.blocked.get() })

interface Parts {
  readonly names: Naming
  refreshSoon(copy: Copy): void
}

/** Applies the next event of a log to all copies of its chat. */
export function applying(needs: SyncNeeds, { refreshSoon, names }: Parts): (copy: Copy, event: Event) => void {
  const { copies, emit, me } = needs

  const pinned = (_: unknown, copy: Copy): void => copies.touch(copy, 'pins')
  const pinnedChanged = ({ messageId }: { readonly messageId: string }, copy: Copy): void => {
    if (copy.pinned.has(messageId)) pinned(messageId, copy)
  }

  /** What happens besides the change of the copies. */
  const consequences: Kinds<[copy: Copy], void> = {
    ...quiet,
    'chat.created': ({ members }, copy) => joined(members, copy),
    'member.added': (member, copy) => joined([member], copy),
    'member.left': ({ userId }, copy) => stopTyping(copies, copy, userId),
    'member.removed': ({ userId }, copy) => stopTyping(copies, copy, userId),
    'message.sent'({ message }, copy) {
      const isMine = message.sender.id === me()
      // A hidden chat comes back with its next message.
      copy.isHidden = false
      names.sent(message.sender)
      if (isMine) needs.arrived(message)
      stopTyping(copies, copy, message.sender.id)
      emit('message', { chatId: copy.id, message, isMine })
    },
    'message.edited': pinnedChanged,
    'message.deleted': pinnedChanged,
    'message.reacted': nothing,
    'message.pinned': pinned,
    'message.unpinned': pinned,
    'author.erased'({ userId }, copy) {
      stopTyping(copies, copy, userId)
      needs.present({ type: 'presence', user_id: userId, online: false, last_seen_at: null })
      if (copy.pinned.size > 0) pinned(undefined, copy)
    },
  }

  function joined(members: readonly { readonly person: Person }[], copy: Copy): void {
    if (!members.some(({ person }) => person.id === me())) return
    emit('joined', { chatId: copy.id })
    refreshSoon(copy)
  }

  /** An event that cannot be read counts like one of an unknown kind, and the chat is fetched. */
  function read(copy: Copy, event: Event): ChatEvent | undefined {
    try {
      return readEvent(event, me())
    } catch (error) {
      emit('error', { error, during: 'reading an event' })
      refreshSoon(copy)
      return undefined
    }
  }

  return (copy, wire) => {
    const one = { seq: wire.seq, event: read(copy, wire) }
    const { event } = one
    if (copies.isRecording()) record(copy, one)
    if (!applyToItemOf(copy, one, selfOf(needs))) refreshSoon(copy)
    apply(copy.timeline, one.seq, event)
    if (event && applyToMembers(copy.members, event, me())) {
      remark(copies, copy)
      copies.touch(copy, 'members')
    }
    if (event) byKind(consequences, event, copy)
    if (!copy.item && !copy.isHidden) refreshSoon(copy)
    copies.touch(copy, 'item', 'timeline')
  }
}

function nothing(): void {}

/** Of these nothing happens besides. */
const quiet = {
  'chat.renamed': nothing,
  'chat.data_changed': nothing,
  'chat.rules_changed': nothing,
  'chat.description_changed': nothing,
  'chat.avatar_changed': nothing,
  'member.muted': nothing,
  'member.banned': nothing,
  'member.unbanned': nothing,
  'member.role_changed': nothing,
}

function stopTyping(copies: Copies, copy: Copy, userId: string): void {
  if (!copy.typing.includes(userId)) return
  copy.typing = copy.typing.filter((id) => id !== userId)
  copies.touch(copy, 'typing')
}
