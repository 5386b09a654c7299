import { problemOf } from '../adapters/wire/problems.ts'
import type { SessionId, UserId } from '../domain/ids.ts'
import { Refusal, type RefusalCode, type Refusals } from '../domain/refusal.ts'
import { readSession, showMessage } from './read-wire.ts'
import { type Caller, calls, findCall } from './testing/calls.ts'
import { seeded, type VirtualClock, virtualClock } from './testing/clock.ts'
import { type Device, device, type Faults, type Shared } from './testing/network.ts'
import { sockets } from './testing/sockets.ts'
import { type FakeSession, world } from './testing/world.ts'
import type { Message, Session } from './types.ts'

export type { Device, Faults, VirtualClock }

export interface FakeServerOptions {
  /** The same seed makes the same run. */
  readonly seed?: number
  readonly heartbeatMs?: number
  readonly accessTtlMs?: number
  readonly guests?: boolean
  /** What is missed beyond is not told but `limited`. */
  readonly missedInChat?: number
}

/** Somebody at the service who acts directly, without a client. */
export interface FakePerson {
  readonly id: string
  /** Signed in anew, for a client under test. */
  session(): Session
  /** The private chat with somebody. */
  privateChat(userId: string): string
  group(name: string, memberIds: readonly string[]): string
  /** Answers the id of the message. */
  send(chatId: string, text: string, replyTo?: string): string
  edit(chatId: string, messageId: string, text: string): void
  remove(chatId: string, messageId: string): void
  /** Reads everything, or up to a `seq`. */
  read(chatId: string, seq?: number): void
  typing(chatId: string, isActive: boolean): void
  add(chatId: string, userIds: readonly string[]): void
  dismiss(chatId: string, userId: string): void
  rename(chatId: string, name: string): void
}

export interface FakeServer {
  /** To be given to `createChat` and `createAuth`; it is nowhere but in this process. */
  readonly url: string
  readonly clock: VirtualClock
  readonly faults: Faults
  addPerson(name: string, account?: { readonly email: string; readonly password: string }): FakePerson
  /** A device of its own, or another tab of one. */
  device(of?: Device): Device
  /** The next so many calls or frames of this name are refused. */
  refuse<C extends RefusalCode>(what: string, code: C, options?: { readonly facts?: Refusals[C]; readonly times?: number }): void
  /** All sockets end, as when the process ends. Nothing that was stored is lost. */
  restart(code?: number): void
  /** Says a frame to one person's sockets, or to all: `gap`, `reconnect` and the like. */
  say: ReturnType<typeof sockets>['say']
  /** As if the log had gone back: every client is told to forget its copy. */
  newEpoch(): void
  endSessions(userId: string): void
  /** The messages of a chat, as the service has them. */
  messages(chatId: string): readonly Message[]
  texts(chatId: string): readonly (string | undefined)[]
  unread(chatId: string, userId: string): number
}

/**
 * A service that is nowhere but in this process, with a clock that is moved by hand and randomness that repeats: for tests of programs
 * that use the client.
 *
 * @example
 * const server = fakeServer()
 * const ann = server.addPerson('Ann')
 * const { platform } = server.device()
 * const chat = createChat({ url: server.url, auth: ann.session(), platform })
 * chat.start()
 * await server.clock.until(() => chat.connection.get().status === 'online')
 */
