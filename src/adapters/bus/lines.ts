import type { Bus, Published, Topic } from '../../application/ports/bus.ts'
import { isPassing, packed } from './codec.ts'
import { courier } from './courier.ts'
import { followed } from './followed.ts'
import { heard } from './heard.ts'

/** Longer ones would hold up the others: what does not fit becomes a hint. */
const MESSAGE_BYTES = 262_144
const AT_ONCE = 500
const BOUND = 10_000
/** Who closes waits so long for what was published. */
const PATIENCE = 1_000

/** Connections to a server that carries texts on channels. They come back by themselves. */
export interface Lines {
  isReady(): boolean
  /** Resolves once the server has it. What fails is lost. */
  publish(channel: string, text: string): Promise<unknown>
  /** Is remembered over a connection's loss once it resolved. */
  subscribe(channels: readonly string[]): Promise<unknown>
  unsubscribe(channels: readonly string[]): Promise<unknown>
  close(): void
}

export interface LinesOptions {
  /** Hears what others published on channels that are subscribed to, never what these lines published. */
  readonly hear: (text: string) => void
  /** Connected, for the first time or again. */
  readonly ready: () => void
  readonly trouble: (message: string) => void
  readonly random: () => number
}

export interface Carrier {
  /** What warnings call it. */
  readonly name: string
  /** What the channels' names begin with: services that share a server have different ones. */
  readonly prefix: string
  /** Resolves once there are lines; with nothing once it is called off. */
  readonly open: (options: LinesOptions, signal: AbortSignal) => Promise<Lines | undefined>
}

export interface LineBusOptions {
  /** Of the program: processes of other releases are told of events, and read them from the log. */
  readonly release: string
  readonly random: () => number
  /** Hears of trouble with the connections. */
  readonly warn?: ((message: string) => void) | undefined
  /** Hears how many messages were not brought to other processes. */
  readonly lost?: ((count: number) => void) | undefined
}

/** Carries notices between processes over a server: a channel for each topic, so that a process hears only of what it follows. */
export function lineBus({ name, prefix, open }: Carrier, { release, random, warn = () => {}, lost = () => {} }: LineBusOptions): Bus {
  const ending = new AbortController()
  let lines: Lines | undefined
  let isTroubled = false
  let closing: Promise<void> | undefined

  const topics = followed<Topic>({
    subscribe: (some) => lines!.subscribe(some.map(channelOf)),
    unsubscribe: (some) => lines!.unsubscribe(some.map(channelOf)),
    isReady: () => lines?.isReady() ?? false,
  })
  const waiting = courier<Published>({
    bring: (told) => Promise.all([...byTopic(told)].flatMap(([topic, some]) => messagesOf(topic, some))),
    atOnce: AT_ONCE,
    bound: BOUND,
    isPassing,
    lost(count, why) {
      lost(count)
      trouble(`${count} changes were not told to other processes, which will find them by themselves: ${why}`)
    },
  })

  const { listen, hand } = heard({ release, isFollowed: topics.has, warn })
  const channelOf = (topic: Topic) => prefix + topic
  const messagesOf = (topic: Topic, told: readonly Published[]) =>
    packed(told, release, MESSAGE_BYTES).map((text) => lines!.publish(channelOf(topic), text))

  function trouble(message: string): void {
    if (!isTroubled) warn(`${name} between processes: ${message}`)
    isTroubled = true
  }

  const ready = () => {
    if (lines?.isReady()) isTroubled = false
    topics.again()
  }

  const opening = open({ hear: hand, ready, trouble, random }, ending.signal).then(
    (opened) => {
      lines = opened
      if (ending.signal.aborted) lines?.close()
      else ready()
    },
    (error: unknown) => {
      if (!ending.signal.aborted) trouble(String(error))
    },
  )

  async function end(): Promise<void> {
    if (lines) await waiting.finish(PATIENCE)
    ending.abort()
    topics.clear()
    lines?.close()
    await opening
    lines = undefined
  }

  return {
    publish(told) {
      if (lines?.isReady()) waiting.take(told)
      else lost(told.length)
    },
    listen,
    isConnected: () => lines?.isReady() ?? false,
    follow: topics.add,
    unfollow: topics.delete,
    close: () => (closing ??= end()),
  }
}

function byTopic(told: readonly Published[]): Map<Topic, Published[]> {
  const topics = new Map<Topic, Published[]>()
  for (const one of told) {
    const some = topics.get(one.topic)
    if (some) some.push(one)
    else topics.set(one.topic, [one])
  }
  return topics
}
