import type { Bus, Published, Topic } from '../../application/ports/bus.ts'
import { isPassing, packed } from './codec.ts'
import { courier } from './courier.ts'
import { heard } from './heard.ts'
import { type PgSource, postgresLine } from './postgres-line.ts'

/** Up to so many other processes are notified on their own channels, so that the publisher does not hear itself. */
const DIRECT = 4
/** Postgres takes payloads below 8,000 bytes. */
const PAYLOAD_BYTES = 7_900
/** JSON escapes this character. An array of texts would have every quotation mark escaped once more. */
const SEPARATOR = '\u001e'
const AT_ONCE = 500
const BOUND = 10_000
const SAID_EVERY = 5_000
/** Who was not heard of for so many rounds is no longer there. */
const ROUNDS = 4
/** What a transaction of the host's notifies comes from no process. */
const NOBODY = '00000000-0000-0000-0000-000000000000'
/** Who closes waits so long for what was published. */
const PATIENCE = 1_000

export interface PostgresBusOptions {
  /** A pool of `pg`: its settings decide where to. Connections are the bus's own. */
  readonly pool: PgSource
  /** Of the program: processes of other releases are told of events, and read them from the log. */
  readonly release: string
  readonly newId: () => string
  /** Every process of one store listens to this channel, and to one of its own. */
  readonly channel?: string
  readonly random: () => number
  /** Hears of trouble with the connections. */
  readonly warn?: ((message: string) => void) | undefined
  /** Hears how many messages were not brought to other processes. */
  readonly lost?: ((count: number) => void) | undefined
  /** How often a process says that it is there, and for how long a connection on which nobody answers is believed. */
  readonly everyMs?: number | undefined
}

const payloads = (told: readonly Published[], { from, release }: { readonly from: string; readonly release: string }) =>
  packed(told, release, PAYLOAD_BYTES - from.length - 1).map((text) => `${from} ${text}`)

/**
 * Carries notices between the processes on one Postgres by `NOTIFY`: one connection listens, one publishes, apart from those on which
 * changes are committed, since notifying makes commits queue. Processes say now and then that they are there; who hears of no other
 * publishes nothing else. What one hears of oneself proves that the listening connection is alive.
 */
export function postgresBus(options: PostgresBusOptions): Bus {
  const { pool, release, newId, random, channel = 'windi_chat', warn = () => {}, lost = () => {}, everyMs = SAID_EVERY } = options
  const channelOf = (node: string): string => `${channel}_${node}`
  const node = newId()
  const followed = new Set<Topic>()
  const others = new Map<string, number>()
  const { listen, hand } = heard({ release, isFollowed: (topic) => followed.has(topic), warn })
  let silentRounds = 0
  let isTroubled = false
  let last: Promise<unknown> = Promise.resolve()

  const hearing = postgresLine(pool, {
    random,
    warn,
    patienceMs: everyMs,
    async prepare(client) {
      client.on('notification', ({ payload }) => receive(payload ?? ''))
      await client.query(`listen ${channel}; listen "${channelOf(node)}"`)
    },
    opened: () => greet(),
  })
  // Nothing that is published need outlive a crash: such commits wait for no disk.
  const speaking = postgresLine(pool, {
    random,
    warn,
    patienceMs: everyMs,
    prepare: (client) => client.query('set synchronous_commit = off'),
    opened: () => greet(),
  })

  const waiting = courier<Published>({
    bring: (told) => notify(payloads(told, { from: node, release }), channels()),
    atOnce: AT_ONCE,
    bound: BOUND,
    isPassing,
    lost(count, why) {
      lost(count)
      if (!isTroubled) warn(`Other processes were not told of ${count} changes and will find them by themselves: ${why}`)
      isTroubled = true
    },
  })

  const channels = () => (others.size <= DIRECT ? [...others.keys()].map(channelOf) : [channel])

  /** One after another: what is published first arrives first. */
  function notify(texts: readonly string[], to: readonly string[]): Promise<void> {
    const said = last.then(() => say(texts, to))
    last = said.catch(() => undefined)
    return said
  }

  async function say(texts: readonly string[], to: readonly string[]): Promise<void> {
    const client = speaking.client()
    if (!client) throw new Error('There is no connection')
    const text = `select pg_notify(channel, payload) from unnest(string_to_array($1, '${SEPARATOR}')) payload, unnest($2::text[]) channel`
    await client.query({ name: 'notify', text, values: [texts.join(SEPARATOR), to] }).catch((error: unknown) => {
      speaking.cut()
      throw error
    })
    isTroubled = false
  }

  function receive(payload: string): void {
    const end = payload.indexOf(' ')
    const from = end < 0 ? payload : payload.slice(0, end)
    if (from === node) silentRounds = 0
    if (from === NOBODY) return hand(payload.slice(end + 1))
    if (from === node || from.length !== node.length) return
    const isNew = !others.has(from)
    others.set(from, 0)
    if (isNew) greet()
    if (end >= 0) hand(payload.slice(end + 1))
  }

  /** Says that this process is there. */
  const greet = (): void => void notify([node], [channel]).catch(() => undefined)

  function round(): void {
    for (const [other, rounds] of others)
      if (rounds >= ROUNDS) others.delete(other)
      else others.set(other, rounds + 1)
    if (!hearing.client() || !speaking.client()) silentRounds = 0
    else if (++silentRounds > ROUNDS) {
      silentRounds = 0
      hearing.cut()
    }
    greet()
    timer = setTimeout(round, everyMs * (0.75 + random() / 2)).unref()
  }
  let timer = setTimeout(round, everyMs * random()).unref()

  return {
    publish(told) {
      if (others.size === 0) return
      if (speaking.client()) waiting.take(told)
      else lost(told.length)
    },
    atCommit: (told) => ({ channel, payloads: payloads(told, { from: NOBODY, release }) }),
    listen,
    isConnected: () => hearing.client() !== undefined && speaking.client() !== undefined,
    follow(topics) {
      for (const topic of topics) followed.add(topic)
    },
    unfollow(topics) {
      for (const topic of topics) followed.delete(topic)
    },
    async close() {
      clearTimeout(timer)
      await waiting.finish(PATIENCE)
      followed.clear()
      others.clear()
      await Promise.all([hearing.close(), speaking.close()])
    },
  }
}
