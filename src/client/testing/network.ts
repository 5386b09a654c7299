import type { ServerFrame } from '../../adapters/wire/frames.ts'
import { BASE_PATH } from '../../adapters/wire/routes.ts'
import type { Platform, SocketLike } from '../platform/platform.ts'

/** What the service sees of one socket. */
export interface Peer {
  send(frame: ServerFrame): void
  close(code: number): void
}

/** What the network does wrong; to be changed at any time. */
export interface Faults {
  /** Every frame, call and answer takes from … up to … milliseconds. */
  latencyMs: readonly [number, number]
  /** How likely the service forgets to tell one event: 0 to 1. */
  eventLoss: number
  /** How likely an answer is lost although the command was carried out; on a socket that ends it. */
  answerLoss: number
  /** Nothing reaches the service, as if it had stopped. */
  isDown: boolean
}

/** One device with a network of its own, and one tab on it. */
export interface Device {
  readonly platform: Platform
  /** The device knows that it has no network: sockets end, calls fail. */
  setOnline(isOnline: boolean): void
  /** The page is looked at again. */
  show(): void
  /** All sockets end as if the line was cut. */
  cut(): void
  /** Sockets stay open and nothing comes through, for ever. */
  freeze(): void
}

/** What tabs of one browser share. */
export interface Shared {
  readonly locks: Map<string, Promise<unknown>>
  readonly channels: Map<string, Set<(message: unknown) => void>>
}

export interface FakeRequest {
  readonly method: string
  /** Below the base path. */
  readonly path: string
  readonly querystring: string
  readonly authorization: string
  readonly body: string | undefined
}

export interface FakeAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

interface Needs {
  readonly faults: Faults
  now(): number
  later(ms: number, callback: () => void): () => void
  random(): number
  newId(): string
  readonly shared: Shared
  answer(request: FakeRequest): Promise<FakeAnswer>
  open(peer: Peer): { hear(text: string): void; ended(): void }
}

interface Wire {
  cut(): void
  freeze(): void
}

const noNetwork = () => new TypeError('There is no network')

export function device(needs: Needs): Device {
  const { faults, now, later, random, newId, shared } = needs
  const watchers = new Set<(what: 'online' | 'offline' | 'shown') => void>()
  const wires = new Set<Wire>()
  let isOnline = true

  const delay = () => faults.latencyMs[0] + Math.floor(random() * (faults.latencyMs[1] - faults.latencyMs[0] + 1))
  const after = (ms: number) => new Promise<void>((resolve) => void later(ms, resolve))
  const isReachable = () => isOnline && !faults.isDown

  const fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input)
    const { signal } = init
    const aborted = new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)))
    signal?.throwIfAborted()
    const answered = (async () => {
      await after(delay())
      if (!isReachable()) throw noNetwork()
      const authorization = new Headers(init.headers).get('authorization') ?? ''
      const body = typeof init.body === 'string' ? init.body : undefined
      const path = url.pathname.slice(BASE_PATH.length)
      const querystring = url.search.slice(1)
      const { status, headers, text } = await needs.answer({ method: init.method ?? 'GET', path, querystring, authorization, body })
      const isLost = random() < faults.answerLoss
      await after(delay())
      if (isLost || !isReachable()) throw noNetwork()
      return new Response(status === 204 ? null : text, { status, headers })
    })()
    return await Promise.race([answered, aborted])
  }

  /** To be called with `new`, as a class would be. */
  function FakeWebSocket(): SocketLike {
    let isOver = false
    let isFrozen = false
    let end: ReturnType<Needs['open']> | undefined
    let readyState = 0
    /** Nothing overtakes on a line. */
    const inOrder = () => {
      let last = 0
      return (work: () => void) => {
        last = Math.max(last, now() + delay())
        later(last - now(), () => isOver || isFrozen || work())
      }
    }
    const down = inOrder()
    const up = inOrder()
    const socket: SocketLike = {
      get readyState() {
        return readyState
      },
      send(text) {
        if (readyState !== 1) throw new Error('The socket is not open')
        up(() => (isReachable() ? end?.hear(text) : over(1006)))
      },
      close() {
        over(1000, false)
      },
      onopen: null,
      onmessage: null,
      onclose: null,
      onerror: null,
    }

    function over(code: number, isTold = true): void {
      if (isOver) return
      isOver = true
      readyState = 3
      wires.delete(wire)
      end?.ended()
      if (isTold) socket.onclose?.({ code } as never)
    }
    const wire: Wire = { cut: () => over(1006), freeze: () => (isFrozen = true) }
    wires.add(wire)

    function send(frame: ServerFrame): void {
      if (frame.type === 'event' && random() < faults.eventLoss) return
      if (frame.type === 'ok' && random() < faults.answerLoss) return down(() => over(1006))
      const data = JSON.stringify(frame)
      down(() => socket.onmessage?.({ data } as never))
    }

    later(delay(), () => {
      if (isOver || isFrozen) return
      if (!isReachable()) return over(1006)
      readyState = 1
      socket.onopen?.({} as never)
      end = needs.open({ send, close: (code) => down(() => over(code)) })
    })
    return socket
  }

  return {
    platform: {
      fetch,
      WebSocket: FakeWebSocket as unknown as Platform['WebSocket'],
      now,
      random,
      newId,
      later,
      isOnline: () => isOnline,
      watch(listener) {
        watchers.add(listener)
        return () => void watchers.delete(listener)
      },
      lock(name, work, signal) {
        const before = shared.locks.get(name) ?? Promise.resolve()
        const mine = before.then(() => (signal?.aborted ? Promise.reject(signal.reason as Error) : work()))
        shared.locks.set(
          name,
          mine.catch(() => {}),
        )
        return mine
      },
      channel(name) {
        const all = shared.channels.get(name) ?? new Set()
        shared.channels.set(name, all)
        const own = new Set<(message: unknown) => void>()
        return {
          post(message) {
            const copy = structuredClone(message)
            for (const listener of all) if (!own.has(listener)) later(0, () => all.has(listener) && listener(copy))
          },
          listen(listener) {
            own.add(listener)
            all.add(listener)
          },
          close() {
            for (const listener of own) all.delete(listener)
          },
        }
      },
    },
    setOnline(next) {
      isOnline = next
      if (!next) for (const wire of wires) wire.cut()
      for (const watcher of watchers) watcher(next ? 'online' : 'offline')
    },
    show() {
      for (const watcher of watchers) watcher('shown')
    },
    cut() {
      for (const wire of wires) wire.cut()
    },
    freeze() {
      for (const wire of wires) wire.freeze()
    },
  }
}
