import type { MemoryStore } from '../../adapters/memory/store.ts'
import { presentMe } from '../../adapters/wire/present/people.ts'
import type { Caller } from '../../application/chat-api.ts'
import { chatTopic } from '../../application/ports/bus.ts'
import { readMe } from '../../client/calls/read-wire.ts'
import type { Session } from '../../client/types.ts'
import type { NewContent } from '../../domain/content.ts'
import { asId, type ChatId, type ClientMessageId, type MessageId, type SessionId, type UserId } from '../../domain/ids.ts'
import type { Role } from '../../domain/member.ts'
import { Refusal } from '../../domain/refusal.ts'
import { checkedEmail, checkedName, usernameFrom } from '../../domain/words.ts'
import type { Application, OutboundPorts } from '../compose.ts'
import { accessToken, REFRESH_TTL, type TestingPorts } from './ports.ts'

/** What a message has beside its text. */
export type FakeContent = Pick<NewContent, 'format' | 'mentions' | 'kind' | 'data'>

/** Somebody at the service who acts directly, without a client; what is refused rejects with the reason. */
export interface FakePerson {
  readonly id: string
  /** Signed in anew, for a client under test. */
  session(): Session
  /** The id of the private chat with somebody. */
  privateChat(userId: string): Promise<string>
  /** Answers the id of the group. */
  group(name: string, memberIds: readonly string[]): Promise<string>
  /** Answers the id of the message. */
  send(chatId: string, text: string, replyTo?: string, content?: FakeContent): Promise<string>
  edit(chatId: string, messageId: string, text: string): Promise<void>
  remove(chatId: string, messageId: string): Promise<void>
  /** Reacts to a message, or takes it back. */
  react(chatId: string, messageId: string, emoji: string, on?: boolean): Promise<void>
  /** Pins a message, or unpins it. */
  pin(chatId: string, messageId: string, on?: boolean): Promise<void>
  /** Reads everything, or up to a `seq`. */
  read(chatId: string, seq?: number): Promise<void>
  typing(chatId: string, isActive: boolean): void
  add(chatId: string, userIds: readonly string[]): Promise<void>
  dismiss(chatId: string, userId: string): Promise<void>
  rename(chatId: string, name: string): Promise<void>
  changeRole(chatId: string, userId: string, role: Role): Promise<void>
  /** Leaves a group, or hides a private chat. */
  leave(chatId: string): Promise<void>
  /** Deletes a group. */
  disband(chatId: string): Promise<void>
  /** Deletes the account with everything that this person wrote. */
  deleteAccount(): Promise<void>
}

interface Needs extends Pick<TestingPorts, 'tell'> {
  readonly app: Application
  readonly ports: OutboundPorts
  readonly store: MemoryStore
  readonly accessTtlMs: number
}

/** What signs a person in, and whether they are a member of the staff. */
export type FakeAccount = { readonly email?: string; readonly password?: string; readonly isStaff?: boolean }

/** Adds people who call the application itself. A store in memory has done what it was asked when the call returns. */
export const testingPeople =
  ({ app: { api }, ports, store, tell, accessTtlMs }: Needs) =>
  (name: string, { email, password, isStaff = false }: FakeAccount = {}): FakePerson => {
    const { people, sessions, tokens, clock, newId } = ports
    const id = newId() as UserId
    const stem = usernameFrom(name)
    const user = {
      id,
      name: checkedName(name),
      username: store.logins.has(stem) ? `${stem}-${1_000 + store.people.size}` : stem,
      email: email === undefined ? undefined : checkedEmail(email, (domain) => domain),
      passwordHash: password,
      createdAt: clock(),
    }
    if (user.email !== undefined && store.logins.has(user.email)) throw new Refusal('email-taken')
    void people.add(user)
    if (isStaff) void ports.accounts.setAdmin(id, true)
    const caller = { userId: id, sessionId: asId<SessionId>('') }

    function session(): Session {
      const sessionId = newId() as SessionId
      const createdAt = clock()
      const expiresAt = createdAt + REFRESH_TTL
      const unused = { deviceName: undefined, lastUsedAt: createdAt, endedAt: undefined, generation: 0, spentAt: [] }
      void sessions.add({ id: sessionId, userId: id, createdAt, expiresAt, ...unused })
      const accessExpiresAt = createdAt + accessTtlMs
      return {
        user: readMe(presentMe(store.people.get(id)!.user)),
        sessionId,
        accessToken: accessToken({ userId: id, sessionId, expiresAt: accessExpiresAt }),
        accessExpiresAt,
        refreshToken: tokens.refresh(sessionId, 0),
        refreshExpiresAt: expiresAt,
      }
    }

    return { id, session, ...deedsOf({ api, store, tell, newId, password }, caller) }
  }

