import type { Cells, Writes } from './batch-rows.ts'
import type { Value } from './connect.ts'
import type { Statement } from './lane-round.ts'
import { type Columns, list, parameters, source } from './lane-statements.ts'
import { CHAT, NAMED } from './log-events.ts'
import { MESSAGE as STORED } from './rows.ts'

const named = new Map<string, string>()

/** The text of a prepared statement is put together once. */
function prepared(name: string, text: () => string, values: readonly Value[]): Statement {
  let known = named.get(name)
  if (known === undefined) named.set(name, (known = text()))
  return { name, text: known, values }
}

const names = (columns: Columns, of = 'v'): string =>
  Object.keys(columns)
    .map((name) => `${of}.${name}`)
    .join(', ')

function prefixed(columns: string, of: string): string {
  return columns
    .split(', ')
    .map((name) => `${of}.${name}`)
    .join(', ')
}

/** One statement over rows, in its form for one and its form for many. */
const over =
  (name: string, columns: Columns, text: (rows: string) => string, isNumbered = false) =>
  (rows: readonly Cells[]): Statement => {
    const isOne = rows.length === 1
    return prepared(isOne ? `${name}_1` : name, () => text(source(columns, isOne, { isNumbered })), parameters(columns, rows, isOne))
  }

export const BEGIN: Statement = { name: 'begin', text: 'begin isolation level read committed' }
export const COMMIT: Statement = { name: 'commit', text: 'commit' }
export const ROLLBACK: Statement = { name: 'rollback', text: 'rollback' }

/** Locks chats in the order of their ids, so that no two processes wait for each other. */
export function lockChats(ids: readonly string[], keys: readonly string[]): Statement {
  const select = (where: string) => `select ${CHAT} from chats where ${where} order by id for no key update`
  if (keys.length === 0) {
    if (ids.length === 1) return prepared('lock_1', () => select('id = $1'), ids)
    return prepared('lock', () => select('id = any ($1::uuid[])'), [list(ids)])
  }
  if (ids.length === 0 && keys.length === 1) return prepared('lock_key_1', () => select('key = $1'), keys)
  return prepared('lock_key', () => select('id = any ($1::uuid[]) or key = any ($2::text[])'), [list(ids), list(keys)])
}

/** A chat is named by its id; by its key where it has none yet for all that is known. */
const chat = (hasKeys: boolean): Columns => (hasKeys ? { chat_id: 'uuid', key: 'text' } : { chat_id: 'uuid' })
const theChat = (hasKeys: boolean) => (hasKeys ? 'coalesce(v.chat_id, (select c.id from chats c where c.key = v.key))' : 'v.chat_id')

type Read = (rows: readonly Cells[]) => Statement
/** Reads by chat, each answering the number of the row that asked, as `i` from 1. */
const reading = (name: string, columns: Columns, text: (rows: string, chatId: string) => string): Record<'byId' | 'byKey', Read> => ({
  byId: over(name, { ...chat(false), ...columns }, (rows) => text(rows, theChat(false)), true),
  byKey: over(`${name}_key`, { ...chat(true), ...columns }, (rows) => text(rows, theChat(true)), true),
})

/** One look-up by the whole key for each row: `offset 0` keeps a planner that thinks a table empty from anything else. */
const found = (table: string, where: string): string => `cross join lateral (select * from ${table} where ${where} offset 0) as m`

export const readMembers = reading(
  'members',
  { user_id: 'uuid' },
  (rows, chatId) => `select v.i, m.role, m.joined_seq, m.joined_at, ${NAMED} from ${rows}
    ${found('members', `chat_id = ${chatId} and user_id = v.user_id`)} left join users u on u.id = v.user_id`,
)

export const readKeys = reading(
  'keys',
  { sender_id: 'uuid', client_message_id: 'text' },
  (rows, chatId) => `select v.i, ${STORED} from ${rows}
    ${found('messages', `chat_id = ${chatId} and sender_id = v.sender_id and client_message_id = v.client_message_id`)}
    left join users s on s.id = m.sender_id`,
)

export const readMessages = reading(
  'messages',
  { message_id: 'uuid' },
  (rows, chatId) => `select v.i, ${STORED} from ${rows}
    ${found('messages', `id = v.message_id and chat_id = ${chatId}`)} left join users s on s.id = m.sender_id`,
)

export const readPeople = over(
  'people',
  { user_id: 'uuid' },
  (rows) => `select v.i, ${NAMED} from ${rows} join users u on u.id = v.user_id and u.erased_at is null`,
  true,
)

