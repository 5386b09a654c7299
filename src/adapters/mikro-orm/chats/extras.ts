import type { Database, Row } from '../database/connect.ts'
import { queryOn } from '../database/query.ts'
import { authorOf } from '../database/rows.ts'

/** Adds to rows of messages what one statement finds for all of them: the names of the first authors of forwarded ones. */
export function extrasOn(database: Database): (rows: readonly Row[]) => Promise<readonly Row[]> {
  const query = queryOn(database)
  const text = `select id, username, name from users where ${query.among('id', 1)}`
  return async (rows) => {
    const authors = rows.map(authorOf)
    const ids = [...new Set(authors.filter((id) => id !== undefined))]
    if (ids.length === 0) return rows
    const names = new Map((await query(text, [ids])).map((row) => [row.id, row]))
    return rows.map((row, i) => {
      const author = names.get(authors[i] ?? null)
      return author ? { ...row, author_username: author.username!, author_name: author.name! } : row
    })
  }
}
