import { memoryAccounts } from '../adapters/memory/accounts/ports.ts'
import { memoryStore } from '../adapters/memory/store.ts'
import { later, stopwatch, systemClock } from '../adapters/system/clock.ts'
import { asciiDomain } from '../adapters/system/names.ts'
import { digest, newDigits, newId, newSecret, random, uuidOf } from '../adapters/system/random.ts'
import type { Caller } from '../application/chat-api.ts'
import { addUser } from '../application/identity/add-user.ts'
import type { Connection, Viewer } from '../application/live/connection.ts'
import type { Delivery } from '../application/live/delivery.ts'
import type { Bus } from '../application/ports/bus.ts'
import type { Interceptors } from '../application/ports/interceptors.ts'
import { noIssuers } from '../application/ports/issuers.ts'
import type { OnCommit } from '../application/ports/log.ts'
import type { Passwords } from '../application/ports/passwords.ts'
import type { Ports } from '../application/ports/ports.ts'
import type { Seals } from '../application/ports/seals.ts'
import type { Totp } from '../application/ports/second-factors.ts'
import type { Tokens } from '../application/ports/tokens.ts'
import type { ChatId, Seq, SessionId, UserId } from '../domain/ids.ts'
import { invalid, Refusal } from '../domain/refusal.ts'
import { checkedName, checkedUsername } from '../domain/words.ts'
import { type Application, compose, type OutboundPorts } from './compose.ts'
import { type ChatHost, chatHost } from './host/host.ts'
import { requireNames } from './host/names.ts'
import { housekeeping } from './housekeeping.ts'
import type { OpenStore } from './open-store.ts'

export type { OpenStore }

/** The chat core in your process, for users your app has authenticated. */
export interface Embedded extends Application, ChatHost, AsyncDisposable {
  /**
   * Adds a user and returns the caller to make calls with. An `id` of your own is a UUID; the same id again returns the same user.
   * Without a username, one is made from the name. Refuses with `username-taken`, and with `user-not-found` for the id of a deleted user.
   */
  addPerson(person: { readonly name: string; readonly id?: string; readonly username?: string }): Promise<Caller>
  /**
   * Delivers every later event of the caller's chats, or every event above the cursors: in order, once, whatever the bus loses. Rejects if
   * the store is unavailable. Does not keep the process alive. Ends on `close()` or with the session.
   */
  listen(caller: Caller, deliver: (delivery: Delivery) => void, cursors?: ReadonlyMap<ChatId, Seq>): Promise<Connection>
  close(): Promise<void>
}

/** Your adapters and your own code. */
export interface EmbedOptions extends Partial<Omit<OutboundPorts, 'interceptors'>>, Interceptors {
  /** Hears of what your listeners throw; they stay. */
  readonly onDefect?: (error: unknown, where: string) => void
}

const reported = (error: unknown): void => process.emitWarning(error instanceof Error ? error : String(error))

/** One delivery that a listener cannot take must not cost it the next. */
const safely =
  (deliver: (delivery: Delivery) => void, onDefect: NonNullable<EmbedOptions['onDefect']>) =>
  (delivery: Delivery): void => {
    try {
      deliver(delivery)
    } catch (error) {
      onDefect(error, 'listen')
    }
  }

const alone: Bus = { publish() {}, listen() {}, follow() {}, unfollow() {}, close: async () => {} }

/** Users do not sign in here: your app has authenticated them. */
const nobody = () => Promise.reject(new Refusal('unauthenticated'))
const noPasswords: Passwords = { hash: nobody, verify: nobody }
const noSeals: Seals = { macs: (text) => [digest(text)], seal: (text) => text, open: (text) => text, mark: '' }
const otpless: Totp = { newSecret: () => '', uri: () => '', stepOf: () => undefined }
const noAccounts = { mail: undefined, seals: noSeals, totp: otpless, passkeys: undefined, newDigits }
const noTokens: Tokens = { access: nobody, verifyAccess: nobody, refresh: () => '', verifyRefresh: () => undefined }

