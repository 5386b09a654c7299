import { tally } from '../children/closed-loop.ts'
import { answering } from '../measure/child.ts'
import { PgPool, pgTypes, Sqlite } from './drivers.ts'

/** Pages of history by bare prepared statements, on connections with the service's own settings. */
export type Form = 'same' | 'naked'
export interface StartPages {
  readonly databaseUrl: string
  readonly viewer: string
  readonly chatId: string
  readonly head: number
}
export interface BeginPages {
  readonly form: Form
  readonly outstanding: number
}

const COLUMNS = `m.id, m.chat_id, m.seq, m.n, m.sender_id, m.client_message_id, m.body_hash, m.text, m.reply_to, m.version, m.at, m.edited_at,
  m.deleted_at, m.changed_seq`

/** What a page of the service says: only to members, with the senders' names, who has read it, and whether there is anything after it. */
const same = `with lowest as materialized (select user_id, read_seq from members where chat_id = $2 order by read_seq limit 2)
  select ${COLUMNS}, s.username as sender_username, s.name as sender_name,
    case when m.seq <= case when m.sender_id = (select user_id from lowest limit 1)
      then (select read_seq from lowest limit 1 offset 1) else (select read_seq from lowest limit 1) end then 1 else 0 end as is_read,
    case when exists (select 1 from messages x where x.chat_id = $2 and x.seq >= $3) then 1 else 0 end as beyond
  from members me
  left join (select * from messages m where m.chat_id = $2 and m.seq < $3 order by m.seq desc limit 51) m on true
  left join users s on s.id = m.sender_id
  where me.user_id = $1 and me.chat_id = $2 order by m.seq desc`
/** The rows and nothing else: to anybody, without names. */
const naked = `select ${COLUMNS} from messages m where m.chat_id = $2 and m.seq < $3 and $1 <> '' order by m.seq desc limit 51`
const texts = { same, naked }

const SETTINGS =
  '-c jit=off -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c random_page_cost=1.1 -c plan_cache_mode=force_generic_plan'
const PRAGMAS = ['busy_timeout = 10000', 'journal_mode = wal', 'synchronous = full', 'cache_size = -65536', 'temp_store = memory']
const INT8 = 20

type Ask = (form: Form, values: readonly unknown[]) => Promise<readonly unknown[]> | readonly unknown[]

function postgres(databaseUrl: string): Ask {
  pgTypes.setTypeParser(INT8, Number)
  const pool = new PgPool({ connectionString: databaseUrl, max: 8, options: SETTINGS })
  return async (form, values) => (await pool.query({ name: form, text: texts[form], values })).rows
}

function sqlite(databaseUrl: string): Ask {
  const database = new Sqlite(databaseUrl.slice('sqlite:'.length))
  for (const pragma of PRAGMAS) database.pragma(pragma)
  const numbered = (text: string) => database.prepare(text.replace(/\$(\d)/g, '@p$1'))
  const statements = { same: numbered(same), naked: numbered(naked) }
  return (form, [p1, p2, p3]) => statements[form].all({ p1, p2, p3 })
}

let ask: Ask
let place: StartPages
let isOn = false
let readers: Promise<void>[] = []
let done = tally()

async function read(form: Form): Promise<void> {
  while (isOn) {
    const askedAt = performance.now()
    const before = 100 + Math.floor(Math.random() * (place.head - 100))
    const rows = await ask(form, [place.viewer, place.chatId, before])
    if (rows.length !== 51) throw new Error(`a page of ${rows.length}`)
    done.count()
    done.took(askedAt)
    // A database in this process answers at once, and others have to be heard.
    if (done.isDue()) await new Promise(setImmediate)
  }
}

answering({
  start(given: StartPages) {
    place = given
    ask = given.databaseUrl.startsWith('sqlite:') ? sqlite(given.databaseUrl) : postgres(given.databaseUrl)
  },
  begin({ form, outstanding }: BeginPages) {
    isOn = true
    done = tally()
    readers = Array.from({ length: outstanding }, () => read(form))
  },
  mark: () => done.mark(),
  async end() {
    isOn = false
    await Promise.all(readers)
  },
})
