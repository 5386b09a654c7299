import type { SessionEntry as WireSessionEntry } from '../../adapters/wire/schemas/identity.ts'
import type { Me as WireMe } from '../../adapters/wire/schemas/people.ts'
import type { Cell } from '../platform/store.ts'
import type { Account, Me } from '../types.ts'
import type { Call } from './call.ts'
import { readPage } from './pages.ts'
import { readMe, readSessionEntry } from './read-wire.ts'

/** Oneself. */
export const account = (me: Cell<Me | undefined>, call: Call): Account => ({
  me,
  async update(change, { signal } = {}) {
    const updated = readMe(await call<WireMe>('updateMe', { body: change, signal }))
    me.set(updated)
    return updated
  },
  changePassword: (currentPassword, newPassword, { signal } = {}) =>
    call('changePassword', { body: { current_password: currentPassword, new_password: newPassword }, signal }),
  async sessions({ signal, ...query } = {}) {
    return readPage(await call<{ items: WireSessionEntry[]; next: string | null }>('listSessions', { query, signal }), readSessionEntry)
  },
  endSession: (sessionId, { signal } = {}) => call('endSession', { params: { session_id: sessionId }, signal }),
  delete: (password, { signal } = {}) => call('deleteMe', { body: { password }, signal }),
})
