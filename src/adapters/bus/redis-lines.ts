import { setTimeout as pause } from 'node:timers/promises'
import { createClient, createCluster } from 'redis'

/** Connections to Redis or Valkey for publishing and subscribing, which come back by themselves. */
export interface RedisLines {
  isReady(): boolean
  publish(channel: string, text: string): Promise<unknown>
  /** Is remembered over a connection's loss once it resolved. */
  subscribe(channels: readonly string[]): Promise<unknown>
  unsubscribe(channels: readonly string[]): Promise<unknown>
  close(): void
}

export interface RedisLinesOptions {
  readonly url: string
  readonly hear: (text: string, channel: string) => void
  /** Connected, for the first time or again. */
  readonly ready: () => void
  readonly trouble: (message: string) => void
  readonly random: () => number
}

/** Since this version there are channels that belong to one shard of a cluster; they work without a cluster, too. */
const SHARDED_SINCE = 7
const LONGEST_WAIT = 5_000
const SILENCE = 15_000

function settings({ random }: RedisLinesOptions) {
  const reconnectStrategy = (retries: number) => Math.min(LONGEST_WAIT, 50 * 2 ** retries) * (0.5 + random() / 2)
  return {
    disableOfflineQueue: true,
    pingInterval: SILENCE / 3,
    socket: { connectTimeout: LONGEST_WAIT, socketTimeout: SILENCE, reconnectStrategy },
  }
}

/** Connects to what stands at the URL: one server, or a cluster of which it names one. Resolves as soon as something answers there. */
export async function redisLines(options: RedisLinesOptions, signal: AbortSignal): Promise<RedisLines | undefined> {
  const { url, ready, trouble } = options
  const speaking: Client = createClient({ url, ...settings(options) })
  const giveUp = () => speaking.destroy()
  speaking.on('error', (error: Error) => trouble(error.message))
  signal.addEventListener('abort', giveUp, { once: true })
  await speaking.connect()
  const server = await speaking.info('server').catch(() => '')
  signal.removeEventListener('abort', giveUp)
  if (signal.aborted) return undefined
  speaking.on('ready', ready)
  if (!/redis_mode:cluster/.test(server)) return single(speaking, Number(/redis_version:(\d+)/.exec(server)?.[1] ?? 0), options)
  const { username, password } = speaking.options
  speaking.destroy()
  return cluster({ ...(username !== undefined && { username }), ...(password !== undefined && { password }) }, options, signal)
}

type Client = ReturnType<typeof createClient>

function single(speaking: Client, version: number, { hear, ready, trouble }: RedisLinesOptions): RedisLines {
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

/** In a cluster each channel has a shard of its own, so that each is asked for alone. */
async function cluster(credentials: object, options: RedisLinesOptions, signal: AbortSignal): Promise<RedisLines | undefined> {
  const { url, hear, ready, trouble } = options
  const { disableOfflineQueue: _, socket, ...rest } = settings(options)
  const { tls } = new URL(url).protocol === 'rediss:' ? { tls: true as const } : { tls: undefined }
  const defaults = { ...rest, ...credentials, socket: tls ? { ...socket, tls } : socket }
  const nodes = createCluster({ rootNodes: [{ url }], defaults })
  nodes.on('error', (error: Error) => trouble(error.message))
  while (!nodes.isOpen && !signal.aborted)
    await nodes.connect().catch((error: Error) => {
      trouble(error.message)
      return pause(LONGEST_WAIT, undefined, { ref: false })
    })
  if (signal.aborted) {
    if (nodes.isOpen) nodes.destroy()
    return undefined
  }
  queueMicrotask(ready)
  return {
    isReady: () => nodes.isOpen,
    publish: (channel, text) => nodes.sPublish(channel, text),
    subscribe: (channels) => Promise.all(channels.map((channel) => nodes.sSubscribe(channel, hear))),
    unsubscribe: (channels) => Promise.all(channels.map((channel) => nodes.sUnsubscribe(channel, hear))),
    close: () => nodes.destroy(),
  }
}
