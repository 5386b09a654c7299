import type { People } from '../../application/ports/people.ts'
import { unnamed } from '../../domain/identity.ts'
import type { UserId } from '../../domain/ids.ts'
import { forgetUser } from './accounts/store.ts'
import { forgetConsents } from './consents.ts'
import { findingPeople } from './finding.ts'
import { forgetDevices } from './notices.ts'
import { savingPeople } from './saving.ts'
import type { MemoryStore, PersonRecord } from './store.ts'

export function memoryPeople(store: MemoryStore): People {
  const { people, logins, externals, accounts } = store
  const present = (id: UserId | undefined): PersonRecord | undefined => {
    const record = id && people.get(id)
    return record && !record.deletion ? record : undefined
  }
  return {
    ...findingPeople(store),
    ...erasingPeople(store),
    ...savingPeople(store),
    async add({ passwordHash, kind = 'person', externalId, avatarUrl, ...user }) {
      if (people.has(user.id)) return 'id-taken'
      if (externalId !== undefined && externals.has(externalId)) return 'external-id-taken'
      if (user.email !== undefined && logins.has(user.email)) return 'email-taken'
      if (logins.has(user.username)) return 'username-taken'
      if (user.email !== undefined) logins.set(user.email, user.id)
      logins.set(user.username, user.id)
      if (externalId !== undefined) externals.set(externalId, user.id)
      const unset = { disabledAt: undefined, lastSeenAt: undefined, isAdmin: false }
      const added = { ...unset, ...user, emailPending: user.emailPending, kind, externalId, avatarUrl }
      people.set(user.id, { user: added, passwordHash, deletion: undefined })
      return 'added'
    },
    async get(id) {
      return present(id)?.user
    },
    async external(ids) {
      return new Map(ids.flatMap((id) => present(externals.get(id))?.user ?? []).map((user) => [user.externalId!, user]))
    },
    async credentials(login) {
      const record = present(logins.get(login))
      return record && { user: record.user, passwordHash: record.passwordHash }
    },
    async passwordHash(id) {
      return present(id)?.passwordHash
    },
    async setPasswordHash(id, hash, deed) {
      const record = present(id)
      if (record) record.passwordHash = hash
      if (record && deed) accounts.deeds.push(deed)
    },
    async rename(id, { name, username }, deed) {
      const record = present(id)
      if (!record) return 'renamed'
      if (username !== undefined && (logins.get(username) ?? id) !== id) return 'username-taken'
      if (username !== undefined) {
        logins.delete(record.user.username!)
        logins.set(username, id)
      }
      record.user = { ...record.user, name: name ?? record.user.name, username: username ?? record.user.username }
      if (deed) accounts.deeds.push(deed)
      return 'renamed'
    },
    async seen(times) {
      for (const [id, at] of times) {
        const record = present(id)
        if (record) record.user = { ...record.user, lastSeenAt: Math.max(record.user.lastSeenAt ?? 0, at) }
      }
    },
  }
}

/** Neither the names of a user's devices nor their addresses stay. */
function forgetDevicesOf(store: MemoryStore, userId: UserId): void {
  const { sessions } = store
  for (const [id, session] of sessions) if (session.userId === userId) sessions.set(id, { ...session, deviceName: undefined })
  forgetDevices(store, (device) => device.userId === userId)
}

function erasingPeople(store: MemoryStore): Pick<People, 'erase' | 'erasing' | 'erased' | 'idleGuests'> {
  const { people, logins, externals, accounts } = store
  return {
    async idleGuests(before, limit) {
      const idle = ({ user, deletion }: PersonRecord) => !deletion && user.kind === 'guest' && (user.lastSeenAt ?? user.createdAt) < before
      return [...people].flatMap(([id, record]) => (idle(record) ? [id] : [])).slice(0, limit)
    },
    async erase(id, at, deed) {
      const record = people.get(id)
      if (!record || record.deletion) return
      for (const login of [record.user.username, record.user.email]) if (login !== undefined) logins.delete(login)
      if (record.user.externalId !== undefined) externals.delete(record.user.externalId)
      record.user = {
        ...record.user,
        ...unnamed(id),
        kind: record.user.kind,
        email: undefined,
        emailPending: undefined,
        externalId: undefined,
      }
      record.passwordHash = undefined
      record.deletion = 'begun'
      record.deletedAt = at
      forgetUser(accounts, id)
      forgetConsents(store, id)
      forgetDevicesOf(store, id)
      if (deed) accounts.deeds.push(deed)
    },
    async erasing() {
      return [...people].filter(([, record]) => record.deletion === 'begun').map(([id]) => id)
    },
    async erased(id) {
      const record = people.get(id)
      if (record?.deletion) record.deletion = 'ended'
    },
  }
}
