import type { Page, Window } from '../../../application/ports/lists.ts'
import type { People } from '../../../application/ports/people.ts'
import type { PersonPosition } from '../../../application/ports/views.ts'
import type { Person } from '../../../domain/identity.ts'
import type { UserId } from '../../../domain/ids.ts'
import { placed } from '../database/page.ts'
import { isStorable, type Query } from '../database/query.ts'
import { personFor, personOf } from '../database/rows.ts'
import { isUuid } from '../database/schema.ts'
import { areKnown } from '../database/seeing.ts'
import { BEFORE_ALL, type Similar, similarPeople } from './similar.ts'

/** Of a user `u` and the viewer, who is parameter 1. */
const SEEN = personFor('$1', areKnown('u.id', '$1'))

/** Finds the ids of a page first, by `seeking`; what is shown of these people is read for them alone. */
export function findingPeople(query: Query, seeking: Query): Pick<People, 'find' | 'see'> {
  const similar = similarPeople(seeking)

  /** Those of whom this is the whole username or email. */
  async function exactly(viewer: UserId, sought: string): Promise<readonly Similar[]> {
    const named = (column: string) =>
      `select u.id, u.folded_name, u.username from {users} u where u.${column} = $1 and u.id <> $2 and u.folded_name is not null`
    const rows = await query(`${named('username')} union ${named('email')}`, [sought, viewer])
    return rows.map((row) => ({ id: row.id as UserId, name: row.folded_name as string, username: row.username as string }))
  }

  async function shown(viewer: UserId, ids: readonly UserId[]): Promise<ReadonlyMap<UserId, Person>> {
    const rows = await query(`select ${SEEN} from {users} u where ${query.among('u.id', 2)} and u.erased_at is null`, [viewer, ids])
    return new Map(rows.map((row) => [row.user_id as UserId, personOf(row)]))
  }

  return {
    async find(viewer, { query: sought, exact }, window) {
      if (sought === undefined ? exact : !isStorable(sought)) return empty(window)
      const whole = sought === undefined ? [] : await exactly(viewer, sought)
      const isWhole = ({ id }: Similar) => whole.some((one) => one.id === id)
      const { name, id } = window.from ?? BEFORE_ALL
      const behind = { name: name.replaceAll('\0', ''), id: placed(id) as UserId }
      const wanted = window.limit + 1 + whole.length
      const near = exact ? [] : (await similar.page(viewer, sought, { behind, wanted })).filter((one) => !isWhole(one))
      const found = [...(window.from ? [] : whole), ...near]
      const here = found.slice(0, window.limit)
      const people = await shown(
        viewer,
        here.map(({ id }) => id),
      )
      const last = here.at(-1)
      const isMore = found.length > window.limit && last
      return {
        items: here.flatMap(({ id }) => people.get(id) ?? []),
        next: isMore ? (isWhole(last) ? BEFORE_ALL : { name: last.name, id: last.id }) : undefined,
        prev: undefined,
        ...(window.count && { total: await total(viewer, sought, exact, whole) }),
      }
    },
    async see(viewer, id) {
      if (!isUuid(id)) return undefined
      const [row] = await query(`select ${SEEN} from {users} u where u.id = $2 and u.erased_at is null`, [viewer, id])
      return row && personOf(row)
    },
  }

  async function total(viewer: UserId, sought: string | undefined, isExact: boolean, whole: readonly Similar[]): Promise<number> {
    if (isExact) return whole.length
    const isSimilar = ({ name, username }: Similar) => sought === undefined || name.includes(sought) || username.includes(sought)
    return (await similar.count(viewer, sought)) + whole.filter((one) => !isSimilar(one)).length
  }
}

const empty = ({ count: isCounted }: Window<PersonPosition>): Page<Person, PersonPosition> => ({
  items: [],
  next: undefined,
  prev: undefined,
  ...(isCounted && { total: 0 }),
})
