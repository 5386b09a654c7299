import type { Notification } from '../../../../application/ports/bus.ts'
import type { Person } from '../../../../domain/identity.ts'
import type { PartName } from '../../../../domain/parts.ts'
import { type Cells, type Columns, columnsOf, listed } from '../../database/columns.ts'
import type { Value } from '../../database/connect.ts'
import { memoized } from '../../database/memoized.ts'
import type { Statement } from '../../lane/round.ts'
import { list, named, over, parameters, source } from '../../lane/statements.ts'
import { type Part, partOf, selectedOf } from '../parts.ts'
import { chatColumns } from '../rows.ts'
import type { Writes } from '../writes.ts'

export const BEGIN: Statement = { name: 'begin', text: 'begin isolation level read committed' }
export const COMMIT: Statement = { name: 'commit', text: 'commit' }
/** For a call that is tried alone: what somebody else has locked is not waited for. */
export const HASTE: Statement = { name: 'haste', text: 'set local lock_timeout = 1' }
export const ROLLBACK: Statement = { name: 'rollback', text: 'rollback' }

const choosing = (statement: (where: string) => Pick<Statement, 'name' | 'text'>) => {
  const texts = {
    id: statement('id = $1'),
    ids: statement('id = any ($1::uuid[])'),
    key: statement('key = $1'),
    both: statement('id = any ($1::uuid[]) or key = any ($2::text[])'),
  }
  return (ids: readonly string[], keys: readonly string[]): Statement => {
    if (keys.length === 0) return ids.length === 1 ? { ...texts.id, values: ids } : { ...texts.ids, values: [list(ids)] }
    return ids.length === 0 && keys.length === 1 ? { ...texts.key, values: keys } : { ...texts.both, values: [list(ids), list(keys)] }
  }
}
const lock = (how: string) =>
  choosing((where) => named('lock', `select ${chatColumns()} from {chats} where ${where} order by id for no key update${how}`))
const LOCK = lock('')
const LOCK_FREE = lock(' skip locked')
/** Locks chats in the order of their ids, so that no two processes wait for each other. */
export const lockChats = (ids: readonly string[], keys: readonly string[], isSkipping = false): Statement =>
  (isSkipping ? LOCK_FREE : LOCK)(ids, keys)
/** Finds chats whether they are locked or not. */
export const lookForChats = choosing((where) => named('look_for', `select id, key from {chats} where ${where}`))

type Read = (rows: readonly Cells[]) => Statement
/**
 * Reads a part of what is named, one row for each, with the number of the row that asked as `i` from 1. A chat is named by its id; by its key
 * where it may not have an id yet. One look-up by the whole key for each row: `offset 0` keeps a planner that thinks a table empty from
 * anything else.
 */
export const readPart = memoized((name: PartName) => ({
  byId: reading(name, partOf(name), false),
  byKey: reading(name, partOf(name), true),
}))

function reading(name: string, part: Part<unknown, unknown>, hasKeys: boolean): Read {
  const { columns, table, isOfChat, where, join, isLocked } = part
  const select = selectedOf(part, (column) => `v.${column}`)
  const lock = isLocked ? ' for no key update' : ''
  const chat: Columns = !isOfChat ? {} : hasKeys ? { chat_id: 'uuid', key: 'text' } : { chat_id: 'uuid' }
  const chatId = hasKeys ? 'coalesce(v.chat_id, (select c.id from {chats} c where c.key = v.key))' : 'v.chat_id'
  const found = `${where((column) => `v.${column}`, chatId)}${isOfChat ? ` and m.chat_id = ${chatId}` : ''}`
  return over(
    name,
    { ...chat, ...columns },
    (rows) =>
      `select v.i, ${select} from ${rows} cross join lateral (select * from {${table}} m where ${found} offset 0${lock}) as m ${join}`,
    true,
  )
}

const HEAD: Columns = {
  chat_id: 'uuid',
  was: 'int',
  head_seq: 'int',
  head_n: 'int',
  head_at: 'bigint',
  last_message_at: 'bigint',
  guard: 'int',
}
const MESSAGE = columnsOf.messages
const EVENT = columnsOf.events

/** What the statement fails with when a head was not where it had been read: the net under the lock. */
export const HEAD_MOVED = '22012'

const MOVE = `update {chats} c set head_seq = v.head_seq, head_n = v.head_n, head_at = v.head_at,
  last_message_at = coalesce(v.last_message_at, c.last_message_at), guard = v.guard`

interface Shape {
  readonly isOne: boolean
  readonly hasMessages: boolean
  readonly hasEvents: boolean
  readonly notifies: boolean
}

