import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface Held {
  readonly request: Buffer
  /** Cuts the line that it is on. */
  cut(): void
}

/** Stands on a line between two programs, and spoils it. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number
  /** The address of the target, by way of the proxy. */
  readonly url: string
  /** Lines that were ever opened. */
  readonly opened: number
  /** Cuts all lines, or this part of them, 0 to 1. */
  cut(part?: number): void
  /** Lines stay open, and nothing comes through any longer: the cable is out. New ones are opened and are as dead. */
  freeze(): void
  /** The lines of this moment, or this part of them, carry nothing any longer and tell neither end: the way is forgotten. New ones work. */
  forget(part?: number): void
  /** What was held back is lost with the lines that it was on; new lines work. */
  thaw(): void
  /**
   * Holds the next request of which this is true, or the answer to it: the line that it is on carries nothing any longer. Resolves when it
   * is held, with the request.
   */
  hold(what: 'request' | 'answer', isIt: (bytes: Buffer) => boolean): Promise<Held>
  close(): Promise<void>
}

export async function tcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port: targetPort } = new URL(target)
  const lines = new Map<Socket, Socket>()
  const held = new Set<Socket>()
  const forgotten = new Set<Socket>()
  let isFrozen = false
  let opened = 0
  let holding: { readonly what: 'request' | 'answer'; isIt(bytes: Buffer): boolean; resolve(held: Held): void } | undefined
  const server = createServer((client) => {
    opened++
    const there = connect(Number(targetPort), hostname)
    const end = () => {
      lines.delete(client)
      held.delete(client)
      forgotten.delete(client)
      client.destroy()
      there.destroy()
    }
    lines.set(client, there)
    let asked: (typeof holding & { readonly request: Buffer }) | undefined
    const isHeld = (from: Socket, bytes: Buffer) => {
      if (held.has(client)) return true
      if (from === client && holding?.isIt(bytes)) {
        asked = { ...holding, request: bytes }
        holding = undefined
      }
      if (!asked || (asked.what === 'request') !== (from === client)) return false
      held.add(client)
      asked.resolve({ request: asked.request, cut: end })
      return true
    }
    for (const [from, to] of [
      [client, there],
      [there, client],
    ] as const)
      from
        .on('error', () => from.destroy())
        .on('close', () => (from === client || !forgotten.has(client)) && end())
        .on('data', (bytes: Buffer) => {
          if (isFrozen || forgotten.has(client) || isHeld(from, bytes)) return
          if (!to.write(bytes)) {
            from.pause()
            to.once('drain', () => from.resume())
          }
        })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String(port)

  const cutAll = () => {
    for (const [client, there] of lines) {
      client.destroy()
      there.destroy()
    }
  }
  const some = (part: number) => [...lines.keys()].slice(0, Math.ceil(lines.size * part))
  const close = async () => {
    cutAll()
    server.close()
    await once(server, 'close')
  }
  return {
    port,
    url: url.href.replace(/\/$/, ''),
    get opened() {
      return opened
    },
    cut(part = 1) {
      for (const client of some(part)) client.resetAndDestroy()
    },
    forget(part = 1) {
      for (const client of some(part)) forgotten.add(client)
    },
    freeze() {
      isFrozen = true
    },
    thaw() {
      cutAll()
      isFrozen = false
    },
    hold: (what, isIt) => new Promise((resolve) => void (holding = { what, isIt, resolve })),
    close,
    [Symbol.asyncDispose]: close,
  }
}
