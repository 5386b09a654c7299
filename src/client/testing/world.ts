import { presentChat, presentEvent, presentMember, presentMessage } from '../../adapters/wire/present.ts'
import type { Event } from '../../adapters/wire/schemas/events.ts'
import { type ChatState, type Decision, emptyState, type Scope } from '../../domain/chat.ts'
import { type ChatEvent, joinersOf, leaverOf } from '../../domain/event.ts'
import { evolve } from '../../domain/evolve.ts'
import type { User } from '../../domain/identity.ts'
import { type ChatId, type CreationKey, type PairKey, type SessionId, sendKey, type UserId } from '../../domain/ids.ts'
import type { Message } from '../../domain/message.ts'
import { isRead, readByOthers, withinLog } from '../../domain/receipt.ts'
import { Refusal } from '../../domain/refusal.ts'

export interface FakeChat {
  readonly id: ChatId
  /** Everything that there is to know, where the domain looks at what a scope names. */
  readonly state: ChatState
  readonly log: ChatEvent[]
  readonly marks: Map<UserId, { readSeq: number; at: number }>
}

export interface FakeSession {
  readonly id: SessionId
  readonly userId: UserId
  readonly createdAt: number
  refreshToken: string
  isEnded: boolean
}

export interface FakeUser extends User {
  readonly password: string | undefined
}

