import { tempFolder } from '../../test/support/places.ts'
import { createDatabase, sql } from '../../test/support/sql.ts'
import { Sqlite } from '../baselines/drivers.ts'
import type { BeginPages, Form, StartPages } from '../baselines/pages.ts'
import type { LibraryBegin } from '../children/library.ts'
import { built } from '../measure/built.ts'
import { type Child, startChild } from '../measure/child.ts'
import type { Bench, Plan, Section } from '../measure/plan.ts'
import { measureWindow } from '../measure/window.ts'

const MEMBERS = 20
const OUTSTANDING = 8
const PAGE = 50

/** Pages out of a long chat. */
export const history: Section = {
  name: 'history',
  explains: `Pages of ${PAGE} messages per second from anywhere in a chat of a million messages and ${MEMBERS} members, ${OUTSTANDING} asked for at a time, in the library. The bare statement asks the same: to members only, the rows with the senders’ names, whether all have read them, and whether there is more on either side; it is prepared, runs on as many connections with the same settings, and its rows are thrown away as the driver made them. The naked one, for comparison, takes the rows of messages and nothing else, for anybody who asks.`,
  async prepare(bench) {
    const messages = bench.scale.isSmoke ? 2_000 : 1_000_000
    const opened = [await onPostgres(bench, messages), await onSqlite(bench, messages)]
    return {
      plans: opened.flatMap(({ plans }) => plans),
      async close() {
        for (const one of opened) await one.close()
      },
    }
  },
}

async function onPostgres(bench: Bench, messages: number) {
  bench.say('history: filling Postgres')
  const postgres = await bench.postgres()
  const database = await createDatabase(postgres.url)
  await migrated(database.url)
  await sql(database.url, [people, chat(messages), members, stored(messages, POSTGRES), 'analyze'].join(';'))
  const close = database.drop
  return compared(bench, { name: 'Postgres', url: database.url, cpu: postgres.cpu, messages, close })
}

async function onSqlite(bench: Bench, messages: number) {
  bench.say('history: filling SQLite')
  const folder = await tempFolder('windi-chat-bench')
  const url = `sqlite:${folder.path}/chat.db`
  await migrated(url)
  const database = new Sqlite(`${folder.path}/chat.db`)
  database.pragma('synchronous = off')
  for (const statement of [people, chat(messages), members, stored(messages, SQLITE), 'analyze']) database.exec(`${series(statement)}`)
  database.close()
  return compared(bench, { name: 'SQLite', url, cpu: undefined, messages, close: folder.remove })
}

interface Filled {
  readonly name: string
  readonly url: string
  readonly cpu: (() => number | undefined) | undefined
  readonly messages: number
  readonly close: () => Promise<void>
}

async function compared(bench: Bench, { name, url, cpu, messages, close }: Filled) {
  const { seconds } = bench.scale
  const library = startChild('children/library.ts', bench)
  const bare = startChild('baselines/pages.ts')
  const place: StartPages = { databaseUrl: url, viewer: VIEWER, chatId: CHAT, head: messages }
  await library.ask('start', { databaseUrl: url })
  await bare.ask('start', place)
  const measure = (of: Child, begin: unknown) => measureWindow({ load: of, server: of, begin, database: cpu, seconds })
  const reader = { caller: { userId: VIEWER, sessionId: VIEWER }, chatId: CHAT } as never
  const ours: LibraryBegin = { reader, head: messages, outstanding: OUTSTANDING }
  const plan = (form: Form): Plan => ({
    title: `Pages of history, ${name}, ${form === 'same' ? 'beside the bare statement' : 'beside naked rows'}`,
    unit: '/s',
    limitIs: form === 'same' ? 'bare statement' : 'naked rows',
    target: form === 'same' ? { is: 'at least', ratio: 0.6 } : undefined,
    subject: () => measure(library, ours),
    limit: () => measure(bare, { form, outstanding: OUTSTANDING } satisfies BeginPages),
  })
  return {
    plans: [plan('same'), plan('naked')],
    async close() {
      await library.stop()
      await bare.stop()
      await close()
    },
  }
}

async function migrated(url: string): Promise<void> {
  const { connect, migrate } = await built('mikro-orm')
  const connection = await connect(url)
  await migrate(connection)
  await connection.close()
}

const CHAT = '30000000-0000-7000-8000-000000000001'
const VIEWER = '10000000-0000-7000-8000-000000000001'
const number = (from: string, n: string) => `'${from}-0000-7000-8000-' || ${n}`

/** `generate_series`, and what each database writes a number in twelve digits with. */
const POSTGRES = { id: (from: string, n: string) => `(${number(from, `lpad(to_hex(${n}), 12, '0')`)})::uuid` }
const SQLITE = { id: (from: string, n: string) => number(from, `printf('%012x', ${n})`) }
type Dialect = typeof POSTGRES

const TEN = '10000000'
const ids = (dialect: Dialect, n: string) => dialect.id(TEN, n)
const TEXT = "'Message ' || n || ': I shall bring the printed drafts with me, as always, at nine tomorrow.'"

const people = `insert into users (id, username, name, folded_name, created_at, is_erasing) values ${list(
  (n) => `('${TEN}-0000-7000-8000-${hex(n)}', 'person${n}', 'Person ${n}', 'person ${n}', 1, false)`,
)}`
const members = `insert into members (chat_id, user_id, joined_at, read_at, joined_seq, read_seq, read_n, role) values ${list(
  (n) => `('${CHAT}', '${TEN}-0000-7000-8000-${hex(n)}', 1, 1, 1, ${n * 1_000}, ${n * 1_000}, 'member')`,
)}`
const chat = (messages: number) =>
  `insert into chats (id, created_at, head_at, last_message_at, head_seq, head_n, member_seq, member_n, kind, name, folded_name)
   values ('${CHAT}', 1, ${messages}, ${messages}, ${messages}, ${messages}, 1, ${MEMBERS}, 'group', 'Long', 'long')`
const stored = (messages: number, dialect: Dialect) =>
  `insert into messages (id, chat_id, sender_id, at, seq, n, version, changed_seq, client_message_id, body_hash, text, folded)
   select ${dialect.id('40000000', 'n')}, '${CHAT}', ${ids(dialect, `n % ${MEMBERS} + 1`)}, n, n, n, 1, n, 'key-' || n, 'hash', ${TEXT}, lower(${TEXT})
   from generate_series(1, ${messages}) n`

/** SQLite has no such function. */
const series = (statement: string): string =>
  statement.replace(
    /from generate_series\(1, (\d+)\) n/,
    'from (with recursive s(n) as (select 1 union all select n + 1 from s where n < $1) select n from s)',
  )

function hex(n: number): string {
  return n.toString(16).padStart(12, '0')
}
function list(row: (n: number) => string): string {
  return Array.from({ length: MEMBERS }, (_, i) => row(i + 1)).join(', ')
}
