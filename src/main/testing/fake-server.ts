import { type ChatRecord, type MemoryStore, memoryStore, unread } from '../../adapters/memory/store.ts'
import { reactionsTo } from '../../adapters/memory/views.ts'
import type { ServerFrame } from '../../adapters/wire/frames.ts'
import { presentMessage } from '../../adapters/wire/present/messages.ts'
import { MISSED } from '../../application/live/resume.ts'
import { readMessage } from '../../client/calls/read-wire.ts'
import { seeded, type VirtualClock, virtualClock } from '../../client/testing/clock.ts'
import type { Faults, Shared } from '../../client/testing/needs.ts'
import { type Device, device } from '../../client/testing/network.ts'
import type { Message } from '../../client/types.ts'
import { asId, type ChatId, type SessionId, type UserId } from '../../domain/ids.ts'
import type { Message as DomainMessage } from '../../domain/message.ts'
import { Refusal, type RefusalCode, type Refusals } from '../../domain/refusal.ts'
import { compose } from '../compose.ts'
import { testingCalls } from './calls.ts'
import { type FakeAccount, type FakePerson, testingPeople } from './people.ts'
import { REFRESH_TTL, testingPorts } from './ports.ts'
import { testingSockets } from './sockets.ts'

export type { Device, FakeAccount, FakePerson, Faults, VirtualClock }

export interface FakeServerOptions {
  /** The same seed makes the same run. */
  readonly seed?: number
  readonly heartbeatMs?: number
  readonly accessTtlMs?: number
  readonly guests?: boolean
  /** Missed events per chat above which `limited` is sent. */
  readonly missedInChat?: number
}

export interface FakeServer {
  /** For `createChat` and `createAuth`; it exists in this process only. */
  readonly url: string
  readonly clock: VirtualClock
  readonly faults: Faults
  addPerson(name: string, account?: FakeAccount): FakePerson
  /** Returns a new device, or another tab of a device. */
  device(of?: Device): Device
  /** Refuses the next calls or frames of this name. */
  refuse<C extends RefusalCode>(what: string, code: C, options?: { readonly facts?: Refusals[C]; readonly times?: number }): void
  /** The next so many answers of this call come so much later: what happens meanwhile overtakes them. */
  delay(call: string, ms: number, options?: { readonly times?: number }): void
  /** Closes all sockets, as a restart does. Stored data is kept. */
  restart(code?: number): void
  /** Sends a frame to all sockets, or to those of one user: `gap`, `reconnect` and others. */
  say(frame: ServerFrame, userId?: string): void
  /** Acts as a restored backup: every client discards its copy. */
  newEpoch(): void
  endSessions(userId: string): Promise<void>
  /** Returns the messages of a chat, as the server has them. */
  messages(chatId: string): readonly Message[]
  texts(chatId: string): readonly (string | undefined)[]
  unread(chatId: string, userId: string): number
}

const CHORES_EVERY = 1_000

/**
 * Creates the service inside this process, for tests of programs that use the client. You move its clock; its randomness repeats with
 * its seed.
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
  missedInChat = MISSED.inChat,
}: FakeServerOptions = {}): FakeServer {
  const clock = virtualClock()
  const random = seeded(seed)
  const { now, later } = clock
  const newId = idMaker(now, random)
  const faults: Faults = { latencyMs: [1, 10], eventLoss: 0, answerLoss: 0, cutBytes: 0, isDown: false }
  let epoch = newId()
  const store = memoryStore(epoch)
  const surroundings = { now, later, random, newId, epoch: () => epoch }
  const { ports, tell } = testingPorts(store, surroundings)
  const policy = { accessTtl: accessTtlMs, refreshTtl: REFRESH_TTL, sessionTtl: 10 * REFRESH_TTL, directory: 'open', guests } as const
  const missed = { ...MISSED, inChat: missedInChat, newest: Math.min(MISSED.newest, Math.ceil(missedInChat / 2)) }
  const app = compose(ports, policy, { missed })
  const plans = planner()
  const sharedBy = new Map<Device, Shared>()

  const answer = testingCalls({ ...app, version: '0', guests, newId, ...plans })
  const sockets = testingSockets({ ...app, ...surroundings, limiter: ports.limiter, heartbeatMs, planned: plans.planned })

  function keepHouse(): void {
    app.hub.sweep()
    void app.hub.announceUsers()
    void app.activity.flush()
    later(CHORES_EVERY, keepHouse)
  }
  later(CHORES_EVERY, keepHouse)

  function chatOf(chatId: string): ChatRecord {
    const chat = store.chats.get(chatId as ChatId)
    if (!chat) throw new Refusal('chat-not-found')
    return chat
  }

  return {
    url: 'http://fake.test',
    clock,
    faults,
    addPerson: testingPeople({ app, ports, store, tell, accessTtlMs }),
    device(of) {
      const shared = (of && sharedBy.get(of)) ?? { locks: new Map(), channels: new Map() }
      const made = device({ faults, now, later, random, newId, shared, answer, open: sockets.open })
      sharedBy.set(made, shared)
      return made
    },
    refuse: (what, code, { facts, times = 1 } = {}) => plans.refuse(what, new Refusal(code, facts as never), times),
    delay: (call, ms, { times = 1 } = {}) => plans.delay(call, ms, times),
    restart: (code = 1012) => sockets.close(code),
    say: sockets.send,
    newEpoch() {
      epoch = newId()
      sockets.close(1012)
    },
    async endSessions(userId) {
      const caller = { userId: asId<UserId>(userId), sessionId: asId<SessionId>('') }
      for (const { id } of await app.api.listSessions(caller)) await app.api.endSession(caller, id)
    },
    messages: (chatId) => chatOf(chatId).sent.map((message) => shownIn(store, message)),
    texts: (chatId) => chatOf(chatId).sent.map(({ text }) => text),
    unread: (chatId, userId) => unread(store, chatOf(chatId), userId as UserId),
  }
}

/** A message as its sender sees it. */
const shownIn = (store: MemoryStore, message: DomainMessage): Message =>
  readMessage(presentMessage({ message, isRead: false, reactions: reactionsTo(store, message, message.sender.id) }, message.sender.id))

/** Ids that are the same for the same seed, as UUIDv7. */
const idMaker = (now: () => number, random: () => number) => () => {
  const time = now().toString(16).padStart(12, '0')
  const hex = (length: number) => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-a${hex(3)}-${hex(12)}`
}

/** What a test has asked to happen to the next calls and frames of a name. */
function planner() {
  const refusals: { readonly what: string; readonly value: Refusal; times: number }[] = []
  const delays: { readonly what: string; readonly value: number; times: number }[] = []

  function next<T>(plans: readonly { readonly what: string; readonly value: T; times: number }[], what: string): T | undefined {
    const plan = plans.find((one) => one.what === what && one.times > 0)
    if (plan) plan.times--
    return plan?.value
  }

  return {
    refuse: (what: string, value: Refusal, times: number) => void refusals.push({ what, value, times }),
    delay: (what: string, value: number, times: number) => void delays.push({ what, value, times }),
    planned: (what: string) => next(refusals, what),
    lateMs: (what: string) => next(delays, what) ?? 0,
  }
}