function writeText({ isOne, hasMessages, hasEvents, notifies }: Shape): Pick<Statement, 'name' | 'text'> {
  let first = 2
  const rows = (columns: Columns) => {
    const at = first
    first += Object.keys(columns).length
    return source(columns, isOne, { first: at })
  }
  const moved = `${MOVE} from ${rows(HEAD)} where c.id = v.chat_id and c.head_seq = v.was returning 1`
  const posted = hasMessages ? `, posted as (${inserting('messages', MESSAGE, rows(MESSAGE))})` : ''
  const told = hasEvents ? `, told as (${inserting('events', EVENT, rows(EVENT))})` : ''
  // Postgres hands it over at the commit, and not at all if the transaction or its savepoint is rolled back.
  const notified = notifies ? `, (select count(pg_notify($${first}::text, p)) from unnest($${first + 1}::text[]) p)` : ''
  return named('write', `with moved as (${moved})${posted}${told} select 1 / (count(*) = $1::int)::int${notified} from moved`)
}

const inserting = (table: string, columns: Columns, rows: string) =>
  `insert into {${table}} (${listed(columns)}) select ${listed(columns, 'v')} from ${rows}`

const SHAPES = Array.from({ length: 16 }, (_, i) =>
  writeText({ isOne: (i & 1) > 0, hasMessages: (i & 2) > 0, hasEvents: (i & 4) > 0, notifies: (i & 8) > 0 }),
)

/** Moves the heads and inserts what happened; in a transaction of somebody else's it may notify of it, too. */
export function writeLog({ heads, inserts }: Writes, notification?: Notification): Statement {
  const messages = inserts.get('messages') ?? []
  const events = inserts.get('events') ?? []
  const isOne = heads.length === 1 && messages.length < 2 && events.length < 2
  const values: Value[] = [heads.length, ...parameters(HEAD, heads, isOne)]
  if (messages.length > 0) values.push(...parameters(MESSAGE, messages, isOne))
  if (events.length > 0) values.push(...parameters(EVENT, events, isOne))
  if (notification) values.push(notification.channel, list(notification.payloads))
  const shape = (isOne ? 1 : 0) + (messages.length > 0 ? 2 : 0) + (events.length > 0 ? 4 : 0) + (notification ? 8 : 0)
  return { ...SHAPES[shape]!, values }
}

const SEND = named(
  'send_read',
  `select ${chatColumns('c')}, m.role, m.joined_seq, m.joined_at, m.muted_until, u.username, u.name as user_name, k.id as earlier_id from {chats} c
  left join {members} m on m.chat_id = c.id and m.user_id = $2 left join {users} u on u.id = m.user_id
  left join {messages} k on k.chat_id = c.id and k.sender_id = $2 and k.client_message_id = $3 where c.id = $1`,
)
/** All that sending one message has to see, in one statement. */
export const readSend = (chatId: string, senderId: string, clientMessageId: string): Statement => ({
  ...SEND,
  values: [chatId, senderId, clientMessageId],
})

const sending = (purpose: string, condition: string) =>
  named(
    purpose,
    `with moved as (${MOVE} from ${source(HEAD, true)} where c.id = v.chat_id and c.head_seq = v.was and c.guard = v.guard ${condition} returning 1)
    insert into {messages} (${listed(MESSAGE)}) select ${listed(MESSAGE, 'v')}
    from moved cross join ${source(MESSAGE, true, { first: Object.keys(HEAD).length + 1 })} returning seq`,
  )
const SEND_WRITE = sending('send_write', '')
const [AT, OF_USERNAME, OF_NAME] = [1, 2, 3].map((i) => `$${Object.keys(HEAD).length + Object.keys(MESSAGE).length + i}`)
const SEND_AGAIN = sending(
  'send_again',
  `and exists (select from {users} u where u.id = ${AT}::uuid and u.username is not distinct from ${OF_USERNAME}::text
    and u.name is not distinct from ${OF_NAME}::text)`,
)
const sent = ({ heads }: Writes, message: Cells): Value[] => [...parameters(HEAD, heads, true), ...parameters(MESSAGE, [message], true)]

/** Inserts one message if the head of its chat is where it was and the guard what it was, and answers a row if so. */
export const writeSend = (writes: Writes, message: Cells): Statement => ({ ...SEND_WRITE, values: sent(writes, message) })

/** The same, if its sender also has the same names. */
export const writeSendAgain = (writes: Writes, message: Cells, { id, username, name }: Person): Statement => ({
  ...SEND_AGAIN,
  values: [...sent(writes, message), id, username ?? null, name ?? null],
})
