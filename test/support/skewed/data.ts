import type { Database, PostgresDatabase } from '../../../src/adapters/mikro-orm/database/connect.ts'
import type { ChatId, UserId } from '../../../src/domain/ids.ts'

/** How much of everything: large things stand beside thousands of small ones, since a plan that is right for even data tips over on skewed ones. */
export interface Skew {
  readonly people: number
  /** Messages of the one long chat. */
  readonly messages: number
  /** Members of the one large group. */
  readonly members: number
  /** Chats of the one person who has many. */
  readonly chats: number
}
export const SKEW: Skew = { people: 100_000, messages: 100_000, members: 5_000, chats: 10_000 }

const hex = (n: number) => n.toString(16).padStart(12, '0')
const personId = (n: number) => `10000000-0000-7000-8000-${hex(n)}` as UserId
const chatId = (n: number) => `30000000-0000-7000-8000-${hex(n)}` as ChatId

/** Of 20 members. The poster has written half of the messages and read none. */
export const LONG = chatId(1)
export const CROWD = chatId(2)
/** In both of these. */
export const POSTER = personId(1)
/** In as many chats as there are `chats`, and in ten; nobody else of their chats is in more than a few. */
export const BUSY = personId(2_000_001)
export const QUIET = personId(2_000_002)
/** The only one of this name. */
export const RARE_NAME = 'zebulon'
const QUIET_CHATS = 10
/** Every member of the large group has a session until then, at least. */
const FOR_LONG = Date.UTC(2100, 0, 1)
export const MEMBERS = Array.from({ length: SKEW.members }, (_, i) => personId(i + 1))
/** A place in the middle of the many chats. */
export const MIDDLE = { at: 300_000_000, id: chatId(0) }

type Dialect = Database['dialect']
const uuid = (dialect: Dialect, digit: 1 | 3 | 4 | 5, n: string) =>
  dialect === 'postgres'
    ? `('${digit}0000000-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`
    : `'${digit}0000000-0000-7000-8000-' || printf('%012x', ${n})`
const series = (count: number) => `(with recursive s (n) as (select 1 union all select n + 1 from s where n < ${count}) select n from s) s`

const FIRST = 'Anna Boris Chidi Dora Emil Fatima Georg Hanna Ivan Jana Karl Lena Marek Nora Olga Piet Rosa Sven Tara Umar'.split(' ')
const LAST =
  'Adler Bauer Conti Dvorak Eriksen Fischer Garcia Horvat Ito Jansen Kowalski Lindgren Moreau Novak Okonkwo Petrov Quist Rossi Silva Tanaka Ueda'.split(
    ' ',
  )
const pick = (words: readonly string[], index: string) =>
  `case (${index}) % ${words.length} ${words.map((word, i) => `when ${i} then '${word}'`).join(' ')} end`

const names = ({ people }: Skew) => `select n,
  case when n = ${people - 7} then 'Zebulon Quill' else ${pick(FIRST, 'n')} || ' ' || ${pick(LAST, 'n / 20')} || ' ' || n % 97 end as name from ${series(people)}`

const MESSAGE = 'id, chat_id, sender_id, at, seq, n, version, changed_seq, client_message_id, body_hash, text, folded, deleted_at'
const CHAT = 'id, kind, name, folded_name, key, created_at, head_seq, head_n, head_at, member_seq, member_n, last_message_at'
const MEMBER = 'chat_id, user_id, role, joined_seq, joined_at, read_seq, read_n, read_at'

/** Private chats of a person with one person each after another, of two messages each, the last at every minute. */
function pairs(
  dialect: Dialect,
  one: string,
  { count, firstChat, firstPartner }: { count: number; firstChat: number; firstPartner: number },
): string[] {
  const id = (digit: 1 | 3 | 4, n: string) => uuid(dialect, digit, n)
  const chat = id(3, `${firstChat} + n`)
  const at = `(n * 7919 % 10007) * 60000`
  return [
    `insert into chats (${CHAT}) select ${chat}, 'private', null, null, 'pair ' || ${firstChat} || ' ' || n, 1, 3, 2, ${at}, 1, 2, ${at} from ${series(count)}`,
    `insert into members (${MEMBER}) select ${chat}, '${one}', 'member', 1, 1, 2, 1, 1 from ${series(count)}`,
    `insert into members (${MEMBER}) select ${chat}, ${id(1, `${firstPartner} + n`)}, 'member', 1, 1, 1, 0, 1 from ${series(count)}`,
    ...[2, 3].map(
      (
        seq,
      ) => `insert into messages (${MESSAGE}) select ${id(4, `${firstChat * 1_000 + seq} + 4 * n`)}, ${chat}, ${id(1, `${firstPartner} + n`)}, ${at}, ${seq},
      ${seq - 1}, 1, ${seq}, 'key-${seq}', 'hash', 'Shall we meet at ' || n || '?', 'shall we meet at ' || n || '?', null from ${series(count)}`,
    ),
  ]
}

