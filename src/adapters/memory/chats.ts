import type { Chats } from '../../application/ports/chats.ts'
import type { ChatPosition, ChatView, MemberPosition, MemberView, Place, PlaceSince, Standing } from '../../application/ports/views.ts'
import type { ChatId, Instant, UserId } from '../../domain/ids.ts'
import type { Member } from '../../domain/member.ts'
import { readByOthers } from '../../domain/receipt.ts'
import { fold } from '../../domain/words.ts'
import { memoryMessages } from './messages.ts'
import { isShown, meIn, ownOf, shownAt, shownTo } from './own.ts'
import { compareText, pageOf } from './page.ts'
import {
  type ChatRecord,
  chatOf,
  chatsOf,
  lowestMarks,
  type MemoryStore,
  membersOf,
  named,
  readAt,
  readSeq,
  seenBy,
  unread,
  unreadMentions,
} from './store.ts'
import { viewed } from './views.ts'

/** The chats of a user, or those of them that are named. */
function shownAmong(store: MemoryStore, viewer: UserId, among: readonly ChatId[] | undefined): ChatRecord[] {
  const wanted = among && new Set(among)
  return shownTo(store, viewer).filter(({ state }) => wanted?.has(state.chat.id) ?? true)
}

const memoryStandings = (store: MemoryStore): Pick<Chats, 'standings' | 'places' | 'moved' | 'standing'> => ({
  async standings(viewer, among) {
    return shownAmong(store, viewer, among).map((record) => standing(store, viewer, record))
  },
  async places(viewer, since, among) {
    return shownAmong(store, viewer, among).map((record) => placeSince(viewer, record, since))
  },
  async moved(viewer, since) {
    const all = shownTo(store, viewer)
    const moved = all.filter((record) => hasMovedFor(viewer, record, since) || markedAt(record, viewer) >= since)
    return { count: all.length, chatIds: moved.map(({ state: { chat } }) => chat.id) }
  },
  async standing(viewer, chatId) {
    const record = chatOf(store, viewer, chatId)
    return record && isShown(record, viewer) ? standing(store, viewer, record) : undefined
  },
})

const memoryHeads = (store: MemoryStore): Pick<Chats, 'heads' | 'joinedSince' | 'readMarks'> => ({
  async heads(chatIds) {
    const records = chatIds.map((id) => store.chats.get(id)).filter((record) => record !== undefined)
    return new Map(records.map(({ state: { chat } }) => [chat.id, chat.headSeq]))
  },
  async joinedSince(userIds, since) {
    return [...new Set(userIds)].flatMap((userId) =>
      shownTo(store, userId)
        .filter((record) => shownAt(record, userId) >= since)
        .map(({ state: { chat, members } }) => ({ userId, chatId: chat.id, joinedSeq: members.get(userId)!.joinedSeq })),
    )
  },
  async readMarks(chatId, limit) {
    const record = store.chats.get(chatId)
    if (!record) return []
    return membersOf(record)
      .slice(0, limit)
      .map(({ person: { id } }) => ({ userId: id, readSeq: readSeq(record, id) }))
  },
})

export function memoryChats(store: MemoryStore): Chats {
  const memberView = (viewer: UserId, record: ChatRecord, { person, role, joinedAt, mutedUntil }: Member): MemberView => ({
    person: seenBy(store, viewer, person.id),
    role,
    joinedAt,
    readSeq: readSeq(record, person.id),
    mutedUntil,
  })
  return {
    ...memoryMessages(store),
    list: listing(store),
    async all({ from, ...window }) {
      const all = [...store.chats.values()].map(({ state }) => state.chat).sort((a, b) => compareText(b.id, a.id))
      return pageOf(all, { ...window, from }, { position: ({ id }) => ({ id }), compare: (a, b) => compareText(b.id, a.id) })
    },
    async get(viewer, chatId) {
      const record = chatOf(store, viewer, chatId)
      return record && chatView(store, viewer, record)
    },
    async members(viewer, chatId, window) {
      const record = chatOf(store, viewer, chatId)
      if (!record) return undefined
      const page = pageOf(membersOf(record), window, byJoining)
      return { ...page, items: page.items.map((member) => memberView(viewer, record, member)) }
    },
    async membersOf(viewer, chatId, userIds) {
      const record = chatOf(store, viewer, chatId)
      const members = [...new Set(userIds)]
        .map((id) => record?.state.members.get(id))
        .filter((member) => member !== undefined && member !== null)
      return record && members.map((member) => memberView(viewer, record, member))
    },
    async readers(viewer, chatId, { seq, senderId }, window) {
      const record = chatOf(store, viewer, chatId)
      if (!record) return undefined
      const readers = membersOf(record).filter(({ person: { id } }) => id !== senderId && readSeq(record, id) >= seq)
      const page = pageOf(readers, window, byJoining)
      return {
        ...page,
        items: page.items.map(({ person: { id } }) => ({ person: seenBy(store, viewer, id), readAt: readAt(record, id, seq)! })),
      }
    },
    ...memoryStandings(store),
    ...memoryHeads(store),
    async toErase(userId) {
      const left = [...store.chats.values()].filter((record) => hasToErase(record, userId)).slice(0, 100)
      return left.map((record) => ({ chatId: record.state.chat.id, headSeq: record.state.chat.headSeq, heir: heirOf(record, userId) }))
    },
    async epoch() {
      return store.epoch
    },
  }
}

