import type { Me as WireMe } from '../../adapters/wire/schemas/people.ts'
import { readMe } from '../calls/read-wire.ts'
import { type Cell, cell } from '../platform/store.ts'
import type { Me, Profile } from '../types.ts'
import type { Context } from './context.ts'

/** The user of a client. */
export interface User {
  /** `''` until known. */
  id(): string
  readonly me: Cell<Me | undefined>
  /** Resolves as soon as the id is known. */
  readonly ready: Promise<void>
  /** Returns false when the client belongs to another user already. */
  become(userId: string): boolean
  /** Finds out who the user is. Rejects when the service cannot be asked. */
  identify(): Promise<void>
  /** How the user is shown was changed. */
  shown(profile: Profile): void
}

export function userOf({ auth, call }: Context): User {
  const me = cell<Me | undefined>(undefined)
  let id = ''
  let known = (): void => {}
  const ready = new Promise<void>((resolve) => (known = resolve))

  function become(userId: string): boolean {
    if (id !== '') return id === userId
    id = userId
    known()
    return true
  }

  return {
    id: () => id,
    me,
    ready,
    become,
    shown(profile) {
      const known = me.get()
      if (known) me.set({ ...known, ...profile })
    },
    async identify() {
      await auth?.restored
      const session = auth?.session.get()
      if (session && become(session.user.id) && !me.get()) me.set(session.user)
      const before = me.get()
      const asked = readMe(await call<WireMe>('getMe'))
      // What was changed meanwhile is newer than the answer.
      if (become(asked.id) && me.get() === before) me.set(asked)
    },
  }
}