const HEAD: Columns = { chat_id: 'uuid', was: 'int', head_seq: 'int', head_n: 'int', head_at: 'bigint', last_message_at: 'bigint' }
const MESSAGE: Columns = {
  id: 'uuid',
  chat_id: 'uuid',
  sender_id: 'uuid',
  at: 'bigint',
  seq: 'int',
  n: 'int',
  version: 'int',
  changed_seq: 'int',
  client_message_id: 'text',
  body_hash: 'text',
  text: 'text',
  folded: 'text',
  reply_to: 'uuid',
  edited_at: 'bigint',
  deleted_at: 'bigint',
}
const EVENT: Columns = { chat_id: 'uuid', seq: 'int', type: 'text', actor_id: 'uuid', at: 'bigint', payload: 'text' }

/** What the statement fails with when a head was not where it had been read: the net under the lock. */
export const HEAD_MOVED = '22012'

const MOVE = `update chats c set head_seq = v.head_seq, head_n = v.head_n, head_at = v.head_at,
  last_message_at = coalesce(v.last_message_at, c.last_message_at)`

/** Moves the heads and inserts what happened. */
function writeLog({ heads, messages, events }: Writes): Statement {
  const isOne = heads.length === 1 && messages.length < 2 && events.length < 2
  const name = `write${messages.length > 0 ? '_m' : ''}${events.length > 0 ? '_e' : ''}${isOne ? '_1' : ''}`
  const values = [heads.length, ...parameters(HEAD, heads, isOne)]
  const atMessages = values.length + 1
  if (messages.length > 0) values.push(...parameters(MESSAGE, messages, isOne))
  const atEvents = values.length + 1
  if (events.length > 0) values.push(...parameters(EVENT, events, isOne))
  const insert = (table: string, columns: Columns, first: number) =>
    `insert into ${table} (${Object.keys(columns).join(', ')}) select ${names(columns)} from ${source(columns, isOne, { first })}`
  const text = () => `with moved as (
      ${MOVE} from ${source(HEAD, isOne, { first: 2 })} where c.id = v.chat_id and c.head_seq = v.was returning 1
    )${messages.length > 0 ? `, posted as (${insert('messages', MESSAGE, atMessages)})` : ''}${
      events.length > 0 ? `, told as (${insert('events', EVENT, atEvents)})` : ''
    } select 1 / (count(*) = $1::int)::int from moved`
  return prepared(name, text, values)
}

/** All that sending one message has to see, in one statement. */
export const readSend = (chatId: string, senderId: string, clientMessageId: string): Statement => ({
  name: 'send_read',
  text: SEND,
  values: [chatId, senderId, clientMessageId],
})
const SEND = `select ${prefixed(CHAT, 'c')}, m.role, m.joined_seq, m.joined_at, u.username, u.name as user_name, k.id as earlier_id from chats c
  left join members m on m.chat_id = c.id and m.user_id = $2 left join users u on u.id = m.user_id
  left join messages k on k.chat_id = c.id and k.sender_id = $2 and k.client_message_id = $3 where c.id = $1`

/** Inserts one message if the head of its chat is where it was, and answers a row if so. */
export function writeSend({ heads, messages }: Writes): Statement {
  const values = [...parameters(HEAD, heads, true), ...parameters(MESSAGE, messages, true)]
  const text = () => `with moved as (${MOVE} from ${source(HEAD, true)} where c.id = v.chat_id and c.head_seq = v.was returning 1)
    insert into messages (${Object.keys(MESSAGE).join(', ')}) select ${names(MESSAGE)}
    from moved cross join ${source(MESSAGE, true, { first: Object.keys(HEAD).length + 1 })} returning seq`
  return prepared('send_write', text, values)
}

/** What new chats need: there is no head to move. */
const inserting = (name: string, table: string, columns: Columns, order = '') =>
  over(
    name,
    columns,
    (rows) =>
      `insert into ${table} (${Object.keys(columns).join(', ')}) select ${names(columns)} from ${rows}${order && ` order by ${order}`}`,
  )

const insertMessages = inserting('post', 'messages', MESSAGE)
const insertEvents = inserting('tell', 'events', EVENT)
/** Sorted, so that two processes that make the same chats do not wait for each other. */
const insertChats = inserting(
  'open',
  'chats',
  {
    id: 'uuid',
    kind: 'text',
    name: 'text',
    folded_name: 'text',
    key: 'text',
    created_at: 'bigint',
    head_seq: 'int',
    head_n: 'int',
    head_at: 'bigint',
    member_seq: 'int',
    member_n: 'int',
    last_message_at: 'bigint',
  },
  'v.key, v.id',
)

