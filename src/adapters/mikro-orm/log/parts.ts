import type { NameIn, PartName, ValueIn } from '../../../domain/parts.ts'
import type { Cells, Columns, Table } from '../database/columns.ts'
import type { Row } from '../database/connect.ts'
import { MESSAGE, messageOf } from '../database/rows.ts'
import { memberOf, NAMED, namedOf, ownedFileOf } from './rows.ts'

/** How a part of what a scope names is read: one row of table `m` for each name. */
export interface Part<Name, Value> {
  /** What a name is in the database. */
  readonly columns: Columns
  readonly cells: (name: Name) => Cells
  readonly table: Table
  /** Whether only rows of the scope's chat count. */
  readonly isOfChat: boolean
  /** Finds the row of `m` by the columns of a name, of which `of` makes operands. */
  readonly where: (of: (column: string) => string) => string
  readonly select: string
  readonly join: string
  readonly value: (row: Row, name: Name) => Value
  /** Whether rows are locked until the change is committed. */
  readonly isLocked?: true
}

const message = {
  table: 'messages',
  isOfChat: true,
  select: MESSAGE,
  join: 'left join users s on s.id = m.sender_id',
  value: messageOf,
} as const

/** How each part is read. */
const rows: { readonly [P in PartName]: Part<NameIn<P>, ValueIn<P>> } = {
  members: {
    columns: { user_id: 'uuid' },
    cells: (id) => ({ user_id: id }),
    table: 'members',
    isOfChat: true,
    where: (of) => `m.user_id = ${of('user_id')}`,
    select: `m.role, m.joined_seq, m.joined_at, ${NAMED}`,
    join: 'left join users u on u.id = m.user_id',
    value: memberOf,
  },
  earlier: {
    ...message,
    columns: { sender_id: 'uuid', client_message_id: 'text' },
    cells: ([senderId, key]) => ({ sender_id: senderId, client_message_id: key }),
    where: (of) => `m.sender_id = ${of('sender_id')} and m.client_message_id = ${of('client_message_id')}`,
  },
  messages: {
    ...message,
    columns: { message_id: 'uuid' },
    cells: (id) => ({ message_id: id }),
    where: (of) => `m.id = ${of('message_id')}`,
  },
  people: {
    columns: { user_id: 'uuid' },
    cells: (id) => ({ user_id: id }),
    table: 'users',
    isOfChat: false,
    where: (of) => `m.id = ${of('user_id')} and m.erased_at is null`,
    select: 'm.username, m.name, m.kind as user_kind, m.avatar_url',
    join: '',
    value: namedOf,
  },
  files: {
    columns: { file_id: 'uuid' },
    cells: (id) => ({ file_id: id }),
    table: 'files',
    isOfChat: false,
    where: (of) => `m.id = ${of('file_id')}`,
    select: 'm.owner_id, m.name, m.size, m.type, m.kind, m.width, m.height, m.thumbhash, m.created_at',
    join: '',
    value: ownedFileOf,
    isLocked: true,
  },
}

export const partOf = (name: PartName): Part<unknown, unknown> => rows[name] as Part<unknown, unknown>
