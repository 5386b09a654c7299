import { connectRedis, type RedisOptions, type RedisServer } from '../redis/connect.ts'

/** Connections to Redis or Valkey for publishing and subscribing, which come back by themselves. */
export interface RedisLines {
  isReady(): boolean
  publish(channel: string, text: string): Promise<unknown>
  /** Is remembered over a connection's loss once it resolved. */
  subscribe(channels: readonly string[]): Promise<unknown>
  unsubscribe(channels: readonly string[]): Promise<unknown>
  close(): void
}

export interface RedisLinesOptions extends RedisOptions {
  readonly hear: (text: string, channel: string) => void
}

/** Since this version there are channels that belong to one shard of a cluster; they work without a cluster, too. */
const SHARDED_SINCE = 7

/** Resolves as soon as it is known what stands there; with nothing once it is called off. */
export async function redisLines(options: RedisLinesOptions, signal: AbortSignal): Promise<RedisLines | undefined> {
  const server = await connectRedis(options, signal)
  if (server?.kind === 'single') return single(server, options)
  if (!server) return undefined
  const { client } = server
  const { hear } = options
  // In a cluster each channel has a shard of its own, so that each is asked for alone.
  return {
    isReady: () => client.isOpen,
    publish: (channel, text) => client.sPublish(channel, text),
    subscribe: (channels) => Promise.all(channels.map((channel) => client.sSubscribe(channel, hear))),
    unsubscribe: (channels) => Promise.all(channels.map((channel) => client.sUnsubscribe(channel, hear))),
    close: () => client.destroy(),
  }
}

function single({ client: speaking, version }: RedisServer, { hear, ready, trouble }: RedisLinesOptions): RedisLines {
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
      publish: (channel, text) => speaking.publish(channel, text),
      subscribe: (channels) => hearing.subscribe([...channels], hear),
      unsubscribe: (channels) => hearing.unsubscribe([...channels], hear),
    }
  return {
    ...lines,
    publish: (channel, text) => speaking.sPublish(channel, text),
    subscribe: (channels) => hearing.sSubscribe([...channels], hear),
    unsubscribe: (channels) => hearing.sUnsubscribe([...channels], hear),
  }
}
