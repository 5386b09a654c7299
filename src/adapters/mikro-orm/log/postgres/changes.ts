import type { Statement } from '../../lane/round.ts'
import { type Columns, names, over } from '../../lane/statements.ts'
import type { Cells, Writes } from '../writes.ts'
import { EVENT, MESSAGE, writeLog } from './statements.ts'

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
  (rows) => `select from ${rows} cross join lateral (
    select from members m where m.chat_id = v.chat_id and m.user_id = v.user_id offset 0 for update) as m`,
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
/** What else there is of a chat, `purging` takes away. */
const deleteChats = [
  deleting('members'),
  deleting('chats', 'id'),
  over('gone_chats', { chat_id: 'uuid' }, (rows) => `insert into gone_chats (chat_id) select chat_id from ${rows}`),
]

const byNames = (one: Cells, other: Cells): number => (`${one.chat_id} ${one.user_id}` < `${other.chat_id} ${other.user_id}` ? -1 : 1)

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
  add(touched.toSorted(byNames), lockMembers)
  add(goneMembers, deleteMembers)
  add(newMembers, insertMembers)
  add(roles, setRoles)
  add(changedMessages, changeMessages)
  add(erased, eraseMessages)
  add(changedChats, changeChats)
  for (const statement of deleteChats) add(goneChats, statement)
  return statements
}
