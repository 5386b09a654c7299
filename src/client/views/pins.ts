import type { PinList } from '../../adapters/wire/schemas/reactions.ts'
import type { Call } from '../calls/call.ts'
import { millis, readMessage, readPerson } from '../calls/read-wire.ts'
import type { Copy } from '../copy/copies.ts'
import { later } from '../copy/message.ts'
import { derived, sameList, sameObject } from '../platform/store.ts'
import type { CallOptions, Pin, Pins } from '../types.ts'

interface Needs {
  readonly copy: Copy
  readonly call: Call
}

/** The pinned messages of a chat; once loaded, loaded again when the log says that others are pinned. */
export function pinList({ copy, call }: Needs) {
  let items: readonly Pin[] = []
  let status: Pins['status'] = 'idle'
  let isOutdated = false
  let loading: Promise<void> | undefined

  const store = derived<Pins>((before) => {
    const shown = items.flatMap((pin) => {
      const known = copy.timeline.messages.get(pin.message.id)
      const message = known ? later(known, pin.message) : pin.message
      if (message.deletedAt !== undefined) return []
      return message === pin.message ? pin : { ...pin, message }
    })
    return sameObject(before, { items: sameList(before?.items, shown), status })
  })

  async function fetch(signal?: AbortSignal): Promise<void> {
    try {
      if (status !== 'ready') status = 'loading'
      store.changed()
      do {
        isOutdated = false
        const list = await call<PinList>('listPins', { params: { chat_id: copy.id }, signal })
        items = list.items.map(({ message, pinned_at, pinned_by }) => ({
          message: readMessage(message),
          pinnedAt: millis(pinned_at),
          pinnedBy: readPerson(pinned_by),
        }))
        copy.pinned = new Set(items.map(({ message }) => message.id))
        status = 'ready'
      } while (isOutdated)
    } catch (error) {
      isOutdated = true
      if (status !== 'ready') status = 'failed'
      throw error
    } finally {
      loading = undefined
      store.changed()
    }
  }

  const load = ({ signal }: CallOptions = {}): Promise<void> => (loading ??= fetch(signal))

  return {
    store,
    load: (options?: CallOptions) => (status === 'ready' && !isOutdated ? Promise.resolve() : load(options)),
    changed: store.changed,
    /** Others are pinned, or events were left out. */
    renew(): void {
      if (status === 'idle') return
      isOutdated = true
      load().catch(() => {})
    },
  }
}
