import { limits } from '../../adapters/wire/limits.ts'
import { fileRoutes } from '../../adapters/wire/routes/files.ts'
import type { FileUrl } from '../../adapters/wire/schemas/files.ts'
import { isWorthRetrying } from '../calls/problem.ts'
import { millis } from '../calls/read-wire.ts'
import { FIRST_WAIT, fullJitter } from '../platform/backoff.ts'
import { type Cell, cell } from '../platform/store.ts'
import type { ChatClient, Store } from '../types.ts'
import type { AddressState } from './types.ts'

const MINUTE = 60_000
/** Addresses are good for so long at least; a clock that says otherwise is wrong. */
const LEAST = 10 * MINUTE
const MOST = 20 * MINUTE
/** Addresses that are kept, at most. */
const KEPT = 1_000

interface Known {
  readonly state: Cell<AddressState>
  /** Those that show it. */
  listeners: number
  /** When it has to be loaded again. */
  renewAt: number
}

/** Addresses of files: one call for all that are asked for in one go, and again a minute before they end, while they are shown. */
export function addresses(client: ChatClient) {
  const { platform } = client.inside
  const known = new Map<string, Known>()
  const { want, plan } = asking(client, known)

  function at(fileId: string): Known {
    const one = known.get(fileId) ?? { state: cell<AddressState>({ status: 'loading' }), listeners: 0, renewAt: 0 }
    known.delete(fileId)
    known.set(fileId, one)
    for (const [id, { listeners }] of known) {
      if (known.size <= KEPT) break
      if (listeners === 0 && id !== fileId) known.delete(id)
    }
    return one
  }

  return {
    address: (fileId: string): Store<AddressState> => ({
      get: () => (known.get(fileId) ?? at(fileId)).state.get(),
      subscribe(listener) {
        const one = at(fileId)
        one.listeners++
        if (one.renewAt <= platform.now()) want(fileId)
        else plan()
        const unsubscribe = one.state.subscribe(listener)
        return () => {
          unsubscribe()
          one.listeners--
        }
      },
    }),
    renew(fileId: string): void {
      at(fileId)
      want(fileId)
    },
    /** There is a network again. */
    wake(): void {
      for (const [id, { state, listeners }] of known) if (listeners > 0 && state.get().status === 'loading') want(id)
    },
  }
}

/** Asks for addresses, and again in time. */
function asking({ inside: { platform, timers, url }, call }: ChatClient, known: ReadonlyMap<string, Known>) {
  const wanted = new Set<string>()
  let isAsking = false
  let cancelTimer = () => {}
  let attempt = 0

  function want(fileId: string): void {
    wanted.add(fileId)
    if (isAsking) return
    isAsking = true
    queueMicrotask(() => void ask())
  }

  async function ask(): Promise<void> {
    while (wanted.size > 0) {
      const fileIds = [...wanted].slice(0, limits.ids_per_call)
      for (const id of fileIds) wanted.delete(id)
      try {
        take(fileIds, (await call<{ items: FileUrl[] }>(fileRoutes.getFileUrls, { body: { file_ids: fileIds } })).items)
        attempt = 0
      } catch (error) {
        if (isWorthRetrying(error)) postpone(fileIds)
        else take(fileIds, [])
      }
    }
    isAsking = false
    plan()
  }

  function postpone(fileIds: readonly string[]): void {
    const renewAt = platform.now() + FIRST_WAIT + fullJitter(++attempt, platform.random)
    for (const id of [...fileIds, ...wanted]) {
      const one = known.get(id)
      if (one) one.renewAt = renewAt
    }
    wanted.clear()
  }

  function take(fileIds: readonly string[], items: readonly FileUrl[]): void {
    const found = new Map(items.map((item) => [item.file_id, item]))
    for (const id of fileIds) {
      const one = known.get(id)
      const item = found.get(id)
      if (!one) continue
      one.renewAt = platform.now() + (item ? lasts(millis(item.expires_at) - platform.now()) : LEAST)
      one.state.set(item ? readAddress(item, url) : { status: 'gone' })
    }
  }

  /** One timer for all that are shown. */
  function plan(): void {
    cancelTimer()
    if (isAsking) return
    const next = Math.min(...[...known.values()].filter(({ listeners }) => listeners > 0).map(({ renewAt }) => renewAt))
    if (next < Number.POSITIVE_INFINITY) cancelTimer = timers.later(Math.max(0, next - platform.now()), renewDue)
  }

  function renewDue(): void {
    for (const [id, { listeners, renewAt }] of known) if (listeners > 0 && renewAt <= platform.now()) want(id)
    plan()
  }

  return { want, plan }
}

const lasts = (left: number): number => (left < LEAST || left > MOST ? LEAST : left) - MINUTE

function readAddress({ url, preview_url, thumb_url, expires_at }: FileUrl, base: string): AddressState {
  const whole = (address: string) => (address.startsWith('/') ? base.replace(/\/+$/, '') + address : address)
  const perhaps = (address: string | null) => (address === null ? undefined : whole(address))
  return { status: 'ready', url: whole(url), previewUrl: perhaps(preview_url), thumbUrl: perhaps(thumb_url), expiresAt: millis(expires_at) }
}
