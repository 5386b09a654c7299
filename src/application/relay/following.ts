import type { ChatEvent, EventType } from '../../domain/event.ts'
import type { Count, Duration, Instant } from '../../domain/ids.ts'
import type { Consumer, ConsumerSettings } from '../ports/consumers.ts'
import type { Ports } from '../ports/ports.ts'
import type { Moving, Outcome, Range, Sink } from '../ports/sink.ts'

export interface FollowOptions {
  /** Where it begins when the name is used for the first time. */
  readonly from: 'now' | 'start' | Instant
  /** Types of events; absent: all. */
  readonly types?: readonly EventType[] | undefined
  /** Events of one chat that are handed over at once, at most; 100 unless given. */
  readonly batch?: Count | undefined
  /** The handler gets a connection in a transaction, in which the cursor moves, too. */
  readonly tx?: boolean | undefined
}
export type OnEvents = (events: readonly ChatEvent[], connection?: unknown) => unknown

export interface Following {
  /**
   * Hands every event over, in order within each chat, from a cursor in the store, in one process at a time. What the handler throws has the
   * same events handed over again later; other chats go on meanwhile.
   */
  follow(name: string, options: FollowOptions, on: OnEvents): { stop(): Promise<void> }
  /** Deletes the cursor of a name. */
  unfollow(name: string): Promise<void>
  /** Returns the sink of a consumer that this process follows. */
  sinkOf(consumer: Consumer): Sink | undefined
}

const BATCH: Count = 100
const AGAIN: Duration = 1_000

interface Needs extends Pick<Ports, 'consumers' | 'newId' | 'later'> {
  /** Tells the relay that consumers have changed. */
  readonly changed: () => void
  readonly onDefect: (error: unknown) => void
}

const nameOf = (name: string) => `follow ${name}`

/** Functions of this process that follow the log. */
export function following({ consumers, newId, later, changed, onDefect }: Needs): Following {
  const sinks = new Map<string, ReturnType<typeof functionSink>>()

  /** Adds the consumer, or makes it ask for what this process asks for. */
  async function begin(name: string, { from, types, batch = BATCH }: FollowOptions): Promise<void> {
    const settings: ConsumerSettings = { batch, ...(types && { types }) }
    const at = from === 'now' ? undefined : from === 'start' ? 0 : from
    const isNew = await consumers.add({ id: newId(), kind: 'follow', name: nameOf(name), settings, lag: 0, from: at })
    const known = isNew ? undefined : (await consumers.list()).find((consumer) => consumer.name === nameOf(name))
    const isOther = known && JSON.stringify([known.settings.batch, known.settings.types]) !== JSON.stringify([batch, types])
    if (isOther) await consumers.change(known.id, { settings })
    changed()
  }

  function beginSoon(name: string, options: FollowOptions, isWanted: () => boolean): void {
    begin(name, options).catch((error: unknown) => {
      onDefect(error)
      later(() => isWanted() && beginSoon(name, options, isWanted), AGAIN)
    })
  }

  return {
    follow(name, options, on) {
      if (sinks.has(nameOf(name))) throw new Error(`${name} is followed already`)
      if (options.tx && !consumers.inTransaction) throw new Error('This store has no transactions to offer')
      const sink = functionSink(consumers, options.tx === true, on)
      sinks.set(nameOf(name), sink)
      beginSoon(name, options, () => sinks.get(nameOf(name)) === sink)
      return {
        async stop() {
          if (sinks.get(nameOf(name)) === sink) sinks.delete(nameOf(name))
          changed()
          await sink.over()
        },
      }
    },
    async unfollow(name) {
      const known = (await consumers.list()).find((consumer) => consumer.name === nameOf(name))
      if (known) await consumers.remove(known.id)
      changed()
    },
    sinkOf: ({ kind, name }) => (kind === 'follow' ? sinks.get(name) : undefined),
  }
}

const messageOf = (thrown: unknown) => String((thrown as Error)?.message ?? thrown)

/** Hands ranges to a function. What it throws is attempted again for as long as it takes. */
function functionSink({ inTransaction }: Needs['consumers'], isInTransaction: boolean, on: OnEvents): Sink & { over(): Promise<void> } {
  const running = new Set<Promise<unknown>>()

  async function attempt({ events }: Range, moving: Moving | undefined): Promise<Outcome> {
    if (!isInTransaction || !moving) {
      await on(events)
      return { is: 'done' }
    }
    let isBegun = false
    const handle = (connection: unknown) => {
      isBegun = true
      return on(events, connection)
    }
    try {
      const isMoved = await inTransaction!(moving.at, { seq: moving.to }, handle)
      return isMoved ? { is: 'moved' } : { is: 'again', error: 'another process has moved the cursor' }
    } catch (thrown) {
      if (isBegun) throw thrown
      return { is: 'later', error: messageOf(thrown) }
    }
  }

  return {
    givesUp: false,
    async deliver(range, moving) {
      const done = attempt(range, moving).catch((error: unknown): Outcome => ({ is: 'again', error: messageOf(error) }))
      running.add(done)
      try {
        return await done
      } finally {
        running.delete(done)
      }
    },
    over: async () => void (await Promise.all(running)),
  }
}