interface Actor extends Pick<Needs, 'store' | 'tell'> {
  readonly api: Application['api']
  newId(): string
  readonly password: string | undefined
}

/** What this person does, each by a call of the application. */
function deedsOf({ api, store, tell, newId, password = '' }: Actor, caller: Caller): Omit<FakePerson, 'id' | 'session'> {
  return {
    async privateChat(userId) {
      const { view } = await api.openPrivateChat(caller, { userId: asId(userId) })
      return view.chat.id
    },
    async group(groupName, memberIds) {
      const { view } = await api.createGroup(caller, { name: groupName, memberIds: memberIds.map(asId<UserId>) })
      return view.chat.id
    },
    async send(chatId, text, replyTo, more = {}) {
      const content = {
        ...more,
        clientMessageId: asId<ClientMessageId>(newId()),
        text,
        ...(replyTo && { replyTo: asId<MessageId>(replyTo) }),
      }
      const { view } = await api.sendMessage(caller, { chatId: asId(chatId), ...content })
      return view.message.id
    },
    async edit(chatId, messageId, text) {
      await api.editMessage(caller, { chatId: asId(chatId), messageId: asId(messageId), text })
    },
    async remove(chatId, messageId) {
      await api.deleteMessage(caller, { chatId: asId(chatId), messageId: asId(messageId) })
    },
    async react(chatId, messageId, emoji, on = true) {
      const command = { chatId: asId<ChatId>(chatId), messageId: asId<MessageId>(messageId), emoji }
      await (on ? api.addReaction(caller, command) : api.removeReaction(caller, command))
    },
    async pin(chatId, messageId, on = true) {
      const command = { chatId: asId<ChatId>(chatId), messageId: asId<MessageId>(messageId) }
      await (on ? api.pinMessage(caller, command) : api.unpinMessage(caller, command))
    },
    async read(chatId, seq = Number.MAX_SAFE_INTEGER) {
      await api.markRead(caller, { chatId: asId(chatId), seq })
    },
    typing(text, active) {
      const chatId = asId<ChatId>(text)
      const asOf = store.chats.get(chatId)?.state.chat.memberSeq ?? 0
      tell(chatTopic(chatId), { type: 'typing', chatId, userId: caller.userId, active, asOf })
    },
    async add(chatId, userIds) {
      await api.addMembers(caller, { chatId: asId(chatId), userIds: userIds.map(asId<UserId>) })
    },
    async dismiss(chatId, userId) {
      await api.removeMembers(caller, { chatId: asId(chatId), userIds: [asId(userId)] })
    },
    async rename(chatId, groupName) {
      await api.renameChat(caller, { chatId: asId(chatId), name: groupName })
    },
    async changeRole(chatId, userId, role) {
      await api.changeRole(caller, { chatId: asId(chatId), userId: asId(userId), role })
    },
    async leave(chatId) {
      await api.removeMembers(caller, { chatId: asId(chatId), userIds: [caller.userId] })
    },
    disband: (chatId) => api.deleteChat(caller, asId(chatId)),
    deleteAccount: () => api.deleteMe(caller, { password }),
  }
}
