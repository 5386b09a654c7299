import { setTimeout as pause } from 'node:timers/promises'
import type { NatsConnection, Subscription } from '@nats-io/transport-node'
import type { Lines, LinesOptions } from './lines.ts'
import { waitAfter } from './waiting.ts'

export interface NatsOptions {
  /** Of one server, or of several of a cluster, separated by commas. Who signs in is part of the first: a user and a password, or a token alone. */
  readonly url: string
  readonly random: () => number
}

const PATIENCE = 5_000

/** Resolves once a server was reached; with nothing once it is called off. */
export async function natsLines(options: NatsOptions & LinesOptions, signal: AbortSignal): Promise<Lines | undefined> {
  const { hear, ready, trouble } = options
  const connection = await reached(options, signal)
  if (!connection) return undefined
  const subscriptions = new Map<string, Subscription>()
  let isConnected = true

  void watch()
  async function watch(): Promise<void> {
    for await (const status of connection!.status())
      if (status.type === 'disconnect') {
        isConnected = false
        trouble(`the connection to ${status.server} was lost`)
      } else if (status.type === 'reconnect') {
        isConnected = true
        ready()
      } else if (status.type === 'error') trouble(status.error.message)
  }

  return {
    isReady: () => isConnected,
    // The server answers what comes in order: once it has answered the ping, it has what went before.
    publish(channel, text) {
      connection.publish(channel, text)
      return connection.flush()
    },
    subscribe(channels) {
      for (const channel of channels)
        if (!subscriptions.has(channel))
          subscriptions.set(
            channel,
            connection.subscribe(channel, { callback: (error, message) => (error ? trouble(error.message) : hear(message.string())) }),
          )
      return connection.flush()
    },
    unsubscribe(channels) {
      for (const channel of channels) {
        subscriptions.get(channel)?.unsubscribe()
        subscriptions.delete(channel)
      }
      return connection.flush()
    },
    close: () => void connection.close().catch(() => undefined),
  }
}

/** Tries until a server answers. */
async function reached(options: NatsOptions & LinesOptions, signal: AbortSignal): Promise<NatsConnection | undefined> {
  for (let failures = 0; !signal.aborted; failures++)
    try {
      const connection = await connectNats(options)
      if (!signal.aborted) return connection
      await connection.close()
    } catch (error) {
      options.trouble((error as Error).message)
      await pause(waitAfter(failures, options.random), undefined, { ref: false, signal }).catch(() => undefined)
    }
  return undefined
}

/** Rejects if no server answers; a connection that is lost later comes back by itself. */
export async function connectNats({ url, random }: NatsOptions): Promise<NatsConnection> {
  // Loaded when there is an address: a program without NATS needs no package for it.
  const { connect } = await import('@nats-io/transport-node')
  const servers = url.split(',').map((one) => new URL(one.trim()))
  const { username, password, protocol } = servers[0]!
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)]
  return connect({
    servers: servers.map(({ host }) => host),
    // What a process published is not given back to it.
    noEcho: true,
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    reconnectDelayHandler: () => waitAfter(5, random),
    timeout: PATIENCE,
    pingInterval: PATIENCE,
    ...(protocol === 'tls:' && { tls: {} }),
    ...(pass ? { user, pass } : user && { token: user }),
  })
}
