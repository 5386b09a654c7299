import type { Fetch, Signal } from './globals.ts'

/** The little of a socket that is needed: that of browsers, of Node ≥ 22, and of `ws`. */
export interface SocketLike {
  readonly readyState: number
  send(text: string): void
  close(code?: number, reason?: string): void
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
}

export type SocketConstructor = new (url: string) => SocketLike

/** Tabs of one origin talk through this. */
export interface Channel {
  post(message: unknown): void
  listen(listener: (message: unknown) => void): void
  close(): void
}

/** What surrounds the client: everything that a test wants to hold in its hands. */
export interface Platform {
  readonly fetch: Fetch
  /** Undefined where there is none: in Node the package `ws` is taken then. */
  readonly WebSocket: SocketConstructor | undefined
  /** Epoch milliseconds. */
  now(): number
  /** From 0 up to 1. */
  random(): number
  newId(): string
  /** Calls back once after so many milliseconds, unless the answered function is called before. */
  later(ms: number, callback: () => void): () => void
  /** Runs `work` while no other tab runs work of the same name. */
  lock<T>(name: string, work: () => Promise<T>, signal?: Signal): Promise<T>
  channel(name: string): Channel
  /** Is there a network, as far as the device knows. */
  isOnline(): boolean
  /** Tells when the network comes or goes, and when the page is shown again or was frozen. */
  watch(listener: (what: 'online' | 'offline' | 'shown') => void): () => void
}

interface Locks {
  request<T>(name: string, options: { signal?: AbortSignal }, work: () => Promise<T>): Promise<T>
}

const nothing = () => {}
/** What lasts longer, timers take for no time at all. */
const LONGEST = 2_147_483_647

/** The surroundings as the browser, or Node, has them. A socket is looked for when it is needed. */
function defaultPlatform(): Platform {
  const { navigator, document, addEventListener, removeEventListener } = globalThis as unknown as {
    navigator?: { readonly onLine?: boolean; readonly locks?: Locks }
    document?: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>
    addEventListener?: (type: string, listener: () => void) => void
    removeEventListener?: (type: string, listener: () => void) => void
  }
  const inTurn = turns()
  return {
    fetch: (...given) => globalThis.fetch(...given),
    get WebSocket() {
      return globalThis.WebSocket as unknown as SocketConstructor | undefined
    },
    now: () => Date.now(),
    random: () => Math.random(),
    newId: () => newId(),
    later(ms, callback) {
      const timer = setTimeout(callback, Math.min(ms, LONGEST))
      return () => clearTimeout(timer)
    },
    lock: (name, work, signal) =>
      navigator?.locks ? navigator.locks.request(name, signal ? { signal } : {}, work) : inTurn(name, work, signal),
    channel(name) {
      if (typeof BroadcastChannel === 'undefined') return { post: nothing, listen: nothing, close: nothing }
      const channel = new BroadcastChannel(name)
      // Node would wait for it for ever.
      if ('unref' in channel && typeof channel.unref === 'function') channel.unref()
      return {
        post: (message) => channel.postMessage(message),
        listen: (listener) => channel.addEventListener('message', ({ data }) => listener(data)),
        close: () => channel.close(),
      }
    },
    isOnline: () => navigator?.onLine !== false,
    watch(listener) {
      if (!document || !addEventListener || !removeEventListener) return nothing
      const online = () => listener('online')
      const offline = () => listener('offline')
      const shown = () => document.visibilityState === 'visible' && listener('shown')
      addEventListener('online', online)
      addEventListener('offline', offline)
      addEventListener('pageshow', shown)
      document.addEventListener('visibilitychange', shown)
      return () => {
        removeEventListener('online', online)
        removeEventListener('offline', offline)
        removeEventListener('pageshow', shown)
        document.removeEventListener('visibilitychange', shown)
      }
    },
  }
}

interface Given {
  readonly platform?: Partial<Platform> | undefined
  readonly fetch?: Fetch | undefined
  readonly WebSocket?: SocketConstructor | undefined
}

/** What was given, else what there is. */
export const platformOf = ({ platform, fetch, WebSocket }: Given): Platform => ({
  ...defaultPlatform(),
  ...platform,
  ...(fetch && { fetch }),
  ...(WebSocket && { WebSocket }),
})

/** The same promise where there are no other tabs. */
function turns(): Platform['lock'] {
  const queues = new Map<string, Promise<unknown>>()
  return (name, work, signal) => {
    const before = queues.get(name) ?? Promise.resolve()
    const mine = before.then(() => (signal?.aborted ? Promise.reject(signal.reason as Error) : work()))
    const settled = mine.then(nothing, nothing)
    queues.set(name, settled)
    void settled.then(() => queues.get(name) === settled && queues.delete(name))
    return mine
  }
}

/** `crypto.randomUUID` exists on secure origins only; a page on `http://192.168…` has none. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