export function fakeServer({
  seed = 1,
  heartbeatMs = 25_000,
  accessTtlMs = 900_000,
  guests = true,
  missedInChat = 500,
}: FakeServerOptions = {}): FakeServer {
  const clock = virtualClock()
  const random = seeded(seed)
  const { now, later } = clock
  const newId = () => {
    const hex = (length: number) => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('')
    return `${hex(8)}-${hex(4)}-7${hex(3)}-a${hex(3)}-${hex(12)}`
  }
  const faults: Faults = { latencyMs: [1, 10], eventLoss: 0, answerLoss: 0, isDown: false }
  const store = world({ now, newId })
  const tokens = new Map<string, { readonly session: FakeSession; readonly expiresAt: number }>()
  const plans: { readonly what: string; readonly refusal: Refusal; times: number }[] = []
  const sharedBy = new Map<Device, Shared>()

  const answers = calls({
    world: store,
    now,
    newId,
    guests,
    issue(session) {
      const access = `access-${newId()}`
      session.refreshToken = `refresh-${newId()}`
      tokens.set(access, { session, expiresAt: now() + accessTtlMs })
      return {
        access_token: access,
        refresh_token: session.refreshToken,
        expires_in: Math.floor(accessTtlMs / 1_000),
        refresh_expires_in: 2_592_000,
      }
    },
    ended: (ids) => plugs.endSessions(ids),
    marked: (chat, userId, mark) => plugs.marked(chat, userId, mark),
  })

  const plugs = sockets({ world: store, calls: answers, now, later, newId, whose, heartbeatMs, missedInChat, planned })

  function whose(token: string): Caller & { readonly expiresAt: number } {
    const found = tokens.get(token)
    if (!found) throw new Refusal('unauthenticated')
    if (found.session.isEnded) throw new Refusal('session-ended')
    if (found.expiresAt <= now()) throw new Refusal('token-expired')
    return { userId: found.session.userId, sessionId: found.session.id, expiresAt: found.expiresAt }
  }

  function planned(what: string): Refusal | undefined {
    const plan = plans.find((one) => one.what === what && one.times > 0)
    if (plan) plan.times--
    return plan?.refusal
  }

  const messagesOf = (chatId: string) => store.messagesOf(store.chats.get(chatId as never)!)

  const nobody: Caller = { userId: '' as UserId, sessionId: '' as SessionId }
  const open = ['getService', 'register', 'login', 'refresh', 'createGuest']

  function answer({ method, path, query, token, body }: Parameters<Parameters<typeof device>[0]['answer']>[0]) {
    try {
      const call = findCall(method, path)
      if (!call) throw new Refusal('not-found')
      const refusal = planned(call.id)
      if (refusal) throw refusal
      const caller = open.includes(call.id) ? nobody : whose(token ?? '')
      const given = {
        caller,
        params: call.params,
        query: Object.fromEntries(query),
        body: body === undefined ? undefined : JSON.parse(body),
      }
      const { status, body: told } = answers.answer(call.id, given)
      return { status, text: told === undefined ? '' : JSON.stringify(told) }
    } catch (error) {
      const told = problemOf(error, newId())
      if (told.code === 'internal') throw error
      return { status: told.status, text: JSON.stringify(told) }
    }
  }

  function addPerson(name: string, account: { readonly email?: string; readonly password?: string } = {}): FakePerson {
    const id = answers.addUser({ name, email: account.email, password: account.password })
    const caller: Caller = { userId: id, sessionId: '' as SessionId }
    const act = <T>(operation: Parameters<typeof answers.answer>[0], params: Record<string, string>, body?: unknown) =>
      answers.answer(operation, { caller, params, query: {}, body }).body as T
    return {
      id,
      session: () => readSession(answers.signIn(id) as never, now()),
      privateChat: (userId) => act<{ id: string }>('createChat', {}, { kind: 'private', user_id: userId }).id,
      group: (groupName, memberIds) => act<{ id: string }>('createChat', {}, { kind: 'group', name: groupName, member_ids: memberIds }).id,
      send: (chatId, text, replyTo) =>
        answers.sendMessage(caller, chatId, { client_message_id: newId(), text, ...(replyTo && { reply_to: replyTo }) }).message.id,
      edit: (chatId, messageId, text) => void answers.editMessage(caller, chatId, messageId, { text }),
      remove: (chatId, messageId) => void answers.deleteMessage(caller, chatId, messageId),
      read: (chatId, seq = Number.MAX_SAFE_INTEGER) => void answers.markRead(caller, chatId, { seq }),
      typing: (chatId, isActive) => plugs.setTyping(chatId as never, id, isActive),
      add: (chatId, userIds) => void act('addMembers', { chat_id: chatId }, { user_ids: userIds }),
      dismiss: (chatId, userId) => void act('removeMember', { chat_id: chatId, user_id: userId }),
      rename: (chatId, groupName) => void act('renameChat', { chat_id: chatId }, { name: groupName }),
    }
  }

  return {
    url: 'http://fake.test',
    clock,
    faults,
    addPerson,
    device(of) {
      const shared = (of && sharedBy.get(of)) ?? { locks: new Map(), channels: new Map() }
      const made = device({ faults, now, later, random, newId, shared, answer, open: plugs.open })
      sharedBy.set(made, shared)
      return made
    },
    refuse(what, code, { facts, times = 1 } = {}) {
      plans.push({ what, refusal: new Refusal(code, facts as never), times })
    },
    restart: (code = 1012) => plugs.close(code),
    say: plugs.say,
    newEpoch() {
      store.epoch = newId()
      plugs.close(1012)
    },
    endSessions(userId) {
      const ended = [...store.sessions.values()].filter((session) => session.userId === userId)
      for (const session of ended) session.isEnded = true
      plugs.endSessions(ended.map(({ id }) => id))
    },
    messages: (chatId) => messagesOf(chatId).map(showMessage),
    texts: (chatId) => messagesOf(chatId).map(({ text }) => text),
    unread: (chatId, userId) => store.unreadOf(store.chats.get(chatId as never)!, userId as UserId),
  }
}
