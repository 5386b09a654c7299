import type { Row, SqliteHandle, Statement } from '../../database/connect.ts'
import { MESSAGE } from '../../database/rows.ts'
import { CHAT, NAMED } from '../events.ts'
import type { Cells, Writes } from '../writes.ts'

export const READS = {
  chatById: `select ${CHAT} from chats where id = :name`,
  chatByKey: `select ${CHAT} from chats where key = :name`,
  member: `select m.role, m.joined_seq, m.joined_at, ${NAMED} from members m left join users u on u.id = m.user_id
    where m.chat_id = :chat_id and m.user_id = :user_id`,
  key: `select ${MESSAGE} from messages m left join users s on s.id = m.sender_id
    where m.chat_id = :chat_id and m.sender_id = :sender_id and m.client_message_id = :client_message_id`,
  message: `select ${MESSAGE} from messages m left join users s on s.id = m.sender_id where m.id = :id and m.chat_id = :chat_id`,
  person: `select ${NAMED} from users u where u.id = :id and u.erased_at is null`,
}

const insert = (table: string, columns: string) =>
  `insert into ${table} (${columns}) values (${columns
    .split(', ')
    .map((name) => `:${name}`)
    .join(', ')})`

/** What writes each kind of row, in the order in which it has to run. */
export const WRITES: readonly (readonly [keyof Writes, readonly string[]])[] = [
  [
    'newChats',
    [insert('chats', 'id, kind, name, folded_name, key, created_at, head_seq, head_n, head_at, member_seq, member_n, last_message_at')],
  ],
  [
    'heads',
    [
      `update chats set head_seq = :head_seq, head_n = :head_n, head_at = :head_at, last_message_at = coalesce(:last_message_at, last_message_at)
        where id = :chat_id`,
    ],
  ],
  [
    'messages',
    [
      insert(
        'messages',
        'id, chat_id, sender_id, at, seq, n, version, changed_seq, client_message_id, body_hash, text, folded, reply_to, edited_at, deleted_at',
      ),
    ],
  ],
  ['events', [insert('events', 'chat_id, seq, type, actor_id, at, payload')]],
  [
    'goneMembers',
    [
      'delete from marks where chat_id = :chat_id and user_id = :user_id',
      'delete from members where chat_id = :chat_id and user_id = :user_id',
    ],
  ],
  [
    'newMembers',
    [
      insert('members', 'chat_id, user_id, role, joined_seq, joined_at, read_seq, read_n, read_at'),
      'insert into marks (chat_id, user_id, read_seq, at) values (:chat_id, :user_id, :read_seq, :read_at)',
    ],
  ],
  ['roles', ['update members set role = :role where chat_id = :chat_id and user_id = :user_id']],
  [
    'changedMessages',
    [
      `update messages set version = :version, changed_seq = :changed_seq, text = :text, folded = :folded, edited_at = :edited_at,
        deleted_at = :deleted_at where id = :id`,
    ],
  ],
  [
    'erased',
    [
      `update messages set text = null, folded = null, body_hash = '', deleted_at = coalesce(deleted_at, :at),
        changed_seq = case when deleted_at is null then :seq else changed_seq end
        where chat_id = :chat_id and sender_id = :user_id and seq < :seq and (deleted_at is null or body_hash <> '')`,
    ],
  ],
  [
    'changedChats',
    ['update chats set name = :name, folded_name = :folded_name, member_seq = :member_seq, member_n = :member_n where id = :chat_id'],
  ],
  [
    'goneChats',
    [
      'delete from members where chat_id = :chat_id',
      'delete from chats where id = :chat_id',
      'insert into gone_chats (chat_id) values (:chat_id)',
    ],
  ],
]

/** Statements of a handle, each prepared once, and transactions that begin and end within one turn of the event loop. */
export function preparing(handle: SqliteHandle) {
  const prepared = new Map<string, Statement>()
  const prepare = (text: string): Statement => {
    let statement = prepared.get(text)
    if (!statement) prepared.set(text, (statement = handle.prepare(text)))
    return statement
  }
  return {
    rows: (text: string, cells: Cells): Row[] => prepare(text).all(cells),
    write: (text: string, cells: Cells): number => prepare(text).run(cells).changes,
    inTransaction<T>(work: () => T): T {
      if (handle.inTransaction) throw new Error(OCCUPIED)
      handle.exec('begin immediate')
      try {
        const result = work()
        handle.exec('commit')
        return result
      } catch (error) {
        if (handle.inTransaction) handle.exec('rollback')
        throw error
      }
    },
  }
}

/** A transaction of this process that takes longer than a turn has the handle. */
export const OCCUPIED = 'another transaction has the handle'
