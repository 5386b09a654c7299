import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Stands between a client and Postgres, and cuts connections when it matters. */
export interface PgProxy extends AsyncDisposable {
  readonly url: string
  /**
   * Cuts the next connection that runs the prepared statement of this name: `before` Postgres sees it, or `after` it has answered, without
   * the client learning the answer.
   */
  cut(when: 'before' | 'after', statement: string): void
  /** How often it has cut. */
  cuts(): number
}

export async function pgProxy(target: string): Promise<PgProxy> {
  const { hostname, port } = new URL(target)
  const open = new Set<Socket>()
  let next: { readonly when: 'before' | 'after'; readonly bytes: Buffer } | undefined
  let count = 0
  const server = createServer((client) => {
    const postgres = connect(Number(port), hostname)
    let isCutting = false
    const end = () => {
      client.destroy()
      postgres.destroy()
    }
    for (const socket of [client, postgres]) {
      open.add(socket)
      socket.on('error', end).on('close', () => {
        open.delete(socket)
        end()
      })
    }
    client.on('data', (bytes) => {
      if (next && bytes.includes(next.bytes)) {
        count++
        isCutting = next.when === 'after'
        next = undefined
        if (!isCutting) return end()
      }
      postgres.write(bytes)
    })
    postgres.on('data', (bytes) => (isCutting ? end() : client.write(bytes)))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    cut: (when, statement) => {
      next = { when, bytes: Buffer.from(`\0${statement}\0`) }
    },
    cuts: () => count,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
