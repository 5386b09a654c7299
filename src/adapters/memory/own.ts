import type { Owned, OwnStates } from '../../application/ports/own.ts'
import type { MyChat } from '../../application/ports/views.ts'
import type { Instant, UserId } from '../../domain/ids.ts'
import { type OwnState, PINS_LIMIT } from '../../domain/own.ts'
import { type ChatRecord, chatOf, chatsOf, type MemoryStore, type OwnRecord, readSeq } from './store.ts'

const UNTOUCHED: OwnRecord = { pinnedAt: undefined, archivedN: undefined, hiddenN: undefined, isMarkedUnread: false, at: 0 }

/** Whether a chat has appeared to a member. */
export const isShown = ({ shown }: ChatRecord, userId: UserId): boolean => !shown.has(userId) || shown.get(userId) !== undefined
/** Since when: since joining it, or later. */
export const shownAt = ({ shown, state }: ChatRecord, userId: UserId): Instant => shown.get(userId) ?? state.members.get(userId)!.joinedAt
/** The chats of somebody that have appeared to them. */
export const shownTo = (store: MemoryStore, id: UserId): readonly ChatRecord[] => chatsOf(store, id).filter((record) => isShown(record, id))

/** What is archived or hidden stays so until the next message. */
export function ownOf({ own, state }: ChatRecord, userId: UserId): OwnState {
  const { pinnedAt, archivedN, hiddenN, isMarkedUnread } = own.get(userId) ?? UNTOUCHED
  const { headN } = state.chat
  return { pinnedAt, isArchived: archivedN === headN, isHidden: hiddenN === headN, isMarkedUnread }
}

export function meIn(record: ChatRecord, userId: UserId): MyChat {
  const { role, joinedAt, mutedUntil } = record.state.members.get(userId)!
  return { role, joinedAt, mutedUntil, readSeq: readSeq(record, userId), ...ownOf(record, userId) }
}

export function memoryOwn(store: MemoryStore): OwnStates {
  const owned = (record: ChatRecord, userId: UserId): Owned => ({
    userId,
    chatId: record.state.chat.id,
    me: meIn(record, userId),
    at: record.own.get(userId)?.at ?? 0,
    head: record.state.chat.headSeq,
  })
  const pins = (userId: UserId) => chatsOf(store, userId).filter(({ own }) => own.get(userId)?.pinnedAt !== undefined).length
  return {
    async change({ chatId, userId, at }, { pinned, archived, markedUnread, hide }) {
      const record = chatOf(store, userId, chatId)
      if (!record) return undefined
      const { kind, headN } = record.state.chat
      const before = record.own.get(userId) ?? UNTOUCHED
      if (pinned && before.pinnedAt === undefined && pins(userId) >= PINS_LIMIT) return 'pins-full'
      const was = ownOf(record, userId)
      record.own.set(userId, {
        pinnedAt: pinned === undefined ? before.pinnedAt : pinned ? (before.pinnedAt ?? at) : undefined,
        archivedN: archived === undefined ? before.archivedN : archived ? headN : undefined,
        hiddenN: hide && kind === 'private' ? headN : before.hiddenN,
        isMarkedUnread: markedUnread ?? before.isMarkedUnread,
        at: before.at,
      })
      const now = ownOf(record, userId)
      const moved = Object.keys(now).some((name) => now[name as keyof OwnState] !== was[name as keyof OwnState])
      if (moved) record.own.set(userId, { ...record.own.get(userId)!, at: Math.max(at, before.at + 1) })
      return { ...owned(record, userId), moved }
    },
    async show({ chatId, userId, at }) {
      const record = chatOf(store, userId, chatId)
      if (!record || isShown(record, userId)) return false
      record.shown.set(userId, at)
      record.own.delete(userId)
      return true
    },
    async get(chatId, userId) {
      const record = chatOf(store, userId, chatId)
      return record && owned(record, userId)
    },
    async since(userIds, since) {
      return [...new Set(userIds)].flatMap((userId) =>
        chatsOf(store, userId)
          .map((record) => owned(record, userId))
          .filter(({ at }) => at > 0 && at >= since),
      )
    },
  }
}
