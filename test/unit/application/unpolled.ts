import { memoryPeople } from '../../../src/adapters/memory/people.ts'
import { memoryStore } from '../../../src/adapters/memory/store.ts'
import type { Caller } from '../../../src/application/chat-api.ts'
import type { Connection, Ending } from '../../../src/application/live/connection.ts'
import type { Delivery } from '../../../src/application/live/delivery.ts'
import { DETACHED, type DetachedLimits } from '../../../src/application/live/detached.ts'
import { asId, type ChatId, type Seq, type SessionId, type UserId } from '../../../src/domain/ids.ts'
import { type Application, compose, type OutboundPorts } from '../../../src/main/compose.ts'
import { simulatedBus, simulatedPolicy, simulatedPorts } from '../../support/simulated.ts'
import { handClock } from '../../support/waiting.ts'

export type Change = (ports: OutboundPorts) => Partial<OutboundPorts>

interface Options {
  /** Whether processes hear each other, or for each message whether it arrives. */
  readonly bus?: 'honest' | 'dead' | (() => boolean)
  readonly change?: Change
  /** Other bounds of the seats that closed connections leave. */
  readonly detached?: Partial<DetachedLimits>
}

interface From {
  readonly app?: Application
  readonly cursors?: ReadonlyMap<ChatId, Seq>
  readonly asOf?: string | undefined
}

/** One connection, and what it was handed. */
export interface Line {
  readonly connection: Connection
  readonly handed: Delivery[]
  readonly endings: Ending[]
  /** Once it has resumed. */
  readonly resumed: ReturnType<Connection['resume']>
  of<T extends Delivery['type']>(type: T): Extract<Delivery, { type: T }>[]
  /** The numbers of events, and the names of what else came. */
  told(): (number | string)[]
}

/**
 * Processes on one store in which nothing happens by itself: no poll, no sweep, no timer. What is not told at once is never told. With a
 * bus, they hear each other when `settle` is called.
 */
export function processes(count = 1, { bus = 'honest', change = () => ({}), detached }: Options = {}) {
  const store = memoryStore('epoch')
  const people = memoryPeople(store)
  const clock = handClock()
  const due: (() => void)[] = []
  const carried: (() => void)[] = []
  let ids = 0
  const newId = () => `id-${++ids}`
  const busOf = simulatedBus({
    copies: () => Number(typeof bus === 'function' ? bus() : bus === 'honest'),
    carry: (deliver) => void carried.push(deliver),
  })
  function open(): Application {
    const ports = simulatedPorts(store, { bus: busOf(), clock: clock.now, newId, random: () => 0.5, later: (run) => void due.push(run) })
    return compose({ ...ports, ...change(ports) }, simulatedPolicy, { detached: { ...DETACHED, ...detached } })
  }
  const apps = Array.from({ length: count }, open) as [Application, ...Application[]]

  /** What is under way comes to its end: reads, what the bus carries, and what was put off. */
  async function settle(): Promise<void> {
    do {
      for (const run of [...carried.splice(0), ...due.splice(0)]) run()
      await new Promise<void>((done) => setImmediate(done))
    } while (carried.length + due.length > 0)
  }

  async function person(name: string): Promise<Caller> {
    const id = newId() as UserId
    const named = { username: `${name.toLowerCase()}-${id}`, name, email: undefined, passwordHash: undefined }
    await people.add({ id, ...named, createdAt: clock.now() })
    return { userId: id, sessionId: `session of ${id}` as SessionId }
  }

  function line({ userId, sessionId }: Caller, { app = apps[0], cursors = new Map<ChatId, Seq>(), asOf }: From = {}): Line {
    const handed: Delivery[] = []
    const endings: Ending[] = []
    const connection = app.hub.open({
      userId,
      sessionId,
      deliver: (delivery) => void handed.push(delivery),
      end: (why) => void endings.push(why),
    })
    return {
      connection,
      handed,
      endings,
      resumed: connection.resume({ cursors, asOf }),
      of: (type) => handed.filter((delivery) => delivery.type === type) as never,
      told: () => handed.map((one) => (one.type === 'event' ? one.event.seq : one.type)),
    }
  }

  return {
    store,
    clock,
    apps,
    app: apps[0],
    /** What another process says. */
    publish: busOf().publish,
    settle,
    person,
    line,
    /** A connection that has resumed. */
    async live(caller: Caller, from: From = {}): Promise<Line> {
      const opened = line(caller, from)
      await opened.resumed
      return opened
    },
    async group(owner: Caller, others: readonly Caller[] = [], app = apps[0]): Promise<ChatId> {
      const { view } = await app.api.createGroup(owner, { name: 'Group', memberIds: others.map(({ userId }) => userId) })
      return view.chat.id
    },
    async say(caller: Caller, chatId: ChatId, text = 'hello', app = apps[0]): Promise<Seq> {
      const { view } = await app.api.sendMessage(caller, { chatId, clientMessageId: asId(newId()), text })
      return view.message.seq
    },
  }
}
export type Processes = ReturnType<typeof processes>

/** Reads that wait, once they have read, until they are let go: what they answer is as old as the question. */
export function holding() {
  let isHeld = false
  const waiting: (() => void)[] = []
  return {
    hold: () => void (isHeld = true),
    waiting: () => waiting.length,
    release(): void {
      isHeld = false
      for (const go of waiting.splice(0)) go()
    },
    slowly:
      <A extends unknown[], R>(read: (...given: A) => Promise<R>) =>
      async (...given: A): Promise<R> => {
        const answer = await read(...given)
        if (isHeld) await new Promise<void>((go) => waiting.push(go))
        return answer
      },
  }
}
