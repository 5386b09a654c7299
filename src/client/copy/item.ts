import type { Chat as WireChat, MyChat as WireMyChat } from '../../adapters/wire/schemas/chats.ts'
import type { ChatEvent } from '../calls/read-event.ts'
import { millis, perhaps, readMessage, readPerson, readRules } from '../calls/read-wire.ts'
import type { ChatItem, Message } from '../types.ts'
import { byKind, type Kinds } from './kinds.ts'
import { concerns, deleted, edited, erased, hasUnnamed, reacted } from './message.ts'
import { isCounted, type Self } from './self.ts'

/** What a list shows of a chat, as of `headSeq`. It belongs to its maker, and is changed in place. */
export interface Item extends Mutable<Omit<ChatItem, 'lastRow' | 'typing'>> {
  headSeq: number
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export const itemOf = (chat: WireChat): Item => ({
  id: chat.id,
  kind: chat.kind,
  name: chat.name ?? undefined,
  createdAt: millis(chat.created_at),
  partner: chat.partner ? readPerson(chat.partner) : undefined,
  memberCount: chat.member_count,
  role: chat.me?.role ?? 'member',
  readSeq: chat.me?.read_seq ?? 0,
  readByOthersSeq: chat.read_by_others_seq ?? undefined,
  unread: chat.unread,
  unreadMentions: chat.unread_mentions ?? 0,
  data: chat.data ?? undefined,
  description: chat.description ?? undefined,
  avatar: chat.avatar ?? undefined,
  rules: chat.rules ? readRules(chat.rules) : undefined,
  mutedUntil: perhaps(chat.me?.muted_until ?? null),
  ...ownOf(chat.me ?? {}),
  lastMessage: chat.last_message ? readMessage(chat.last_message) : undefined,
  headSeq: chat.head_seq,
})

type Own = Pick<Item, 'pinnedAt' | 'isArchived' | 'isHidden' | 'isMarkedUnread'>

/** The user's own state of a chat. A service of an earlier version does not have it. */
export const ownOf = ({ pinned_at, archived, hidden, marked_unread }: Partial<WireMyChat>): Own => ({
  pinnedAt: pinned_at ? millis(pinned_at) : undefined,
  isArchived: archived ?? false,
  isHidden: hidden ?? false,
  isMarkedUnread: marked_unread ?? false,
})

/** When something was last said in the chat, else when it was created. */
export const activityOf = ({ lastMessage, createdAt }: Item): number => lastMessage?.at ?? createdAt

type Known = (id: string) => Message | undefined

/**
 * Applies the next event, unless it is in already. `known` finds messages that are held elsewhere. Returns false when the number of
 * unread messages depends on a message that is not known here.
 */
export function applyToItem(item: Item, event: ChatEvent, self: Self, known: Known): boolean {
  if (event.seq <= item.headSeq) return true
  item.headSeq = event.seq
  return byKind(kinds, event, item, self, known) ?? true
}

/** Counts the number of an event of an unknown kind. */
export function passItem(item: Item, seq: number): void {
  item.headSeq = Math.max(item.headSeq, seq)
}

const memberGone = (_: unknown, item: Item) => {
  item.memberCount--
  if (item.memberCount <= 1) item.readByOthersSeq = undefined
}
function change(item: Item, messageId: string, to: (message: Message) => Message): void {
  if (item.lastMessage?.id === messageId) item.lastMessage = to(item.lastMessage)
}

const kinds: Kinds<[item: Item, self: Self, known: Known], boolean | void> = {
  // An item is fetched: it begins after the creation of its chat.
  'chat.created': () => {},
  'chat.renamed'({ name }, item) {
    item.name = name
  },
  'chat.data_changed'({ data }, item) {
    item.data = data
  },
  'chat.rules_changed'({ rules }, item) {
    item.rules = rules
  },
  'chat.description_changed'({ description }, item) {
    item.description = description
  },
  'chat.avatar_changed'({ avatar }, item) {
    item.avatar = avatar
  },
  'member.added'(_, item) {
    item.memberCount++
  },
  'member.left': memberGone,
  'member.removed': memberGone,
  'member.muted'({ userId, until }, item, self) {
    if (userId === self.id) item.mutedUntil = until
  },
  'member.banned': () => {},
  'member.unbanned': () => {},
  'member.role_changed'({ userId, role }, item, self) {
    if (userId === self.id) item.role = role
  },
  'message.sent'({ message, seq }, item, self) {
    if (isCounted(message.sender, self) && message.deletedAt === undefined && seq > item.readSeq) {
      item.unread++
      if (concerns(message, self.id)) item.unreadMentions++
    }
    item.lastMessage = message
    item.isArchived = item.isHidden = false
  },
  'message.edited'(event, item, self, known) {
    const message = known(event.messageId) ?? (item.lastMessage?.id === event.messageId ? item.lastMessage : undefined)
    change(item, event.messageId, (last) => (last.version < event.version ? edited(last, event) : last))
    if (event.messageSeq <= item.readSeq) return true
    if (!message || message.version >= event.version) return false
    if (isCounted(message.sender, self))
      item.unreadMentions += Number(concerns(edited(message, event), self.id)) - Number(concerns(message, self.id))
    return true
  },
  'message.deleted'({ messageId, messageSeq, deletedAt }, item, self, known) {
    const message = known(messageId) ?? (item.lastMessage?.id === messageId ? item.lastMessage : undefined)
    change(item, messageId, (last) => deleted(last, Math.min(last.deletedAt ?? deletedAt, deletedAt)))
    if (messageSeq <= item.readSeq) return true
    if (!message || message.deletedAt !== undefined) return false
    if (!isCounted(message.sender, self)) return true
    item.unread = Math.max(0, item.unread - 1)
    if (concerns(message, self.id)) item.unreadMentions = Math.max(0, item.unreadMentions - 1)
    return true
  },
  'message.reacted'(event, item) {
    change(item, event.messageId, (message) => reacted(message, event))
  },
  'message.pinned': () => {},
  'message.unpinned': () => {},
  'author.erased'(event, item) {
    const { partner, lastMessage } = item
    if (lastMessage) item.lastMessage = erased(lastMessage, event)
    if (partner?.id === event.userId) item.partner = { ...partner, name: undefined, username: undefined }
    return item.unread === 0 && (!lastMessage || !hasUnnamed(lastMessage))
  },
}

/** The user has read so far. Returns false when the user already had. */
export function readUpTo(item: Item, seq: number): boolean {
  if (seq <= item.readSeq) return false
  item.readSeq = seq
  return true
}

/** All others have read so far. */
export function readByOthers(item: Item, seq: number): void {
  item.readByOthersSeq = Math.max(item.readByOthersSeq ?? 0, seq)
}
