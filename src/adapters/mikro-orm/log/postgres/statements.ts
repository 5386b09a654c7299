import type { Person } from '../../../../domain/identity.ts'
import { MESSAGE as STORED } from '../../database/rows.ts'
import type { Statement } from '../../lane/round.ts'
import { type Columns, list, names, over, parameters, prepared, source } from '../../lane/statements.ts'
import { CHAT, NAMED } from '../events.ts'
import type { Cells, Writes } from '../writes.ts'

function prefixed(columns: string, of: string): string {
  return columns
    .split(', ')
    .map((name) => `${of}.${name}`)
    .join(', ')
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
export const MESSAGE: Columns = {
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
export const EVENT: Columns = { chat_id: 'uuid', seq: 'int', type: 'text', actor_id: 'uuid', at: 'bigint', payload: 'text' }

/** What the statement fails with when a head was not where it had been read: the net under the lock. */
export const HEAD_MOVED = '22012'

const MOVE = `update chats c set head_seq = v.head_seq, head_n = v.head_n, head_at = v.head_at,
  last_message_at = coalesce(v.last_message_at, c.last_message_at)`

/** Moves the heads and inserts what happened. */
export function writeLog({ heads, messages, events }: Writes): Statement {
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
  return prepared('send_write', () => sending(''), values)
}

/** The same, if its sender also has the same names. */
export function writeSendAgain({ heads, messages }: Writes, { id, username, name }: Person): Statement {
  const values = [...parameters(HEAD, heads, true), ...parameters(MESSAGE, messages, true)]
  const [at, ofUsername, ofName] = [1, 2, 3].map((i) => `$${values.length + i}`)
  const isSame = `and exists (select from users u where u.id = ${at}::uuid and u.username is not distinct from ${ofUsername}::text
    and u.name is not distinct from ${ofName}::text)`
  return prepared('send_again', () => sending(isSame), [...values, id, username ?? null, name ?? null])
}

const sending = (condition: string): string =>
  `with moved as (${MOVE} from ${source(HEAD, true)} where c.id = v.chat_id and c.head_seq = v.was ${condition} returning 1)
    insert into messages (${Object.keys(MESSAGE).join(', ')}) select ${names(MESSAGE)}
    from moved cross join ${source(MESSAGE, true, { first: Object.keys(HEAD).length + 1 })} returning seq`