const listing =
  (store: MemoryStore): Chats['list'] =>
  async (viewer, { query, kind, archived = false }, window) => {
    const part = query === undefined ? undefined : fold(query)
    const isMatch = (record: ChatRecord) =>
      (kind === undefined || record.state.chat.kind === kind) && (part === undefined || fold(title(store, viewer, record)).includes(part))
    const isListed = (record: ChatRecord) => {
      const { isHidden, isArchived } = ownOf(record, viewer)
      return !isHidden && isArchived === archived && isMatch(record)
    }
    const position = (record: ChatRecord) => chatPosition(record, viewer)
    const listed = chatsOf(store, viewer).filter(isListed)
    const page = pageOf(
      listed.sort((a, b) => inOrder(position(a), position(b))),
      window,
      { position, compare: inOrder },
    )
    return { ...page, items: page.items.map((record) => chatView(store, viewer, record)) }
  }

const chatPosition = ({ state: { chat }, sent, own }: ChatRecord, viewer: UserId): ChatPosition => ({
  ...(own.get(viewer)?.pinnedAt !== undefined && { pinned: true }),
  at: sent.at(-1)?.at ?? chat.createdAt,
  id: chat.id,
})
const inOrder = (a: ChatPosition, b: ChatPosition) =>
  Number(b.pinned ?? false) - Number(a.pinned ?? false) || b.at - a.at || compareText(b.id, a.id)

const byJoining = {
  position: (member: Member): MemberPosition => ({ joinedSeq: member.joinedSeq, userId: member.person.id }),
  compare: (a: MemberPosition, b: MemberPosition) => a.joinedSeq - b.joinedSeq || compareText(a.userId, b.userId),
}

const partnerOf = (viewer: UserId, { marks, state }: ChatRecord): UserId | undefined =>
  state.chat.kind === 'private' ? [...marks.keys()].find((id) => id !== viewer) : undefined

function title(store: MemoryStore, viewer: UserId, record: ChatRecord): string {
  const partner = partnerOf(viewer, record)
  return (partner ? named(store, partner).name : record.state.chat.name) ?? ''
}

function chatView(store: MemoryStore, viewer: UserId, record: ChatRecord): ChatView {
  const { id, kind, name, createdAt, headSeq, memberSeq, memberCount, data, description, avatar, rules } = record.state.chat
  const partner = partnerOf(viewer, record)
  const last = record.sent.at(-1)
  const lowest = lowestMarks(record)
  return {
    chat: { id, kind, name, createdAt, headSeq, memberSeq, memberCount, data, description, avatar, rules },
    partner: partner && seenBy(store, viewer, partner),
    me: meIn(record, viewer),
    unread: unread(store, record, viewer),
    unreadMentions: unreadMentions(store, record, viewer),
    readByOthers: readByOthers(viewer, lowest),
    lastMessage: last && viewed(store, { message: last, lowest, viewer }),
  }
}

function placeOf(viewer: UserId, { state: { chat, members } }: ChatRecord): Place {
  const { id: chatId, headSeq, memberSeq, memberCount, guard } = chat
  return { chatId, headSeq, memberSeq, memberCount, guard, joinedSeq: members.get(viewer)!.joinedSeq }
}

const markedAt = ({ marks }: ChatRecord, userId: UserId): Instant => marks.get(userId)?.at(-1)?.at ?? 0

/** Marks aside. */
const hasMovedFor = (viewer: UserId, record: ChatRecord, since: Instant): boolean =>
  record.state.chat.headAt >= since || (record.own.get(viewer)?.at ?? 0) >= since || shownAt(record, viewer) >= since

function placeSince(viewer: UserId, record: ChatRecord, since: Instant): PlaceSince {
  const hasMoved = hasMovedFor(viewer, record, since) || membersOf(record).some(({ person: { id } }) => markedAt(record, id) >= since)
  return { ...placeOf(viewer, record), shownAt: shownAt(record, viewer), hasMoved }
}

function standing(store: MemoryStore, viewer: UserId, record: ChatRecord): Standing {
  return {
    ...placeOf(viewer, record),
    readSeq: readSeq(record, viewer),
    readByOthers: readByOthers(viewer, lowestMarks(record)),
    unread: unread(store, record, viewer),
    unreadMentions: unreadMentions(store, record, viewer),
    me: meIn(record, viewer),
    ownAt: record.own.get(viewer)?.at ?? 0,
  }
}

function hasToErase({ state, sentBy, events, marks, mentions }: ChatRecord, userId: UserId): boolean {
  if ((sentBy.get(userId) ?? []).length > 0) return true
  for (const message of state.messages.values()) if (message?.sender.id === userId && message.bodyHash !== '') return true
  for (const { users } of mentions.values()) if (users.has(userId)) return true
  for (const [name, emojis] of state.own) if (emojis && name.endsWith(` ${userId}`)) return true
  return (
    marks.has(userId) && (state.chat.kind === 'group' || !events.some((event) => event.type === 'author.erased' && event.userId === userId))
  )
}

function heirOf(record: ChatRecord, userId: UserId): UserId | undefined {
  const others = membersOf(record).filter((member) => member.person.id !== userId)
  return (others.find((member) => member.role === 'admin') ?? others[0])?.person.id
}
