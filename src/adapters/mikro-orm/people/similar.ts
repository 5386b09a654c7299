import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PersonPosition } from '../../../application/ports/views.ts'
import type { UserId } from '../../../domain/ids.ts'
import type { Row } from '../database/connect.ts'
import type { Parameter, Query } from '../database/query.ts'

/** A person as the indices of names show them. */
export interface Similar extends PersonPosition {
  readonly username: string
}

/** People by name, then id. */
export interface SimilarPeople {
  /** The next `wanted` people behind a place whose folded name or username contains `sought`; all people where it is undefined. */
  page(viewer: UserId, sought: string | undefined, place: { readonly behind: PersonPosition; readonly wanted: number }): Promise<Similar[]>
  count(viewer: UserId, sought: string | undefined): Promise<number>
}

/** What many names contain is found among this many of them, in their order; the index of grams finds what few contain. */
const WALKED = 4_000
/** Code points: the index of grams finds no shorter texts. */
const SHORTEST = { postgres: 2, sqlite: 3 }
/** Some of the grams tell as much as all. */
const ENOUGH = 8

const COLUMNS = 'u.id, u.folded_name, u.username'
const BY_NAME = 'order by u.folded_name, u.id'
const present = (name: string, id: string) => `from {users} u where u.erased_at is null and (u.folded_name, u.id) > (${name}, ${id})`

export function similarPeople(query: Query): SimilarPeople {
  const shortest = query.isPostgres ? SHORTEST.postgres : SHORTEST.sqlite
  const isShort = (sought: string) => Array.from(sought).length < shortest
  const isIn = (n: number) => `(${query.contains('u.folded_name', n)} or ${query.contains('u.username', n)})`
  const walked = `from (select ${COLUMNS} ${present('$3', '$4')} ${BY_NAME} limit ${WALKED}) u where u.id <> $1 and ${isIn(2)}`
  const walkedTo = `select ${COLUMNS} ${present('$1', '$2')} ${BY_NAME} limit 1 offset ${WALKED - 1}`
  const indexed = query.isPostgres
    ? `from (select user_id as id, split_part(names, chr(10), 1) as folded_name, split_part(names, chr(10), 2) as username from {search_people}
        where {search_grams_of}(names) @> $3::text[] and ${query.contains('names', 2)}) u where u.id <> $1`
    : `from {search_people_grams} g join {search_people} p on p.row = g.rowid join {users} u on u.id = p.user_id
        where {search_people_grams} match $3 and u.id <> $1 and ${isIn(2)}`
  const inIndex = (viewer: UserId, sought: string): Parameter[] => [
    viewer,
    query.part(sought),
    query.isPostgres ? gramsOf(sought) : `"${sought.replaceAll('"', '""')}"`,
  ]

  /** Goes through people by name, so many at a time that a synchronous database holds nobody up. */
  async function* walk(viewer: UserId, sought: string, from: PersonPosition, select: string) {
    for (let behind: PersonPosition | undefined = from; behind; await nextTurn()) {
      yield await query(`${select} ${walked}`, [viewer, query.part(sought), behind.name, behind.id])
      const [last] = await query(walkedTo, [behind.name, behind.id])
      behind = last && similarOf(last)
    }
  }

  return {
    async page(viewer, sought, { behind, wanted }) {
      if (sought === undefined) {
        const rows = await query(`select ${COLUMNS} ${present('$2', '$3')} and u.id <> $1 ${BY_NAME} limit $4`, [
          viewer,
          behind.name,
          behind.id,
          wanted,
        ])
        return rows.map(similarOf)
      }
      const found: Similar[] = []
      for await (const rows of walk(viewer, sought, behind, `select ${COLUMNS}`)) {
        found.push(...rows.map(similarOf))
        if (found.length >= wanted || !isShort(sought)) break
      }
      if (found.length >= wanted || isShort(sought)) return found.slice(0, wanted)
      const text = `select ${COLUMNS} ${indexed} and (u.folded_name, u.id) > ($4, $5) ${BY_NAME} limit $6`
      return (await query(text, [...inIndex(viewer, sought), behind.name, behind.id, wanted])).map(similarOf)
    },
    async count(viewer, sought) {
      const ask = async (from: string, parameters: Parameter[]) => totalOf(await query(`select count(*) as total ${from}`, parameters))
      if (sought === undefined)
        return ask('from {users} u where u.erased_at is null and u.folded_name is not null and u.id <> $1', [viewer])
      if (!isShort(sought)) return ask(indexed, inIndex(viewer, sought))
      let total = 0
      for await (const rows of walk(viewer, sought, BEFORE_ALL, 'select count(*) as total')) total += totalOf(rows)
      return total
    },
  }
}

/** A place in front of every name. */
export const BEFORE_ALL: PersonPosition = { name: '', id: '00000000-0000-0000-0000-000000000000' as UserId }

const similarOf = (row: Row): Similar => ({ id: row.id as UserId, name: row.folded_name as string, username: row.username as string })
const totalOf = ([row]: readonly Row[]): number => row!.total as number

/** As `search_grams_of` makes them of names: the triples of neighbouring code points, or the one pair. */
function gramsOf(sought: string): readonly string[] {
  const points = Array.from(sought)
  if (points.length === 2) return [sought]
  const grams = [...new Set(points.slice(2).map((_, i) => points.slice(i, i + 3).join('')))]
  const step = Math.max(1, grams.length / ENOUGH)
  return Array.from({ length: Math.min(grams.length, ENOUGH) }, (_, i) => grams[Math.floor(i * step)]!)
}
