import { type Endpoint, endpoints } from '../../adapters/wire/endpoints.ts'
import type { RequestOf } from '../../adapters/wire/handlers.ts'
import { limits } from '../../adapters/wire/limits.ts'
import { parse } from '../../adapters/wire/parse.ts'
import { presentMe, presentReader, presentSession, presentUser } from '../../adapters/wire/present.ts'
import { type OperationId, routes } from '../../adapters/wire/routes.ts'
import { add, disband, dismiss, erase, giveRole, open, rename } from '../../domain/group.ts'
import { checkedEmail, checkedName, checkedUsername, usernameFrom } from '../../domain/identity.ts'
import type { ChatId, ClientMessageId, MessageId, SessionId, UserId } from '../../domain/ids.ts'
import { creationKey, pairKey } from '../../domain/ids.ts'
import { checkedText, edit, type Message, post, remove } from '../../domain/message.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { FakeChat, FakeSession, World } from './world.ts'

export interface Caller {
  readonly userId: UserId
  readonly sessionId: SessionId
}

type Asked<Id extends OperationId> = RequestOf<Id> & { readonly caller: Caller }

interface Answer {
  readonly status: number
  readonly body?: unknown
}

interface Needs {
  readonly world: World
  now(): number
  newId(): string
  /** Tokens of a session, made anew. */
  issue(session: FakeSession): { access_token: string; refresh_token: string; expires_in: number; refresh_expires_in: number }
  ended(sessionIds: readonly SessionId[]): void
  marked(chat: FakeChat, userId: UserId, mark: { readSeq: number; at: number }): void
  readonly guests: boolean
}

const ok = (body: unknown): Answer => ({ status: 200, body })
const made = (body: unknown): Answer => ({ status: 201, body })
const done: Answer = { status: 204 }

