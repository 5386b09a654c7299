import type { People } from '../../application/ports/people.ts'
import type { PersonPosition } from '../../application/ports/views.ts'
import { type User } from '../../domain/identity.ts'
import type { UserId } from '../../domain/ids.ts'
import { fold } from '../../domain/words.ts'
import { compareText, pageOf } from './page.ts'
import { chatsOf, type MemoryStore, named, type PersonRecord, seen, sharesChat } from './store.ts'

export function memoryPeople(store: MemoryStore): People {
  const { people, logins } = store
  const present = (id: UserId | undefined): PersonRecord | undefined => {
    const record = id && people.get(id)
    return record && !record.deletion ? record : undefined
  }
  return {
    async add({ passwordHash, ...user }) {
      if (people.has(user.id)) return 'id-taken'
      if (user.email !== undefined && logins.has(user.email)) return 'email-taken'
      if (logins.has(user.username)) return 'username-taken'
      if (user.email !== undefined) logins.set(user.email, user.id)
      logins.set(user.username, user.id)
      people.set(user.id, { user: { ...user, lastSeenAt: undefined }, passwordHash, deletion: undefined })
      return 'added'
    },
    async get(id) {
      return present(id)?.user
    },
    async credentials(login) {
      const record = present(logins.get(login))
      return record && { user: record.user, passwordHash: record.passwordHash }
    },
    async passwordHash(id) {
      return present(id)?.passwordHash
    },
    async setPasswordHash(id, hash) {
      const record = present(id)
      if (record) record.passwordHash = hash
    },
    async rename(id, { name, username }) {
      const record = present(id)
      if (!record) return 'renamed'
      if (username !== undefined && (logins.get(username) ?? id) !== id) return 'username-taken'
      if (username !== undefined) {
        logins.delete(record.user.username!)
        logins.set(username, id)
      }
      record.user = { ...record.user, name: name ?? record.user.name, username: username ?? record.user.username }
      return 'renamed'
    },
    async find(viewer, { query, exact }, window) {
      const isMatch = matcher(query, exact)
      const found = [...people.values()].filter((record) => !record.deletion && record.user.id !== viewer && isMatch(record.user))
      const position = (user: User) => (isWhole(user, query) ? BEFORE_ALL : fold(user.name!))
      const sorted = found.map(({ user }) => ({ id: user.id, name: position(user) })).sort(byName)
      const page = pageOf(sorted, window, { position: (item) => item, compare: byName })
      const acquaintances = new Set(chatsOf(store, viewer).flatMap((record) => [...record.marks.keys()]))
      return { ...page, items: page.items.map(({ id }) => (acquaintances.has(id) ? seen(store, id) : named(store, id))) }
    },
    async see(viewer, id) {
      if (!present(id)) return undefined
      return sharesChat(store, viewer, id) ? seen(store, id) : named(store, id)
    },
    async seen(times) {
      for (const [id, at] of times) {
        const record = present(id)
        if (record) record.user = { ...record.user, lastSeenAt: Math.max(record.user.lastSeenAt ?? 0, at) }
      }
    },
    async erase(id) {
      const record = present(id)
      if (!record) return
      for (const login of [record.user.username, record.user.email]) if (login !== undefined) logins.delete(login)
      record.user = { id, createdAt: record.user.createdAt, username: undefined, name: undefined, email: undefined, lastSeenAt: undefined }
      record.passwordHash = undefined
      record.deletion = 'begun'
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

function matcher(query: string | undefined, exact: boolean): (user: User) => boolean {
  if (query === undefined) return () => !exact
  const part = fold(query)
  return (user) => isWhole(user, query) || (!exact && (user.username!.includes(part) || fold(user.name!).includes(part)))
}

const isWhole = (user: User, query: string | undefined): boolean => query !== undefined && [user.email, user.username].includes(fold(query))
/** No name is empty: a place in front of all. */
const BEFORE_ALL = ''

const byName = (a: PersonPosition, b: PersonPosition) => compareText(a.name, b.name) || compareText(a.id, b.id)