function group(
  dialect: Dialect,
  id: string,
  { members, messages, sender }: { members: number; messages: number; sender: string },
): string[] {
  const person = uuid(dialect, 1, 'n')
  const text = `'Draft number ' || n || ' comes along at nine, as always'`
  const first = id === LONG ? 10_000_000 : 20_000_000
  return [
    `insert into chats (${CHAT}) values ('${id}', 'group', 'Group', 'group', null, 1, ${messages + 1}, ${messages}, ${messages}, 1, ${members}, ${messages})`,
    `insert into members (${MEMBER}) select '${id}', ${person}, case n when 1 then 'owner' else 'member' end, 1, 1,
      case n when 1 then 1 else n * 397 % ${messages} + 1 end, case n when 1 then 0 else n * 397 % ${messages} end, 1 from ${series(members)}`,
    `insert into messages (${MESSAGE}) select ${uuid(dialect, 4, `${first} + n`)}, '${id}', ${uuid(dialect, 1, sender)}, n, n + 1, n, 1, n + 1, 'key-' || n, 'hash',
      case when n % 1000 <> 0 then ${text} end, case when n % 1000 <> 0 then lower(${text}) end, case when n % 1000 = 0 then n end from ${series(messages)}`,
  ]
}

/** Fills a database whose tables are there and empty, in seconds. */
export async function fillSkewed(database: Database, skew: Skew = SKEW): Promise<void> {
  const { dialect } = database
  const firstPartner = skew.members
  const statements = [
    `insert into users (id, username, name, folded_name, email, created_at, is_erasing)
      select ${uuid(dialect, 1, 'n')}, lower(replace(name, ' ', '.')) || '.' || n, name, lower(name), n || '@example.com', 1, false
      from (${names(skew)}) named`,
    `insert into users (id, username, name, folded_name, created_at, is_erasing) values ('${BUSY}', 'busy', 'Busy', 'busy', 1, false),
      ('${QUIET}', 'quiet', 'Quiet', 'quiet', 1, false)`,
    ...group(dialect, LONG, { members: 20, messages: skew.messages, sender: 'case n % 2 when 0 then 1 else n % 20 + 1 end' }),
    ...group(dialect, CROWD, { members: skew.members, messages: Math.ceil(skew.messages / 20), sender: `n % ${skew.members} + 1` }),
    ...pairs(dialect, BUSY, { count: skew.chats, firstChat: 100_000, firstPartner }),
    `insert into mentions (chat_id, user_id, seq, message_id, sender_id, at)
      select chat_id, '${BUSY}', seq, id, sender_id, at from messages where seq = 3 and chat_id > ${uuid(dialect, 3, '100000')}`,
    ...pairs(dialect, QUIET, { count: QUIET_CHATS, firstChat: 200_000, firstPartner }),
    `insert into sessions (id, user_id, created_at, last_used_at, expires_at, generation, spent_at)
      select ${uuid(dialect, 5, 'n')}, ${uuid(dialect, 1, 'n')}, n, n, ${FOR_LONG} + n, 0, '[]' from ${series(skew.members)}`,
    ...(dialect === 'postgres' ? ['vacuum analyze'] : ['analyze']),
  ]
  if (database.dialect === 'sqlite') for (const statement of statements) database.handle.exec(statement)
  else await fillPostgres(database, statements)
}

/** An index that is there already would take longer than all the rest. */
async function fillPostgres({ pool }: PostgresDatabase, statements: readonly string[]): Promise<void> {
  const client = await pool.connect()
  const [index] = (await client.query(`select indexdef from pg_indexes where indexname = 'search_people_grams'`)).rows
  await client.query('set statement_timeout = 0; drop index search_people_grams')
  for (const statement of statements) await client.query(statement)
  await client.query(index!.indexdef as string)
  client.release(true)
}