const MEMBER: Columns = {
  chat_id: 'uuid',
  user_id: 'uuid',
  role: 'text',
  joined_seq: 'int',
  joined_at: 'bigint',
  read_seq: 'int',
  read_n: 'int',
  read_at: 'bigint',
}
const insertMembers = over(
  'join',
  MEMBER,
  (rows) => `with joined as (insert into members (${Object.keys(MEMBER).join(', ')}) select ${names(MEMBER)} from ${rows}
    returning chat_id, user_id, read_seq, read_at)
    insert into marks (chat_id, user_id, read_seq, at) select chat_id, user_id, read_seq, read_at from joined`,
)
const NAMES: Columns = { chat_id: 'uuid', user_id: 'uuid' }
/** In the order in which receipts take them. */
const lockMembers = over(
  'lock_members',
  NAMES,
  (rows) =>
    `select from members where (chat_id, user_id) in (select v.chat_id, v.user_id from ${rows}) order by chat_id, user_id for update`,
)
const deleteMembers = over(
  'leave',
  NAMES,
  (
    rows,
  ) => `with gone as (delete from members m using ${rows} where m.chat_id = v.chat_id and m.user_id = v.user_id returning m.chat_id, m.user_id)
    delete from marks m using gone where m.chat_id = gone.chat_id and m.user_id = gone.user_id`,
)
const setRoles = over(
  'role',
  { ...NAMES, role: 'text' },
  (rows) => `update members m set role = v.role from ${rows} where m.chat_id = v.chat_id and m.user_id = v.user_id`,
)
const changeMessages = over(
  'change',
  { id: 'uuid', version: 'int', changed_seq: 'int', text: 'text', folded: 'text', edited_at: 'bigint', deleted_at: 'bigint' },
  (
    rows,
  ) => `update messages m set version = v.version, changed_seq = v.changed_seq, text = v.text, folded = v.folded, edited_at = v.edited_at,
    deleted_at = v.deleted_at from ${rows} where m.id = v.id`,
)
/** Messages that were sent after the erasure, in the same batch, stay. */
const eraseMessages = over(
  'erase',
  { ...NAMES, seq: 'int', at: 'bigint' },
  (rows) => `update messages m set text = null, folded = null, body_hash = '', deleted_at = coalesce(m.deleted_at, v.at),
    changed_seq = case when m.deleted_at is null then v.seq else m.changed_seq end from ${rows}
    where m.chat_id = v.chat_id and m.sender_id = v.user_id and m.seq < v.seq and (m.deleted_at is null or m.body_hash <> '')`,
)
const changeChats = over(
  'chat',
  { chat_id: 'uuid', name: 'text', folded_name: 'text', member_seq: 'int', member_n: 'int' },
  (rows) => `update chats c set name = v.name, folded_name = v.folded_name, member_seq = v.member_seq, member_n = v.member_n
    from ${rows} where c.id = v.chat_id`,
)
const deleting = (table: string, column = 'chat_id') =>
  over(`delete_${table}`, { chat_id: 'uuid' }, (rows) => `delete from ${table} t using ${rows} where t.${column} = v.chat_id`)
const deleteAll = [deleting('messages'), deleting('events'), deleting('members'), deleting('marks'), deleting('chats', 'id')]

/** All that a batch writes, in the order in which it has to run. */
export function writing(writes: Writes): Statement[] {
  const { newChats, heads, messages, events, touched, goneMembers, newMembers, roles, changedMessages, erased, changedChats, goneChats } =
    writes
  const statements: Statement[] = []
  const add = (rows: readonly Cells[], statement: (rows: readonly Cells[]) => Statement) => {
    if (rows.length > 0) statements.push(statement(rows))
  }
  add(newChats, insertChats)
  if (heads.length > 0) statements.push(writeLog(writes))
  else {
    add(messages, insertMessages)
    add(events, insertEvents)
  }
  add(touched.length > 1 || goneMembers.length > 0 ? touched : [], lockMembers)
  add(goneMembers, deleteMembers)
  add(newMembers, insertMembers)
  add(roles, setRoles)
  add(changedMessages, changeMessages)
  add(erased, eraseMessages)
  add(changedChats, changeChats)
  for (const statement of deleteAll) add(goneChats, statement)
  return statements
}
