import type { FileId, Instant, UserId } from '../../../domain/ids.ts'
import { type Cells, listed, type Table } from '../database/columns.ts'
import type { Row } from '../database/connect.ts'
import type { Parameter, Query } from '../database/query.ts'
import type { Step, Steps } from '../database/transaction.ts'

/** Inserts a row; no row comes back if one of its keys is taken. */
export function inserting(table: Table, cells: Cells): Step {
  const names = Object.keys(cells)
  const values = names.map((_, i) => `$${i + 1}`).join(', ')
  const columns = Object.fromEntries(names.map((name) => [name, 'text'] as const))
  return [`insert into {${table}} (${listed(columns)}) values (${values}) on conflict do nothing returning *`, Object.values(cells)]
}

/** `column`, a text, is one of the list that parameter `n` is. */
export const amongTexts = ({ isPostgres }: Query, column: string, n: number): string =>
  isPostgres ? `${column} = any($${n}::text[])` : `${column} in (select value from json_each($${n}))`

/** Lets only one call at a time count what a user has. False if the user is not there. */
export function* lockOwner({ isPostgres }: Query, ownerId: UserId): Steps<boolean> {
  const rows = yield [`select id from {users} where id = $1 and erased_at is null${isPostgres ? ' for update' : ''}`, [ownerId]]
  return rows.length > 0
}

/** The bytes of all files of a user and of the uploads that are not files yet, this one left out. */
export function* bytesOf(ownerId: UserId, except: FileId): Steps<number> {
  const [row] = yield [
    `select cast(coalesce((select sum(size) from {files} where owner_id = $1), 0) + coalesce((select sum(length) from {uploads} u
      where owner_id = $1 and id <> $2 and not exists (select 1 from {files} f where f.id = u.id)), 0) as bigint) as bytes`,
    [ownerId, except],
  ]
  return (row as Row).bytes as number
}

/** Says since when these bytes are unused, if no file has them any more. */
export function* leave(query: Query, digests: readonly Parameter[], at: Instant): Steps<void> {
  yield [
    `update {blobs} set unused_since = $2 where ${amongTexts(query, 'sha256', 1)} and unused_since is null
      and not exists (select 1 from {files} f where f.sha256 = {blobs}.sha256) returning sha256`,
    [digests as readonly string[], at],
  ]
}
