import type { Database, Row } from '../database/connect.ts'
import { type Parameter, type Query, queryOn } from '../database/query.ts'
import { authorOf } from '../database/rows.ts'

type Rows = readonly Row[]

/** Adds to rows of messages what one statement finds for all of them. */
export interface Extras {
  /** The names of the first authors of forwarded messages. */
  authors(rows: Rows): Promise<Rows>
  /** The same, and the reactions, the viewer's own among them. */
  shown(rows: Rows, viewer: Parameter): Promise<Rows>
}

export function extrasOn(database: Database): Extras {
  const query = queryOn(database)
  const authors = authorsOn(query)
  const reactions = reactionsOn(query)
  return { authors, shown: async (rows, viewer) => reactions(await authors(rows), viewer) }
}

function authorsOn(query: Query): Extras['authors'] {
  const text = `select id, username, name from {users} where ${query.among('id', 1)}`
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

/** Sums and the viewer's own are of one moment: clients keep both by one `seq`. */
function reactionsOn(query: Query): Extras['shown'] {
  const own = `select string_agg(o.emoji, ' ') from {reactions} o where o.chat_id = r.chat_id and o.user_id = $1 and o.message_seq = r.message_seq`
  const text = `select r.chat_id, r.message_seq, r.changed_seq, r.sums, (${own}) as own from ${query.blocks}
    join {reaction_sums} r on r.chat_id = g.chat_id and r.message_seq = g.block`
  const nameOf = (chatId: Row[string], seq: Row[string]) => `${String(chatId)} ${String(seq)}`
  return async (rows, viewer) => {
    const messages = rows.filter(({ id, deleted_at }) => typeof id === 'string' && deleted_at === null)
    if (messages.length === 0) return rows
    const places = [messages.map((row) => row.chat_id as string), messages.map((row) => row.seq as number)]
    const found = new Map((await query(text, [viewer, ...places])).map((row) => [nameOf(row.chat_id, row.message_seq), row]))
    if (found.size === 0) return rows
    return rows.map((row) => {
      const reacted = found.get(nameOf(row.chat_id, row.seq))
      return reacted ? { ...row, reacted_seq: reacted.changed_seq!, sums: reacted.sums!, own: reacted.own! } : row
    })
  }
}