/** What a program needs no adapter for, and no sign-in. */
const defaults = {
  passwords: noPasswords,
  tokens: noTokens,
  issuers: noIssuers,
  bus: alone,
  limiter: { admit: () => undefined },
  journal: { note() {} },
  isCommonPassword: () => false,
  asciiDomain,
  clock: systemClock,
  elapsed: stopwatch,
  ...noAccounts,
  sinks: () => undefined,
  push: { key: '', fault: () => undefined, isQuiet: () => false, send: async () => 'gone' },
  hooks: { fault: () => undefined, secret: () => '' },
  watch: {},
  newId,
  newSecret,
  uuidOf,
  random,
  later,
  digest,
} satisfies Partial<OutboundPorts>

/** Options besides the ports that every store and this program have. */
const OTHERS = ['log', 'storage', 'onDefect', 'beforeSend', 'beforeCreateChat', 'beforeJoin', 'groupLimit']

/**
 * Composes the chat on a store, without HTTP, sockets or sign-in. `own` replaces other ports.
 *
 * @example
 * const chat = embed(memory())
 * const anna = await chat.addPerson({ name: 'Анна' })
 * const boris = await chat.addPerson({ name: 'Борис' })
 * await chat.api.sendMessageToUser(anna, { userId: boris.userId, clientMessageId: asId('first'), text: 'Привет!' })
 */
export function embed(open: OpenStore, options: EmbedOptions = {}): Embedded {
  const { onDefect = reported, beforeSend, beforeCreateChat, beforeJoin, ...own } = options

  let hear: OnCommit = () => {}
  const { log, close, ...kept } = open((events) => hear(events), own.clock ?? systemClock)
  requireNames(options, [...Object.keys({ ...kept, ...defaults }), ...OTHERS])
  const sessions = own.sessions ?? kept.sessions
  const ports: OutboundPorts = {
    ...memoryAccounts(memoryStore('accounts')),
    ...kept,
    log(onCommit) {
      hear = onCommit
      return log
    },
    ...defaults,
    interceptors: { beforeSend, beforeCreateChat, beforeJoin },
    ...own,
    sessions: withConnected(sessions, (id) => app.hub.connectionsOf(id as string as UserId) > 0),
  }
  const app = compose(ports, { accessTtl: 0, refreshTtl: 0, sessionTtl: 0, directory: 'open', guests: false })
  const chores = housekeeping(app, { choreRan() {}, log: { warn() {} } })
  const end = async () => {
    app.flush()
    await chores.stop()
    await ports.bus.close()
    await close()
  }
  return {
    ...app,
    ...chatHost({ ...app, ports }),
    [Symbol.asyncDispose]: end,
    close: end,
    addPerson: (person) => addPerson(ports, person),
    async listen({ userId, sessionId }, deliver, cursors = new Map()) {
      const isSignedIn = (await sessions.get(sessionId)) !== undefined
      const viewer: Viewer = {
        userId,
        sessionId: isSignedIn ? sessionId : authenticated(userId),
        deliver: safely(deliver, onDefect),
        end: () => connection.close(),
      }
      const connection = app.hub.open(viewer)
      try {
        await connection.resume({ cursors })
        return connection
      } catch (error) {
        connection.close()
        throw error
      }
    },
  }
}

/** The same sessions; users whom your app has authenticated stay while they are connected. */
const withConnected = (sessions: Ports['sessions'], isConnected: (id: SessionId) => boolean): Ports['sessions'] => ({
  ...sessions,
  async live(accesses, now) {
    const here = accesses.filter(({ sessionId }) => isConnected(sessionId)).map(({ sessionId }) => [sessionId, 'live'] as const)
    return new Map([...(await sessions.live(accesses, now)), ...here])
  },
})

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A user whom your app has authenticated has no session that could end: the user's id stands for one. */
const authenticated = (userId: UserId) => userId as string as SessionId

type Person = Parameters<Embedded['addPerson']>[0]

async function addPerson(ports: OutboundPorts, { name, id, username }: Person): Promise<Caller> {
  if (id !== undefined && !UUID.test(id)) throw invalid('/id', 'is a UUID in lower case')
  const known = id === undefined ? undefined : await ports.people.get(id as UserId)
  const user =
    known ??
    (await addUser(ports, {
      id: id as UserId | undefined,
      name: checkedName(name),
      username: username === undefined ? undefined : checkedUsername(username),
      email: undefined,
      passwordHash: undefined,
    }))
  return { userId: user.id, sessionId: authenticated(user.id) }
}