/** What each call answers. Those that the client does not make are not there. */
export function calls(needs: Needs) {
  const { world, now, newId } = needs
  const { users, sessions, change, chatOf } = world

  function signIn(userId: UserId): unknown {
    const session: FakeSession = { id: newId() as SessionId, userId, createdAt: now(), refreshToken: '', isEnded: false }
    sessions.set(session.id, session)
    return { user: presentMe(users.get(userId)!), session_id: session.id, token_type: 'bearer', ...needs.issue(session) }
  }

  function addUser(person: {
    name: string
    email?: string | undefined
    password?: string | undefined
    username?: string | undefined
  }): UserId {
    const name = checkedName(person.name)
    const email = person.email === undefined ? undefined : checkedEmail(person.email)
    const taken = (username: string) => [...users.values()].some((user) => user.username === username)
    if (email !== undefined && [...users.values()].some((user) => user.email === email)) throw new Refusal('email-taken')
    const wish = person.username === undefined ? undefined : checkedUsername(person.username)
    if (wish !== undefined && taken(wish)) throw new Refusal('username-taken')
    const stem = usernameFrom(name)
    const username = wish ?? (taken(stem) ? `${stem}-${String(1_000 + users.size)}` : stem)
    const id = newId() as UserId
    users.set(id, { id, name, username, email, password: person.password, createdAt: now(), lastSeenAt: undefined })
    return id
  }

  const endSessions = (some: readonly FakeSession[]) => {
    for (const session of some) session.isEnded = true
    needs.ended(some.map(({ id }) => id))
  }
  const sessionsOf = (userId: UserId) => [...sessions.values()].filter((session) => session.userId === userId && !session.isEnded)
  const asUser = (id: string): UserId => {
    if (!users.has(id as UserId)) throw new Refusal('user-not-found', { userIds: [id as UserId] })
    return id as UserId
  }
  const messageOf = (chat: FakeChat, id: string): Message => {
    const found = chat.state.messages.get(id as MessageId)
    if (!found) throw new Refusal('message-not-found')
    return found
  }

  function page<T>(items: readonly T[], { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined }) {
    const from = Number(cursor ?? 0)
    const end = from + limit
    return ok({
      items: items.slice(from, end),
      next: end < items.length ? String(end) : null,
      prev: from > 0 ? String(Math.max(0, from - limit)) : null,
    })
  }

  const matches = (text: string | undefined, query: string | undefined) =>
    query === undefined || (text ?? '').toLowerCase().includes(query.toLowerCase())

  function windowOf(chat: FakeChat, viewer: UserId, query: RequestOf<'listMessages'>['query']): Answer {
    const all = world.messagesOf(chat)
    const { before, after, around, limit } = query
    const below = (seq: number) => all.findIndex((message) => message.seq >= seq)
    const at = (seq: number) => (below(seq) < 0 ? all.length : below(seq))
    let from = Math.max(0, all.length - limit)
    if (before !== undefined) from = Math.max(0, at(before) - limit)
    else if (after !== undefined) from = at(after + 1)
    else if (around !== undefined) from = Math.max(0, at(around) - Math.floor(limit / 2))
    const to = before === undefined ? Math.min(all.length, from + limit) : at(before)
    const items = all.slice(from, to).map((message) => world.showMessage(chat, message, viewer))
    return ok({ items, prev: from > 0 ? 'older' : null, next: to < all.length ? 'newer' : null })
  }

  const found = (viewer: UserId, { query, sender_id, chat_id }: RequestOf<'searchMessages'>['query']) =>
    world
      .chatsOf(viewer)
      .filter(({ id }) => chat_id === undefined || id === chat_id)
      .flatMap((chat) => world.messagesOf(chat).map((message) => ({ chat, message })))
      .filter(({ message }) => message.deletedAt === undefined && matches(message.text, query))
      .filter(({ message }) => sender_id === undefined || message.sender.id === sender_id)
      .sort((a, b) => b.message.at - a.message.at)
      .map(({ chat, message }) => world.showMessage(chat, message, viewer))

  function createChat({ userId }: Caller, body: RequestOf<'createChat'>['body']): Answer {
    const at = now()
    const id = newId() as ChatId
    if (body.kind === 'private') {
      const other = asUser(body.user_id)
      if (other === userId) throw new Refusal('chat-with-self')
      const key = pairKey(userId, other)
      const opened = change({ chat: key, people: [userId, other] }, (state) =>
        open(state, { id, key, kind: 'private', name: undefined, creatorId: userId, otherIds: [other], at }),
      )
      return { status: opened.isNew ? 201 : 200, body: world.showChat(chatOf(userId, opened.chatId), userId) }
    }
    const key = body.client_chat_id === undefined ? undefined : creationKey(userId, body.client_chat_id)
    const others = [...new Set(body.member_ids ?? [])].filter((other) => other !== userId)
    const opened = change({ chat: key ?? id, members: [userId], people: [userId, ...others] }, (state) =>
      open(state, { id, key, kind: 'group', name: checkedName(body.name), creatorId: userId, otherIds: others, at }),
    )
    return { status: opened.isNew ? 201 : 200, body: world.showChat(chatOf(userId, opened.chatId), userId) }
  }

  function sendMessage(
    { userId }: Caller,
    chatId: string,
    body: { client_message_id: string; text: string; reply_to?: string | undefined },
  ) {
    const text = checkedText(body.text)
    const replyTo = body.reply_to as MessageId | undefined
    const clientMessageId = body.client_message_id as ClientMessageId
    const draft = { id: newId() as MessageId, senderId: userId, clientMessageId, text, bodyHash: `${text} ${replyTo}`, replyTo, at: now() }
    const scope = {
      chat: chatId as ChatId,
      members: [userId],
      keys: [[userId, clientMessageId]] as const,
      messages: replyTo ? [replyTo] : [],
    }
    const { message, replayed } = change(scope, (state) => post(state, draft))
    const chat = chatOf(userId, chatId)
    return { message: world.showMessage(chat, chat.state.messages.get(message.id)!, userId), replayed }
  }

  function editMessage(
    { userId }: Caller,
    chatId: string,
    messageId: string,
    { text, version }: { text: string; version?: number | undefined },
  ) {
    const scope = { chat: chatId as ChatId, members: [userId], messages: [messageId as MessageId] }
    return change(scope, (state) =>
      edit(state, { editorId: userId, messageId: messageId as MessageId, text: checkedText(text), version, at: now() }),
    )
  }

  function deleteMessage({ userId }: Caller, chatId: string, messageId: string) {
    const scope = { chat: chatId as ChatId, members: [userId], messages: [messageId as MessageId] }
    return change(scope, (state) => remove(state, { deleterId: userId, messageId: messageId as MessageId, at: now() }))
  }

  function markRead({ userId }: Caller, chatId: string, mark: { readonly message_id: string } | { readonly seq: number }) {
    const chat = chatOf(userId, chatId)
    const to = 'seq' in mark ? mark.seq : messageOf(chat, mark.message_id).seq
    const moved = world.markRead(chat, userId, to)
    if (moved) needs.marked(chat, userId, moved)
    return { chat_id: chatId, read_seq: chat.marks.get(userId)!.readSeq, unread: world.unreadOf(chat, userId) }
  }

  const dismissAll = ({ userId }: Caller, chatId: string, ids: readonly string[]) =>
    change({ chat: chatId as ChatId, members: [userId, ...(ids as UserId[])] }, (state) =>
      dismiss(state, { removerId: userId, userIds: ids as UserId[], at: now() }),
    )

  const handlers: { readonly [Id in OperationId]?: (asked: Asked<Id>) => Answer } = {
    getService: () => ok({ name: 'fake', version: '0', epoch: world.epoch, limits, guest: needs.guests }),
    register: ({ body }) => made(signIn(addUser(body))),
    login({ body: { login, password } }) {
      const user = [...users.values()].find(({ email, username }) => email === login || username === login)
      if (!user || user.password === undefined || user.password !== password) throw new Refusal('bad-credentials')
      return ok(signIn(user.id))
    },
    createGuest({ body }) {
      if (!needs.guests) throw new Refusal('not-found')
      return made(signIn(addUser({ name: body.name ?? 'Guest' })))
    },
    refresh({ body: { refresh_token } }) {
      const session = [...sessions.values()].find(({ refreshToken }) => refreshToken === refresh_token)
      if (!session) throw new Refusal('unauthenticated')
      if (session.isEnded) throw new Refusal('session-ended')
      const user = presentMe(users.get(session.userId)!)
      return ok({ user, session_id: session.id, token_type: 'bearer', ...needs.issue(session) })
    },
    logout({ caller }) {
      endSessions([sessions.get(caller.sessionId)!])
      return done
    },
    changePassword({ caller, body: { current_password, new_password } }) {
      const user = users.get(caller.userId)!
      if (user.password !== current_password) throw new Refusal('bad-credentials')
      users.set(user.id, { ...user, password: new_password })
      endSessions(sessionsOf(user.id).filter(({ id }) => id !== caller.sessionId))
      return done
    },
    listSessions: ({ caller, query }) =>
      page(
        sessionsOf(caller.userId).map(({ id, userId, createdAt }) => {
          const session = { id, userId, createdAt, deviceName: undefined, lastUsedAt: createdAt, expiresAt: 0, endedAt: undefined }
          return presentSession({ ...session, generation: 0, spentAt: [] }, caller)
        }),
        query,
      ),
    endSession({ caller, params }) {
      const session = sessions.get(params.session_id)
      if (!session || session.userId !== caller.userId || session.isEnded) throw new Refusal('session-not-found')
      endSessions([session])
      return done
    },
    getMe: ({ caller }) => ok(presentMe(users.get(caller.userId)!)),
    updateMe({ caller, body }) {
      const user = users.get(caller.userId)!
      const { name, username } = body
      users.set(user.id, { ...user, ...(name && { name: checkedName(name) }), ...(username && { username: checkedUsername(username) }) })
      return ok(presentMe(users.get(user.id)!))
    },
    deleteMe({ caller: { userId }, body: { password } }) {
      if (users.get(userId)?.password !== password) throw new Refusal('bad-credentials')
      for (const chat of world.chatsOf(userId)) {
        const heirId = world.membersOf(chat).find(({ person }) => person.id !== userId)?.person.id
        change({ chat: chat.id, members: heirId ? [userId, heirId] : [userId] }, (state) => erase(state, { userId, heirId, at: now() }))
      }
      endSessions(sessionsOf(userId))
      users.delete(userId)
      return done
    },
    findUsers: ({ caller, query }) =>
      page(
        [...users.values()]
          .filter(
            ({ id, name, username, email }) =>
              id !== caller.userId && (matches(name, query.query) || matches(username, query.query) || email === query.query),
          )
          .sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1))
          .map(presentUser),
        query,
      ),
    getUser: ({ params }) => ok(presentUser(users.get(asUser(params.user_id))!)),
    createChat: ({ caller, body }) => createChat(caller, body),
    listChats({ caller, query }) {
      const all = world.chatsOf(caller.userId).map((chat) => world.showChat(chat, caller.userId))
      const wanted = all.filter(
        ({ name, partner, kind }) => matches(name ?? partner?.name ?? '', query.query) && (query.kind ?? kind) === kind,
      )
      const activity = (chat: (typeof all)[number]) => chat.last_message?.created_at ?? chat.created_at
      return page(
        wanted.sort((a, b) => (activity(a) < activity(b) ? 1 : -1)),
        query,
      )
    },
    getChat: ({ caller, params }) => ok(world.showChat(chatOf(caller.userId, params.chat_id), caller.userId)),
    renameChat({ caller: { userId }, params, body: { name } }) {
      const chat = params.chat_id
      change({ chat, members: [userId] }, (state) => rename(state, { renamerId: userId, name: checkedName(name), at: now() }))
      return ok(world.showChat(chatOf(userId, chat), userId))
    },
    deleteChat({ caller: { userId }, params }) {
      change({ chat: params.chat_id, members: [userId] }, (state) => disband(state, { ownerId: userId, at: now() }))
      return done
    },
    listMembers({ caller, params, query }) {
      const chat = chatOf(caller.userId, params.chat_id)
      return page(
        world.membersOf(chat).map(({ person }) => world.showMember(chat, person.id)),
        query,
      )
    },
    addMembers({ caller: { userId }, params, body }) {
      const ids = body.user_ids
      const scope = { chat: params.chat_id, members: [userId, ...ids], people: ids }
      const added = change(scope, (state) => add(state, { adderId: userId, userIds: ids, at: now() }))
      const chat = chatOf(userId, params.chat_id)
      return ok({ added: added.map((id) => world.showMember(chat, id)) })
    },
    removeMember({ caller, params }) {
      const target = params.user_id === 'me' ? caller.userId : params.user_id
      dismissAll(caller, params.chat_id, [target])
      return done
    },
    removeMembers: ({ caller, params, query }) => ok({ removed: dismissAll(caller, params.chat_id, query.user_id) }),
    changeRole({ caller: { userId }, params, body: { role } }) {
      const target = params.user_id
      const scope = { chat: params.chat_id, members: [userId, target] }
      change(scope, (state) => giveRole(state, { giverId: userId, userId: target, role, at: now() }))
      return ok(world.showMember(chatOf(userId, params.chat_id), target))
    },
    sendMessage({ caller, params, body }) {
      const { message, replayed } = sendMessage(caller, params.chat_id, body)
      return replayed ? ok(message) : made(message)
    },
    listMessages: ({ caller, params, query }) => windowOf(chatOf(caller.userId, params.chat_id), caller.userId, query),
    searchMessages: ({ caller, query }) => page(found(caller.userId, query), query),
    getMessage({ caller, params }) {
      const chat = chatOf(caller.userId, params.chat_id)
      return ok(world.showMessage(chat, messageOf(chat, params.message_id), caller.userId))
    },
    editMessage({ caller, params, body }) {
      const message = editMessage(caller, params.chat_id, params.message_id, body)
      return ok(world.showMessage(chatOf(caller.userId, params.chat_id), message, caller.userId))
    },
    deleteMessage({ caller, params }) {
      deleteMessage(caller, params.chat_id, params.message_id)
      return done
    },
    markRead: ({ caller, params, body }) => ok(markRead(caller, params.chat_id, body)),
    markMessageRead: ({ caller, params }) => ok(markRead(caller, params.chat_id, { message_id: params.message_id })),
    listReaders({ caller, params, query }) {
      const chat = chatOf(caller.userId, params.chat_id)
      const message = messageOf(chat, params.message_id)
      const readers = world
        .membersOf(chat)
        .filter(({ person: { id } }) => id !== message.sender.id && chat.marks.get(id)!.readSeq >= message.seq)
      return page(
        readers.map(({ person }) => presentReader({ person, readAt: chat.marks.get(person.id)!.at })),
        query,
      )
    },
    listEvents({ caller, params, query }) {
      const chat = chatOf(caller.userId, params.chat_id)
      const head = chat.state.chat!.headSeq
      const items = world.eventsAfter(chat, query.after ?? 0, query.limit)
      const isMore = items.length > 0 && items.at(-1)!.seq < head
      const shown = items.map((event) => world.showEvent(chat, event, caller.userId))
      return ok({ items: shown, next: isMore ? 'more' : null, prev: null, head })
    },
  }

  /** Answers one call whose parts are still as they were sent. */
  function answer(
    id: OperationId,
    { caller, params, query, body }: { caller: Caller; params: Record<string, string>; query: Record<string, unknown>; body: unknown },
  ): Answer {
    const endpoint: Endpoint = endpoints[id]
    const handler = handlers[id]
    if (!handler) throw new Refusal('not-found')
    const asked = {
      caller,
      params,
      query: endpoint.query ? parse(endpoint.query, query) : undefined,
      body: endpoint.body ? parse(endpoint.body, body ?? {}) : undefined,
    }
    return handler(asked as never)
  }

  return { answer, addUser, signIn, sendMessage, editMessage, deleteMessage, markRead }
}

export type Calls = ReturnType<typeof calls>

const patterns = Object.entries(routes).map(([id, { method, path }]) => ({
  id: id as OperationId,
  method: method.toUpperCase(),
  pattern: new RegExp(`^${path === '/' ? '/?' : path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
}))

/** Which call a method and an address below the base path name. */
export function findCall(method: string, path: string): { readonly id: OperationId; readonly params: Record<string, string> } | undefined {
  for (const { id, pattern, method: own } of patterns) {
    const match = own === method ? pattern.exec(path) : null
    if (match)
      return {
        id,
        params: Object.fromEntries(Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)])),
      }
  }
  return undefined
}
