import { BASE_PATH } from '../../adapters/wire/routes.ts'
import type { Platform } from '../platform/platform.ts'
import { delayOf, type FakeBytes, type NetworkNeeds } from './needs.ts'
import { socketsOf, type Wire } from './sockets.ts'
import { tabOf } from './tabs.ts'

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

const noNetwork = () => new TypeError('There is no network')

export function device(needs: NetworkNeeds): Device {
  const { now, later, random, newId } = needs
  const watchers = new Set<(what: 'online' | 'offline' | 'shown') => void>()
  const wires = new Set<Wire>()
  let isOnline = true
  const isReachable = () => isOnline && !needs.faults.isDown
  const each = (act: (wire: Wire) => void) => {
    for (const wire of wires) act(wire)
  }

  return {
    platform: {
      ...tabOf(needs),
      fetch: fetchOf(needs, isReachable),
      WebSocket: socketsOf(needs, wires, isReachable),
      now,
      random,
      newId,
      later,
      isOnline: () => isOnline,
      watch(listener) {
        watchers.add(listener)
        return () => void watchers.delete(listener)
      },
    },
    setOnline(next) {
      isOnline = next
      if (!next) each((wire) => wire.cut())
      for (const watcher of watchers) watcher(next ? 'online' : 'offline')
    },
    show() {
      for (const watcher of watchers) watcher('shown')
    },
    cut: () => each((wire) => wire.cut()),
    freeze: () => each((wire) => wire.freeze()),
  }
}

function fetchOf(needs: NetworkNeeds, isReachable: () => boolean): Platform['fetch'] {
  const after = (ms: number) => new Promise<void>((resolve) => void needs.later(ms, resolve))

  async function answered(input: string | URL | Request, init: RequestInit): Promise<Response> {
    const url = new URL(input instanceof Request ? input.url : input)
    await after(delayOf(needs))
    if (!isReachable()) throw noNetwork()
    const given = new Headers(init.headers)
    const header = (name: string) => given.get(name) ?? ''
    const body = typeof init.body === 'string' ? init.body : undefined
    const bytes = init.body instanceof Blob ? await arriving(needs, init.body) : undefined
    const request = { method: init.method ?? 'GET', path: url.pathname.slice(BASE_PATH.length), querystring: url.search.slice(1) }
    const {
      status,
      headers,
      text,
      lateMs = 0,
    } = await needs.answer({ ...request, authorization: header('authorization'), header, body, bytes })
    const isCut = bytes !== undefined && bytes.arrived.length < bytes.length
    const isLost = needs.random() < needs.faults.answerLoss || isCut
    await after(delayOf(needs) + lateMs)
    if (isLost || !isReachable()) throw noNetwork()
    return new Response(status === 204 || request.method === 'HEAD' ? null : text, { status, headers })
  }

  return async (input, init = {}) => {
    const { signal } = init
    signal?.throwIfAborted()
    const aborted = new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)))
    return await Promise.race([answered(input, init), aborted])
  }
}

/** Of a body of bytes, those that arrive. */
async function arriving({ faults, random }: NetworkNeeds, blob: Blob): Promise<FakeBytes> {
  const whole = new Uint8Array(await blob.arrayBuffer())
  const isCut = faults.cutBytes > 0 && random() < faults.cutBytes
  return { length: whole.length, arrived: isCut ? whole.slice(0, Math.floor(random() * whole.length)) : whole }
}
