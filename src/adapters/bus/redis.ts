import type { Bus, BusMessage, Published, Topic } from '../../application/ports/bus.ts'
import { isPassing, packed, unpack } from './codec.ts'
import { courier } from './courier.ts'
import { followed } from './followed.ts'
import { type RedisLines, redisLines } from './redis-lines.ts'

/** Longer ones would hold up the others: what does not fit becomes a hint. */
const MESSAGE_BYTES = 262_144
const AT_ONCE = 500
const BOUND = 10_000
/** Who closes waits so long for what was published. */
const PATIENCE = 1_000

export interface RedisBusOptions {
  /** `redis://…` or `rediss://…`: of one server, or of any node of a cluster. */
  readonly url: string
  /** Of the program: processes of other releases are told of events, and read them from the log. */
  readonly release: string
  readonly newId: () => string
  readonly random: () => number
  /** Hears of trouble with the connections. */
  readonly warn?: ((message: string) => void) | undefined
}

/**
 * Carries notices between processes through Redis or Valkey: a channel for each topic, so that a process hears only of what it follows.
 * The channels are sharded (`SPUBLISH`), which a cluster spreads over its nodes; before Redis 7 they are ordinary ones. Services that
 * share a server use databases of different numbers, which are part of the channels' names.
 */
export function redisBus({ url, release, newId, random, warn = () => {} }: RedisBusOptions): Bus {
  const node = newId()
  const prefix = `windi:${new URL(url).pathname.slice(1) || 0}:`
  const ending = new AbortController()
  let lines: RedisLines | undefined
  let listener: (topic: Topic, notice: BusMessage) => void = () => {}
  let isTroubled = false

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
    lost: (count, why) => trouble(`${count} changes were not told to other processes, which will find them by themselves: ${why}`),
  })

  const channelOf = (topic: Topic) => prefix + topic
  const messagesOf = (topic: Topic, told: readonly Published[]) =>
    packed(told, release, MESSAGE_BYTES).map((text) => lines!.publish(channelOf(topic), `${node} ${text}`))

  function trouble(message: string): void {
    if (!isTroubled) warn(`Redis between processes: ${message}`)
    isTroubled = true
  }

  function hear(text: string): void {
    if (text.startsWith(node)) return
    unpack(text.slice(node.length + 1), { release, isFollowed: topics.has }, ({ topic, notice }) => {
      try {
        listener(topic, notice)
      } catch (error) {
        warn(`A notice of another process could not be processed: ${String(error)}`)
      }
    })
  }

  function ready(): void {
    if (lines?.isReady()) isTroubled = false
    topics.again()
  }

  const opening = redisLines({ url, hear, ready, trouble, random }, ending.signal).then(
    (opened) => {
      lines = opened
      if (ending.signal.aborted) lines?.close()
      else ready()
    },
    (error: unknown) => {
      if (!ending.signal.aborted) trouble(String(error))
    },
  )

  return {
    publish(told) {
      if (lines?.isReady()) waiting.take(told)
    },
    listen(given) {
      listener = given
    },
    follow: topics.add,
    unfollow: topics.delete,
    async close() {
      if (ending.signal.aborted) return
      if (lines) await waiting.finish(PATIENCE)
      ending.abort()
      topics.clear()
      lines?.close()
      await opening
      lines = undefined
    },
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
