import type { ServerFrame, ServerFrameOf, ServerFrameType } from '../../adapters/wire/frames.ts'
import { millis, perhaps, profileOf, readPerson } from '../calls/read-wire.ts'
import { apply } from '../copy/absorb.ts'
import { cursorAt, learn, skip } from '../copy/cursor.ts'
import { readByOthers, readUpTo } from '../copy/item.ts'
import { markMember } from '../copy/members.ts'
import type { CatchingUp } from './catch-up.ts'
import type { Forgetting } from './forget.ts'
import type { Naming } from './naming.ts'
import type { SyncNeeds } from './needs.ts'
import { remark } from './reading.ts'
import type { Refreshing } from './refresh.ts'
import type { Resuming } from './resume.ts'

/** Frames that belong to the connection, not to chats. */
type OfConnection = 'hello' | 'ok' | 'error' | 'reconnect'
export type DeliveredFrame = Exclude<ServerFrame, { type: OfConnection }>

type Handlers = { readonly [T in Exclude<ServerFrameType, OfConnection>]: (frame: ServerFrameOf<T>) => void }

interface Parts extends CatchingUp, Forgetting, Refreshing, Pick<Resuming, 'learnHeads' | 'learnBlocked' | 'startEpoch' | 'own'> {
  readonly names: Naming
  jump(copy: ReturnType<SyncNeeds['copies']['at']>, from: number, to: number): void
}

/** What each frame of the service does. */
export function frameHandlers(needs: SyncNeeds, parts: Parts): Handlers {
  const { copies, emit, me } = needs
  const { receiveEvent, applyAll, catchUp, reset, gone, refreshSoon, recount, jump } = parts

  return {
    ...noticeFrames(needs),
    event: ({ event }) => event && receiveEvent(event),
    skip({ chat_id, from, to }) {
      const copy = copies.at(chat_id)
      copy.cursor ??= cursorAt(to)
      const ready = skip(copy.cursor, from, to)
      apply(copy.timeline, Math.min(to, copy.cursor.last), undefined)
      applyAll(copy, ready)
    },
    receipt({ chat_id, user_id, read_seq, unread, unread_mentions }) {
      const copy = copies.find(chat_id)
      const item = copy?.item
      if (!copy || !item) return
      if (user_id === me()) {
        if (readUpTo(item, read_seq)) recount(copy, unread === null ? undefined : { unread, unreadMentions: unread_mentions ?? 0 })
      } else if (user_id === null) readByOthers(item, read_seq)
      else {
        markMember(copy.members, user_id, read_seq)
        remark(copies, copy)
        copies.touch(copy, 'members')
        const isAllKnown = copy.members.marks.size >= item.memberCount - 1
        if (!isAllKnown && item.lastMessage?.sender.id === me()) refreshSoon(copy)
      }
      copies.touch(copy, 'item', 'timeline')
    },
    typing({ chat_id, user_ids }) {
      const copy = copies.find(chat_id)
      if (!copy) return
      copy.typing = user_ids
      copies.touch(copy, 'typing', 'item')
    },
    presence: (frame) => needs.present(frame),
    user({ user }) {
      const person = profileOf(readPerson(user))
      parts.names.shown(person)
      if (person.id === me()) needs.shown(person)
      emit('profile', { person })
    },
    blocked({ user_id, blocked }) {
      const others = copies.blocked.get().filter((id) => id !== user_id)
      parts.learnBlocked(blocked ? [...others, user_id] : others)
    },
    heads: ({ heads, as_of }) => parts.learnHeads(heads, as_of ?? undefined),
    limited({ chat_id, from, to, newest }) {
      jump(copies.at(chat_id), from, to)
      for (const event of newest) if (event) receiveEvent(event)
    },
    gap({ chat_id, to }) {
      const copy = copies.find(chat_id)
      if (!copy?.cursor) return
      learn(copy.cursor, to)
      catchUp(copy)
    },
    reset({ chat_id, epoch, reason }) {
      parts.startEpoch(epoch)
      for (const copy of chat_id === null ? copies.all() : [copies.at(chat_id)]) reset(copy)
      emit('refetched', { chatId: chat_id ?? undefined, reason })
      if (chat_id === null) needs.allReset()
      else refreshSoon(copies.at(chat_id))
    },
    my_chat: ({ chat_id, me }) => parts.own(chat_id, me),
    chat_gone: ({ chat_id, reason }) => gone(chat_id, reason),
  }
}

/** Those that are no part of the copy of chats, and are told as they come. */
const noticeFrames = ({ emit }: SyncNeeds): Pick<Handlers, 'notice' | 'notices'> => ({
  notice({ session_id, device_name, network, at }) {
    emit('signed-in', { sessionId: session_id, deviceName: device_name ?? undefined, network, at: millis(at) })
  },
  notices({ chat_id, level, muted_until, quiet }) {
    emit('notices', {
      chatId: chat_id ?? undefined,
      level: level ?? undefined,
      mutedUntil: perhaps(muted_until),
      quiet: quiet ?? undefined,
    })
  },
})
