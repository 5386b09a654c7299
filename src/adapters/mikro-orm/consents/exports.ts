import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ExportedRow, Exports } from '../../../application/ports/exports.ts'
import { type ColumnOf, keyOf, listed, type Table, without } from '../database/columns.ts'
import type { Database, Row } from '../database/connect.ts'
import { type Query, queryOn } from '../database/query.ts'
import { isUuid } from '../database/schema.ts'

interface Exported<T extends Table> {
  /** The column that names the user. */
  readonly by: ColumnOf<T>
  /** Secrets, digests, and what is there twice. */
  readonly without?: readonly ColumnOf<T>[]
  /** There is no index by user alone: the chats are gone through. A condition on `x` may narrow it to what an index has. */
  readonly inChats?: string
}

/** What of each table is about one user. A table without its row does not compile; null: it is about nobody, or all that it says stands elsewhere. */
const exported: { readonly [T in Table]: Exported<T> | null } = {
  users: { by: 'id', without: ['password_hash', 'folded_name'] },
  sessions: { by: 'user_id', without: ['spent_at', 'generation'] },
  external_sessions: { by: 'user_id' },
  known_networks: { by: 'user_id' },
  factors: { by: 'user_id', without: ['secret', 'counter', 'credential_id'] },
  codes: { by: 'user_id', without: ['mac', 'subject'] },
  mails: { by: 'user_id' },
  keys: { by: 'bot_id', without: ['hash'] },
  members: { by: 'user_id', without: ['own_from_n', 'own_to_n', 'own_between'] },
  messages: { by: 'sender_id', without: ['folded', 'body_hash'], inChats: 'x.deleted_at is null' },
  marks: { by: 'user_id', inChats: 'true' },
  mentions: { by: 'user_id' },
  reactions: { by: 'user_id' },
  pins: { by: 'user_id', inChats: 'true' },
  mutes: { by: 'user_id' },
  bans: { by: 'user_id', without: ['by_id'] },
  join_requests: { by: 'user_id' },
  invitations: { by: 'created_by', without: ['code_hash'] },
  notices: { by: 'user_id' },
  push_devices: { by: 'user_id', without: ['p256dh', 'auth'] },
  shown: { by: 'user_id' },
  files: { by: 'owner_id' },
  uploads: { by: 'owner_id' },
  inlets: { by: 'created_by', without: ['secret_hash'] },
  blocks: { by: 'user_id' },
  stay_outs: { by: 'user_id' },
  reports: { by: 'reporter_id', without: ['text', 'author_id', 'resolved_by'] },
  audit: { by: 'about_user', without: ['actor_id', 'key_id'] },
  // Of chats, of all, or of the service.
  chats: null,
  events: null,
  reaction_sums: null,
  blobs: null,
  file_links: null,
  settings: null,
  gone_chats: null,
  deleted_chats: null,
  consumers: null,
  cursors: null,
  dead: null,
  leases: null,
  tallies: null,
}

/** Rows read at once, and chats gone through at once. */
const ROWS = 500
const CHATS = 1_000

type Rows = AsyncIterable<readonly Row[]>

export function mikroOrmExports(database: Database): Exports {
  const query = queryOn(database)
  return {
    async *person(userId) {
      if (!isUuid(userId)) return
      for (const [table, about] of Object.entries(exported) as [Table, Wanted | null][]) {
        if (!about) continue
        const pages = about.inChats === undefined ? ofUser(query, table, { about, userId }) : inChats(query, table, { about, userId })
        for await (const rows of pages) for (const row of rows) yield { about: table, row: { ...row } } satisfies ExportedRow
      }
    },
  }
}

/** The same without regard to which table it is. */
interface Wanted {
  readonly by: string
  readonly without?: readonly string[]
  readonly inChats?: string
}
interface Asked {
  readonly about: Wanted
  readonly userId: string
}
const columnsOf = (table: Table, { without: left = [] }: Wanted) => listed(without(table, left as never), 'x')

/** By key, page by page. */
async function* ofUser(query: Query, table: Table, { about, userId }: Asked): Rows {
  const key = keyOf[table]
  const [columns, order] = [columnsOf(table, about), key.map((name) => `x.${name}`).join(', ')]
  const places = key.map((_, i) => `$${i + 2}`).join(', ')
  for (let last: Row | undefined, isMore = true; isMore; ) {
    const behind = last ? `and (${order}) > (${places})` : ''
    const text = `select ${columns} from {${table}} x where x.${about.by} = $1 ${behind} order by ${order} limit ${ROWS}`
    const rows = await query(text, [userId, ...(last ? key.map((name) => last![name] as string) : [])])
    yield rows
    last = rows.at(-1)
    isMore = rows.length === ROWS
  }
}

/** Some chats after others; in each, by key. */
async function* inChats(query: Query, table: Table, { about, userId }: Asked): Rows {
  const rest = keyOf[table].includes('chat_id') ? keyOf[table].filter((name) => name !== 'chat_id') : ['n']
  const order = ['chat_id', ...rest].map((name) => `x.${name}`).join(', ')
  const among = query.among('x.chat_id', 2)
  const behind = `and (${order}) > (${['chat_id', ...rest].map((_, i) => `$${i + 3}`).join(', ')})`
  const page = (from: string) =>
    `select ${columnsOf(table, about)} from {${table}} x where ${among} and x.${about.by} = $1 and ${about.inChats} ${from} order by ${order} limit ${ROWS}`
  for (let from = NIL; ; await nextTurn()) {
    const ids = (await query(`select id from {chats} where id > $1 order by id limit ${CHATS}`, [from])).map(({ id }) => id as string)
    if (ids.length === 0) return
    for (let last: Row | undefined, isMore = true; isMore; ) {
      const place = last ? ['chat_id', ...rest].map((name) => last![name] as string) : []
      const rows = await query(page(last ? behind : ''), [userId, ids, ...place])
      yield rows
      last = rows.at(-1)
      isMore = rows.length === ROWS
    }
    from = ids.at(-1)!
  }
}
const NIL = '00000000-0000-0000-0000-000000000000'
