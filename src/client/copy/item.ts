import type { Chat as WireChat } from '../../adapters/wire/schemas/chats.ts'
import { type ChatState, emptyState } from '../../domain/decision.ts'
import type { ChatEvent } from '../../domain/event.ts'
import { evolve } from '../../domain/evolve.ts'
import type { ChatId, UserId } from '../../domain/ids.ts'
import { leaverOf } from '../../domain/kinds/kinds.ts'
import type { Message } from '../../domain/message.ts'
import { advance } from '../../domain/receipt.ts'
import { asDomainPerson, millis, readMessage, readPerson } from '../calls/read-wire.ts'
import type { Person } from '../types.ts'

/**
 * What a list shows of a chat, as of `state.chat.headSeq`; of the messages it holds the last one, of the members oneself. It belongs to
 * whoever made it, and is changed in place.
 */
export interface Item {
  readonly state: ChatState
  partner: Person | undefined
  readSeq: number
  /** How far all others have read; it never goes back. */
  readByOthers: number | undefined
  unread: number
}

export function itemOf(chat: WireChat, me: string): Item {
  const state = emptyState()
  const userId = me as UserId
  state.chat = {
    id: chat.id as ChatId,
    kind: chat.kind,
    name: chat.name ?? undefined,
    key: undefined,
    createdAt: millis(chat.created_at),
    headSeq: chat.head_seq,
    headN: 0,
    headAt: 0,
    memberSeq: 0,
    memberCount: chat.member_count,
  }
  const person = asDomainPerson({ id: me, username: null, name: null, last_seen_at: null })
  state.members.set(userId, { person, role: chat.me.role, joinedSeq: 0, joinedAt: millis(chat.me.joined_at) })
  if (chat.last_message) {
    const message = readMessage(chat.last_message)
    state.messages.set(message.id, message)
  }
  return {
    state,
    partner: chat.partner ? readPerson(chat.partner) : undefined,
    readSeq: chat.me.read_seq,
    readByOthers: chat.read_by_others_seq ?? undefined,
    unread: chat.unread,
  }
}

export const lastMessageOf = ({ state }: Item): Message | undefined => [...state.messages.values()].at(-1) ?? undefined

/**
 * The next event, unless it is in already. False when the number of unread messages can no longer be told: it depends on a message
 * that is not known here.
 */
export function pass(item: Item, event: ChatEvent, me: string, known: (id: Message['id']) => Message | null | undefined): boolean {
  const { state } = item
  if (!state.chat || event.seq <= state.chat.headSeq || event.type === 'chat.created' || event.type === 'chat.deleted') return true
  const isCertain = count(item, event, me, (id) => known(id) ?? state.messages.get(id))
  const isKnown = event.type !== 'message.edited' || (state.messages.get(event.messageId)?.version ?? 0) < event.version
  if (isKnown) evolve(state, event, 'given')
  else state.chat = { ...state.chat, headSeq: event.seq }
  const last = lastMessageOf(item)
  for (const id of state.messages.keys()) if (id !== last?.id) state.messages.delete(id)
  for (const id of state.members.keys()) if (id !== me) state.members.delete(id)
  state.earlier.clear()
  const { partner } = item
  if (event.type === 'author.erased' && partner?.id === event.userId) item.partner = { ...partner, name: undefined, username: undefined }
  if (leaverOf(event) !== undefined && state.chat.memberCount <= 1) item.readByOthers = undefined
  return isCertain
}

function count(item: Item, event: ChatEvent, me: string, known: (id: Message['id']) => Message | null | undefined): boolean {
  if (event.type === 'message.sent') {
    if (event.message.sender.id !== me && event.message.deletedAt === undefined && event.seq > item.readSeq) item.unread++
  } else if (event.type === 'message.deleted' && event.messageSeq > item.readSeq) {
    const message = known(event.messageId)
    if (!message || message.deletedAt !== undefined) return false
    if (message.sender.id !== me) item.unread = Math.max(0, item.unread - 1)
  } else if (event.type === 'author.erased') return item.unread === 0
  return true
}

/** One has read so far. False when one had already. */
export function readUpTo(item: Item, seq: number): boolean {
  if (seq <= item.readSeq) return false
  item.readSeq = seq
  return true
}

/** All others have read so far. */
export function readByOthers(item: Item, seq: number): void {
  item.readByOthers = advance(item.readByOthers ?? 0, seq)
}
