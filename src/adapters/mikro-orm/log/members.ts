import type { Chat } from '../../../domain/chat.ts'
import type { ChatState } from '../../../domain/decision.ts'
import type { EventOf, EventType } from '../../../domain/event.ts'
import type { UserId } from '../../../domain/ids.ts'
import type { Role } from '../../../domain/member.ts'
import { insert, type RowChange, remove, update } from './changes.ts'
import { asWritten, type Kind, ofUser, personIn } from './kind.ts'
import { memberCells, memberCountCells } from './rows.ts'

type MemberEvent = Extract<EventType, `member.${string}`>

/** What is stored of who comes and goes, and of what members may. */
export const members: { readonly [T in MemberEvent]: Kind<T> } = {
  'member.added': {
    payload: ({ person, role }) => ({ userId: person.id, role }),
    changes: ({ person, invitation }, state) => [
      ...joined(state.chat!, state, person.id),
      counted(state.chat!),
      remove('join_requests', { chat_id: state.chat!.id, user_id: person.id }),
      ...(invitation ? [update('invitations', { id: invitation.id, used: invitation.used })] : []),
    ],
    people: ({ userId }) => [userId as UserId],
    read: ({ userId, role }, known) => ({ person: personIn(known, userId as UserId), role: role as Role }),
  },
  'member.left': { payload: ofUser, changes: left, read: asWritten },
  'member.removed': { payload: ofUser, changes: left, read: asWritten },
  'member.role_changed': {
    payload: ({ userId, role }) => ({ userId, role }),
    changes: ({ chatId, userId, role }) => [update('members', { chat_id: chatId, user_id: userId, role })],
    read: asWritten,
  },
  'member.muted': {
    payload: ({ userId, until }) => ({ userId, until }),
    changes: ({ chatId, userId, until }) => [
      update('members', { chat_id: chatId, user_id: userId, muted_until: until ?? null }),
      remove('mutes', { chat_id: chatId, user_id: userId }),
      ...(until === undefined ? [] : [insert('mutes', { chat_id: chatId, user_id: userId, until })]),
    ],
    read: asWritten,
  },
  'member.banned': {
    payload: ({ userId, until }) => ({ userId, until }),
    changes: ({ chatId, userId, actorId, at, until, reason }) => [
      unbanned({ chatId, userId }),
      remove('join_requests', { chat_id: chatId, user_id: userId }),
      insert('bans', { chat_id: chatId, user_id: userId, by_id: actorId, at, until: until ?? null, reason: reason ?? null }),
    ],
    read: asWritten,
  },
  'member.unbanned': { payload: ofUser, changes: (event) => [unbanned(event)], read: asWritten },
}

const unbanned = ({ chatId, userId }: Pick<EventOf<'member.unbanned'>, 'chatId' | 'userId'>): RowChange =>
  remove('bans', { chat_id: chatId, user_id: userId })

const counted = (chat: Chat): RowChange => update('chats', { id: chat.id, ...memberCountCells(chat) })

export function joined(chat: Chat, { members }: ChatState, userId: UserId, isUnaware = false): RowChange[] {
  const cells = { ...memberCells(chat.id, members.get(userId)!, chat.headN), ...(isUnaware && { hidden_n: 0, shown_at: 0 }) }
  const { chat_id, user_id, read_seq, read_at } = cells
  return [insert('members', cells), insert('marks', { chat_id, user_id, read_seq, at: read_at })]
}

export const appeared = ({ chatId, at }: Pick<EventOf<'message.sent'>, 'chatId' | 'at'>, userId: UserId): RowChange =>
  update('members', { chat_id: chatId, user_id: userId, shown_at: at })

function left({ chatId, userId }: EventOf<'member.left' | 'member.removed'>, { chat }: ChatState): RowChange[] {
  const names = { chat_id: chatId, user_id: userId }
  return [remove('members', names), remove('marks', names), remove('notices', names), counted(chat!)]
}
