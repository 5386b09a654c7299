import { setTimeout as pause } from 'node:timers/promises'
import { waitAfter } from './waiting.ts'

/** What is used of `pg`. */
export interface PgClient {
  connect(): Promise<unknown>
  query(query: string | { readonly name: string; readonly text: string; readonly values: readonly unknown[] }): Promise<unknown>
  end(): Promise<void>
  on(event: 'error' | 'end', listener: (error?: Error) => void): unknown
  on(event: 'notification', listener: (message: { readonly payload?: string }) => void): unknown
}

/** Where connections come from: a pool of `pg`, of which the class and the settings are used. */
export interface PgSource {
  readonly Client: new (options: object) => PgClient
  readonly options: Readonly<Record<string, unknown>>
}

export interface LineOptions {
  /** Makes a fresh connection useful; what it rejects with is the connection's end. */
  readonly prepare: (client: PgClient) => Promise<unknown>
  /** It is there, for the first time or again. */
  readonly opened: () => void
  readonly warn: (message: string) => void
  readonly random: () => number
  /** Who does not answer for so long is given up. */
  readonly patienceMs: number
}

/** A connection to Postgres of one's own, which comes back by itself. */
export interface Line {
  /** Undefined while it is away. */
  readonly client: () => PgClient | undefined
  /** Gives up a connection on which nobody answers. */
  cut(): void
  close(): Promise<void>
}

const FIRST_WAIT = 100
const PATIENCE = 1_000

export function postgresLine({ Client, options }: PgSource, { prepare, opened, warn, random, patienceMs }: LineOptions): Line {
  let current: PgClient | undefined
  let attempt: PgClient | undefined
  let failures = 0
  let isClosed = false
  let timer: NodeJS.Timeout | undefined

  async function open(): Promise<void> {
    const client = new Client({ ...options, password: options.password, query_timeout: patienceMs, connectionTimeoutMillis: patienceMs })
    attempt = client
    const lose = (error?: unknown) => {
      if (attempt !== client) return
      attempt = current = undefined
      destroy(client)
      again(error)
    }
    client.on('error', lose)
    client.on('end', lose)
    try {
      await client.connect()
      await prepare(client)
      if (attempt !== client) return
      failures = 0
      current = client
      opened()
    } catch (error) {
      lose(error)
    }
  }

  function again(error: unknown): void {
    if (isClosed) return
    if (failures === 0) warn(`A connection between processes was lost and is opened again: ${messageOf(error)}`)
    timer = setTimeout(() => void open(), waitAfter(failures++, random, FIRST_WAIT))
    timer.unref()
  }

  void open()
  return {
    client: () => current,
    cut() {
      if (!current) return
      const client = current
      attempt = current = undefined
      destroy(client)
      again(new Error('nobody answers'))
    },
    async close() {
      isClosed = true
      clearTimeout(timer)
      const client = attempt
      const isOpen = current !== undefined
      attempt = current = undefined
      if (!client) return
      if (isOpen) await politely(client)
      destroy(client)
    },
  }
}

async function politely(client: PgClient): Promise<void> {
  await Promise.race([client.end().catch(() => undefined), pause(PATIENCE, undefined, { ref: false })])
}

/** `end` alone would wait for an answer, which on a dead line never comes. */
function destroy(client: PgClient): void {
  const { connection } = client as unknown as { readonly connection?: { readonly stream?: { destroy(): void } } }
  connection?.stream?.destroy()
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : 'it has ended')
