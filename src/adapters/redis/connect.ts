import { setTimeout as pause } from 'node:timers/promises'
import type { createClient, RedisClusterOptions } from 'redis'

export interface RedisOptions {
  /** `redis://…` or `rediss://…`: of one server, or of any node of a cluster. */
  readonly url: string
  /** Connected, for the first time or again. */
  readonly ready: () => void
  readonly trouble: (message: string) => void
  readonly random: () => number
}

type Client = ReturnType<typeof createClient>
export type RedisServer = { readonly kind: 'single'; readonly client: Client; readonly version: number }
type RedisCluster = { readonly kind: 'cluster'; readonly client: Awaited<ReturnType<typeof clusterAt>> }
/** Loaded when there is an address: a program without Redis needs no package for it. */
const redis = () => import('redis')
const clusterAt = async (url: string, defaults: NonNullable<RedisClusterOptions['defaults']>) =>
  (await redis()).createCluster({ rootNodes: [{ url }], defaults })

const LONGEST_WAIT = 5_000
const SILENCE = 15_000
const ASKED_EVERY = 1_000

function settings({ random }: RedisOptions) {
  const reconnectStrategy = (retries: number) => Math.min(LONGEST_WAIT, 50 * 2 ** retries) * (0.5 + random() / 2)
  return {
    disableOfflineQueue: true,
    commandsQueueMaxLength: 10_000,
    pingInterval: SILENCE / 3,
    socket: { connectTimeout: LONGEST_WAIT, socketTimeout: SILENCE, reconnectStrategy },
  }
}

/**
 * Connects to what stands at the URL: one server, or a cluster of which it names one. Resolves as soon as that has said which it is; with
 * nothing once it is called off. From then on connections come back by themselves.
 */
export async function connectRedis(options: RedisOptions, signal: AbortSignal): Promise<RedisServer | RedisCluster | undefined> {
  const { url, ready, trouble } = options
  const { createClient } = await redis()
  if (signal.aborted) return undefined
  const client: Client = createClient({ url, ...settings(options) })
  const giveUp = () => client.destroy()
  client.on('error', (error: Error) => trouble(error.message))
  signal.addEventListener('abort', giveUp, { once: true })
  await client.connect()
  const server = await introduction(client, trouble, signal)
  signal.removeEventListener('abort', giveUp)
  if (signal.aborted) return undefined
  client.on('ready', ready)
  if (!/redis_mode:cluster/.test(server)) return { kind: 'single', client, version: Number(/redis_version:(\d+)/.exec(server)?.[1] ?? 0) }
  const { username, password } = client.options
  client.destroy()
  return clusterOf({ ...(username !== undefined && { username }), ...(password !== undefined && { password }) }, options, signal)
}

/** Asks until it is answered: who guessed wrongly would speak past all others. */
async function introduction(client: Client, trouble: RedisOptions['trouble'], signal: AbortSignal): Promise<string> {
  while (!signal.aborted)
    try {
      return await client.info('server')
    } catch (error) {
      trouble(`what it is cannot be asked: ${(error as Error).message}`)
      await pause(ASKED_EVERY, undefined, { ref: false, signal }).catch(() => undefined)
    }
  return ''
}

async function clusterOf(credentials: object, options: RedisOptions, signal: AbortSignal): Promise<RedisCluster | undefined> {
  const { url, ready, trouble } = options
  const { disableOfflineQueue: _, socket, ...rest } = settings(options)
  const { tls } = new URL(url).protocol === 'rediss:' ? { tls: true as const } : { tls: undefined }
  const defaults = { ...rest, ...credentials, socket: tls ? { ...socket, tls } : socket }
  const client = await clusterAt(url, defaults)
  for (const event of ['error', 'node-error']) client.on(event, (error: Error) => trouble(error.message))
  while (!client.isOpen && !signal.aborted)
    await client.connect().catch((error: Error) => {
      trouble(error.message)
      return pause(LONGEST_WAIT, undefined, { ref: false, signal }).catch(() => undefined)
    })
  if (signal.aborted) {
    if (client.isOpen) client.destroy()
    return undefined
  }
  client.on('node-ready', ready)
  return { kind: 'cluster', client }
}
