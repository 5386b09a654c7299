import type { People } from '../../application/ports/people.ts'
import type { PersonPosition } from '../../application/ports/views.ts'
import type { User } from '../../domain/identity.ts'
import { fold } from '../../domain/words.ts'
import { compareText, pageOf } from './page.ts'
import { type MemoryStore, seenBy } from './store.ts'

export function findingPeople(store: MemoryStore): Pick<People, 'find' | 'see'> {
  const { people } = store
  return {
    async find(viewer, { query, exact }, window) {
      const isMatch = matcher(query, exact)
      const found = [...people.values()].filter(
        ({ deletion, user }) => !deletion && user.id !== viewer && user.kind !== 'system' && isMatch(user),
      )
      const position = (user: User) => (isWhole(user, query) ? BEFORE_ALL : fold(user.name!))
      const sorted = found.map(({ user }) => ({ id: user.id, name: position(user) })).sort(byName)
      const page = pageOf(sorted, window, { position: (item) => item, compare: byName })
      return { ...page, items: page.items.map(({ id }) => seenBy(store, viewer, id)) }
    },
    async see(viewer, id) {
      const record = people.get(id)
      if (!record || record.deletion) return undefined
      return seenBy(store, viewer, id)
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
