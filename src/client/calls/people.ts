import type { User as WireUser } from '../../adapters/wire/schemas/people.ts'
import { cell } from '../platform/store.ts'
import type { People, Presence } from '../types.ts'
import type { Call } from './call.ts'
import { readPage } from './pages.ts'
import { perhaps, readPerson } from './read-wire.ts'

/** People whose presence is kept, at most. */
const KEPT = 2_000

export interface Crowd extends People {
  update(frame: { readonly user_id: string; readonly online: boolean; readonly last_seen_at: string | null }): void
  present(userIds: readonly string[]): void
  /** Nothing is heard of the presence of these users any more. */
  absent(userIds: readonly string[]): void
  /** Without a connection nobody's presence is known. */
  unknown(): void
}

export function people(call: Call, blocked: People['blocked']): Crowd {
  const presence = cell<ReadonlyMap<string, Presence>>(new Map())

  function set(changes: readonly (readonly [string, Presence])[]): void {
    const next = new Map(presence.get())
    for (const [id, state] of changes) {
      next.delete(id)
      next.set(id, state)
    }
    for (const id of next.keys()) {
      if (next.size <= KEPT) break
      next.delete(id)
    }
    if (changes.length > 0) presence.set(next)
  }

  return {
    presence,
    blocked,
    async find(query, { signal, ...rest } = {}) {
      return readPage(await call('findUsers', { query: { query: query === '' ? undefined : query, ...rest }, signal }), readPerson)
    },
    get: async (userId, { signal } = {}) => readPerson(await call<WireUser>('getUser', { params: { user_id: userId }, signal })),
    update: ({ user_id, online, last_seen_at }) => set([[user_id, { isOnline: online, lastSeenAt: perhaps(last_seen_at) }]]),
    present: (userIds) => set(userIds.map((id) => [id, { isOnline: true, lastSeenAt: undefined }])),
    absent(userIds) {
      const next = new Map(presence.get())
      for (const id of userIds) next.delete(id)
      if (next.size < presence.get().size) presence.set(next)
    },
    unknown() {
      if (presence.get().size > 0) presence.set(new Map())
    },
  }
}