/** What the service would keep in its database, and what changes it. */
export function world({ now, newId }: { now(): number; newId(): string }) {
  const users = new Map<UserId, FakeUser>()
  const sessions = new Map<SessionId, FakeSession>()
  const chats = new Map<ChatId, FakeChat>()
  const byKey = new Map<PairKey | CreationKey, ChatId>()
  const tellers: ((chat: FakeChat, events: readonly ChatEvent[]) => void)[] = []

  /** Shows a decision what its scope names, and nothing else. */
  function shown(full: ChatState, scope: Scope): ChatState {
    const state = emptyState()
    state.chat = full.chat
    for (const id of scope.members ?? []) state.members.set(id, full.members.get(id) ?? null)
    for (const [id, key] of scope.keys ?? []) state.earlier.set(sendKey(id, key), full.earlier.get(sendKey(id, key)) ?? null)
    for (const id of scope.messages ?? []) state.messages.set(id, full.messages.get(id) ?? null)
    for (const id of scope.people ?? []) state.people.set(id, users.get(id) ?? null)
    return state
  }

  function change<R>(scope: Scope, decide: (state: ChatState) => Decision<R>): R {
    const id = byKey.get(scope.chat as PairKey) ?? (scope.chat as ChatId)
    const known: FakeChat | undefined = chats.get(id)
    const { events, result }: Decision<R> = decide(shown(known?.state ?? emptyState(), scope))
    const [first] = events
    if (!first) return result
    const chat: FakeChat = known ?? { id: first.chatId, state: emptyState(), log: [], marks: new Map() }
    chats.set(chat.id, chat)
    for (const event of events) {
      evolve(chat.state, event, 'given')
      if (event.type === 'chat.created' && event.key) byKey.set(event.key, chat.id)
      if (event.type === 'chat.deleted') chats.delete(chat.id)
      else chat.log.push(event)
      for (const joiner of joinersOf(event)) chat.marks.set(joiner, { readSeq: event.seq, at: event.at })
      const leaver = leaverOf(event)
      if (leaver !== undefined) chat.marks.delete(leaver)
      if (event.type === 'author.erased') forgetNames(chat, event.userId)
    }
    for (const tell of tellers) tell(chat, events)
    return result
  }

  function forgetNames({ state }: FakeChat, userId: UserId): void {
    for (const [id, message] of state.messages)
      if (message?.sender.id === userId)
        state.messages.set(id, { ...message, sender: { ...message.sender, name: undefined, username: undefined } })
  }

  /** A chat, for one of its members. */
  function chatOf(userId: UserId, chatId: string): FakeChat {
    const chat = chats.get(chatId as ChatId)
    if (!chat || !chat.state.members.get(userId)) throw new Refusal('chat-not-found')
    return chat
  }

  const chatsOf = (userId: UserId) => [...chats.values()].filter(({ state }) => state.members.get(userId))
  const membersOf = ({ state }: FakeChat) => [...state.members.values()].filter((member) => member !== null)
  const lowest = ({ marks }: FakeChat) =>
    [...marks].map(([userId, { readSeq }]) => ({ userId, readSeq })).sort((a, b) => a.readSeq - b.readSeq)
  const messagesOf = ({ state }: FakeChat) => [...state.messages.values()].filter((message) => message !== null)
  const unreadOf = (chat: FakeChat, userId: UserId) =>
    messagesOf(chat).filter(
      ({ seq, sender, deletedAt }) => seq > (chat.marks.get(userId)?.readSeq ?? 0) && sender.id !== userId && deletedAt === undefined,
    ).length
  const viewOf = (chat: FakeChat, message: Message) => ({
    message,
    isRead: isRead({ seq: message.seq, senderId: message.sender.id }, lowest(chat)),
  })

  function showChat(chat: FakeChat, viewer: UserId) {
    const { state, marks } = chat
    const me = state.members.get(viewer)!
    const other = state.chat!.kind === 'private' ? membersOf(chat).find(({ person }) => person.id !== viewer)?.person : undefined
    const last = messagesOf(chat).at(-1)
    const view = {
      chat: state.chat!,
      partner: other && (users.get(other.id) ?? { ...other, name: undefined, username: undefined }),
      me: { role: me.role, joinedAt: me.joinedAt, readSeq: marks.get(viewer)!.readSeq },
      unread: unreadOf(chat, viewer),
      readByOthers: readByOthers(viewer, lowest(chat)),
      lastMessage: last && viewOf(chat, last),
    }
    return presentChat(view, viewer)
  }

  /** An event with its text as it is now. */
  function showEvent(chat: FakeChat, event: ChatEvent, viewer: UserId): Event {
    if (event.type === 'message.sent')
      return presentEvent({ ...event, message: chat.state.messages.get(event.message.id) ?? event.message }, viewer)
    if (event.type !== 'message.edited') return presentEvent(event, viewer)
    const { text, version, editedAt = event.editedAt } = chat.state.messages.get(event.messageId)!
    return presentEvent({ ...event, text, version, editedAt }, viewer)
  }

  return {
    epoch: newId(),
    users,
    sessions,
    chats,
    change,
    chatOf,
    chatsOf,
    membersOf,
    messagesOf,
    unreadOf,
    lowest,
    showChat,
    showEvent,
    showMessage: (chat: FakeChat, message: Message, viewer: UserId) => presentMessage(viewOf(chat, message), viewer),
    showMember: (chat: FakeChat, userId: UserId) => {
      const { person, role, joinedAt } = chat.state.members.get(userId)!
      return presentMember({ person: users.get(person.id) ?? person, role, joinedAt, readSeq: chat.marks.get(userId)!.readSeq })
    },
    eventsAfter: (chat: FakeChat, after: number, limit: number) => chat.log.filter(({ seq }) => seq > after).slice(0, limit),
    /** Answers the new mark, or undefined when it did not move. */
    markRead(chat: FakeChat, userId: UserId, to: number): { readSeq: number; at: number } | undefined {
      const mark = chat.marks.get(userId)!
      const readSeq = withinLog(to, chat.state.chat!.headSeq)
      if (readSeq <= mark.readSeq) return undefined
      const moved = { readSeq, at: now() }
      chat.marks.set(userId, moved)
      return moved
    },
    /** Told of every change once it is made. */
    tell: (teller: (chat: FakeChat, events: readonly ChatEvent[]) => void) => void tellers.push(teller),
  }
}

export type World = ReturnType<typeof world>
