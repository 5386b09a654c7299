import { later, systemClock } from '../adapters/system/clock.ts'
import { digest, newId, random } from '../adapters/system/random.ts'
import type { Caller } from '../application/chat-api.ts'
import type { Connection, Viewer } from '../application/live/connection.ts'
import type { Delivery } from '../application/live/delivery.ts'
import type { Bus } from '../application/ports/bus.ts'
import type { Announce } from '../application/ports/log.ts'
import type { Passwords } from '../application/ports/passwords.ts'
import type { Ports } from '../application/ports/ports.ts'
import type { Tokens } from '../application/ports/tokens.ts'
import type { ChatId, Seq, SessionId, UserId } from '../domain/ids.ts'
import { Refusal } from '../domain/refusal.ts'
import { checkedName, checkedUsername, usernameFrom } from '../domain/words.ts'
import { type Application, compose, type OutboundPorts } from './compose.ts'
import { housekeeping } from './housekeeping.ts'

/** The ports that keep things: `memory()` and `await database(url)` make one, and so does an adapter of one's own. */
export type OpenStore = (
  announce: Announce,
) => Pick<Ports, 'log' | 'receipts' | 'chats' | 'people' | 'sessions'> & { close(): Promise<void> }

/** The chat in one's own process, for people whom the program around it has already let in. */
export interface Embedded extends Application {
  /**
   * Adds somebody and answers who they are for every call. An `id` of one's own is a UUID; the same id again is the same person. A
   * username that is left out is made from the name. Refuses with `username-taken`.
   */
  addPerson(person: { readonly name: string; readonly id?: string; readonly username?: string }): Promise<Caller>
  /**
   * Hands over everything that happens in somebody's chats from now on, or from the cursors on: in order, without holes or repeats,
   * whatever the bus loses. Rejects when the store does not answer, and then nobody listens. Keeps no program alive.
   * Ends with `close()` of what it answers, or with the session of who has signed in.
   */
  listen(caller: Caller, deliver: (delivery: Delivery) => void, cursors?: ReadonlyMap<ChatId, Seq>): Promise<Connection>
  close(): Promise<void>
}

const alone: Bus = { publish() {}, listen() {}, follow() {}, unfollow() {}, close: async () => {} }

/** There is nobody to sign in: who embeds the chat has signed them in already. */
const nobody = () => Promise.reject(new Refusal('unauthenticated'))
const noPasswords: Passwords = { hash: nobody, verify: nobody }
const noTokens: Tokens = { access: nobody, verifyAccess: nobody, refresh: () => '', verifyRefresh: () => undefined }

/**
 * Composes the chat on a store, without HTTP, sockets or sign-in; other parts may be given in `own`.
 *
 * @example
 * const chat = embed(memory())
 * const anna = await chat.addPerson({ name: 'Анна' })
 * const boris = await chat.addPerson({ name: 'Борис' })
 * await chat.api.sendMessageToUser(anna, { userId: boris.userId, clientMessageId: asId('first'), text: 'Привет!' })
 */
export function embed(open: OpenStore, own: Partial<OutboundPorts> = {}): Embedded {
  let hear: Announce = () => {}
  const { log, close, ...kept } = open((events) => hear(events))
  const sessions = own.sessions ?? kept.sessions
  const ports: OutboundPorts = {
    ...kept,
    log(announce) {
      hear = announce
      return log
    },
    passwords: noPasswords,
    tokens: noTokens,
    bus: alone,
    limiter: { admit: async () => {} },
    isCommonPassword: () => false,
    clock: systemClock,
    newId,
    random,
    later,
    digest,
    ...own,
    sessions: {
      ...sessions,
      live: async (ids, now) => new Set([...(await sessions.live(ids, now)), ...ids.filter(isLetIn)]),
    },
  }
  const app = compose(ports, { accessTtl: 0, refreshTtl: 0, directory: 'open', guests: false })
  const isLetIn = (id: SessionId) => app.hub.connectionsOf(id as string as UserId) > 0
  const chores = housekeeping(app, { warn() {} })
  return {
    ...app,
    addPerson: (person) => addPerson(ports, person),
    async listen({ userId, sessionId }, deliver, cursors = new Map()) {
      const isSignedIn = (await sessions.get(sessionId)) !== undefined
      const viewer: Viewer = { userId, sessionId: isSignedIn ? sessionId : letIn(userId), deliver, end: () => connection.close() }
      const connection = app.hub.open(viewer)
      try {
        await connection.resume({ cursors })
        return connection
      } catch (error) {
        connection.close()
        throw error
      }
    },
    async close() {
      await chores.stop()
      await ports.bus.close()
      await close()
    },
  }
}

/** Who was let in by the program around has no session that could end: their own id stands for one. */
const letIn = (userId: UserId) => userId as string as SessionId

type Person = Parameters<Embedded['addPerson']>[0]

async function addPerson({ people, clock, newId, random }: OutboundPorts, { name, id = newId(), username }: Person): Promise<Caller> {
  const userId = id as UserId
  const caller: Caller = { userId, sessionId: letIn(userId) }
  if (await people.get(userId)) return caller
  const base = username === undefined ? usernameFrom(name) : checkedUsername(username)
  for (let tried = base; ; tried = `${base}-${Math.floor(random() * 10_000)}`) {
    const user = { id: userId, username: tried, name: checkedName(name), email: undefined, passwordHash: undefined, createdAt: clock() }
    const outcome = await people.add(user)
    if (outcome === 'added') return caller
    if (username !== undefined) throw new Refusal(outcome)
  }
}
