import { connectRedis, type RedisOptions, type RedisServer } from '../redis/connect.ts'
import type { Lines, LinesOptions } from './lines.ts'

/** Since this version there are channels that belong to one shard of a cluster; they work without a cluster, too. */
const SHARDED_SINCE = 7

/** Resolves as soon as it is known what stands there; with nothing once it is called off. */
export async function redisLines(options: RedisOptions & LinesOptions, node: string, signal: AbortSignal): Promise<Lines | undefined> {
  // Redis gives a publisher who subscribed what it published itself: each text begins with who wrote it.
  const hear = (text: string) => {
    if (!text.startsWith(node)) options.hear(text.slice(node.length + 1))
  }
  const written = (text: string) => `${node} ${text}`
  const server = await connectRedis(options, signal)
  if (server?.kind === 'single') return single(server, { ...options, hear }, written)
  if (!server) return undefined
  const { client } = server
  // In a cluster each channel has a shard of its own, so that each is asked for alone.
  return {
    isReady: () => client.isOpen,
    publish: (channel, text) => client.sPublish(channel, written(text)),
    subscribe: (channels) => Promise.all(channels.map((channel) => client.sSubscribe(channel, hear))),
    unsubscribe: (channels) => Promise.all(channels.map((channel) => client.sUnsubscribe(channel, hear))),
    close: () => client.destroy(),
  }
}

function single({ client: speaking, version }: RedisServer, options: LinesOptions, written: (text: string) => string): Lines {
  const { hear, ready, trouble } = options
  const hearing = speaking.duplicate()
  hearing.on('error', (error: Error) => trouble(error.message))
  hearing.on('ready', ready)
  hearing.connect().catch(() => undefined)
  const lines = {
    isReady: () => speaking.isReady && hearing.isReady,
    close() {
      speaking.destroy()
      hearing.destroy()
    },
  }
  if (version < SHARDED_SINCE)
    return {
      ...lines,
      publish: (channel, text) => speaking.publish(channel, written(text)),
      subscribe: (channels) => hearing.subscribe([...channels], hear),
      unsubscribe: (channels) => hearing.unsubscribe([...channels], hear),
    }
  return {
    ...lines,
    publish: (channel, text) => speaking.sPublish(channel, written(text)),
    subscribe: (channels) => hearing.sSubscribe([...channels], hear),
    unsubscribe: (channels) => hearing.sUnsubscribe([...channels], hear),
  }
}
