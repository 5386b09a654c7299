import type { UserId } from '../../../domain/ids.ts'
import type { NameIn, PartName, ValueIn } from '../../../domain/parts.ts'
import type { Emoji, Reactor } from '../../../domain/reaction.ts'
import type { Cells, Columns, Table } from '../database/columns.ts'
import type { Row } from '../database/connect.ts'
import { privacyOf } from '../database/privacy.ts'
import { MESSAGE, messageOf } from '../database/rows.ts'
import { areApart, areKnown } from '../database/seeing.ts'
import { tallyOf } from '../database/tally.ts'
import { pinOf } from './reactions.ts'
import { banOf, invitationOf, memberOf, NAMED, namedOf, ownedFileOf, requestOf } from './rows.ts'

/** How a part of what a scope names is read: rows of table `m` for each name. */
export interface Part<Name, Value> {
  /** What a name is in the database. */
  readonly columns: Columns
  readonly cells: (name: Name) => Cells
  readonly table: Table
  /** Whether only rows of the scope's chat count. */
  readonly isOfChat: boolean
  /** Finds the row of `m` by the columns of a name, of which `of` makes operands. `chat` is the operand that names the chat. */
  readonly where: (of: (column: string) => string, chat: string) => string
  /** The same where columns have to look at the name. */
  readonly select: string | ((of: (column: string) => string) => string)
  readonly join: string
  /** `before` is what earlier rows of the same name have made. */
  readonly value: (row: Row, name: Name, before: Value | null) => Value
  /** Whether rows are locked until the change is committed. */
  readonly isLocked?: true
}

const ofMessage = (of: (column: string) => string, chat: string): string =>
  `m.message_seq = (select t.seq from {messages} t where t.chat_id = ${chat} and t.id = ${of('message_id')})`

/** The last message of a sender, among those that are deleted or the others: the end of an index. */
const lastOf = (deleted: 'null' | 'not null', of: (column: string) => string, chat: string): string =>
  `select * from (select l.seq from {messages} l where l.chat_id = ${chat} and l.sender_id = ${of('sender_id')} and l.deleted_at is ${deleted}
    order by l.n desc limit 1) as ${deleted === 'null' ? 'kept' : 'gone'}`

const message = {
  table: 'messages',
  isOfChat: true,
  select: MESSAGE,
  join: 'left join {users} s on s.id = m.sender_id',
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
    select: `m.role, m.joined_seq, m.joined_at, m.muted_until, ${NAMED}`,
    join: 'left join {users} u on u.id = m.user_id',
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
  sums: {
    columns: { message_id: 'uuid' },
    cells: (id) => ({ message_id: id }),
    table: 'reaction_sums',
    isOfChat: true,
    where: ofMessage,
    select: 'm.changed_seq, m.sums',
    join: '',
    value: tallyOf,
  },
  own: {
    columns: { message_id: 'uuid', user_id: 'uuid' },
    cells: ([messageId, userId]) => ({ message_id: messageId, user_id: userId }),
    table: 'reactions',
    isOfChat: true,
    where: (of, chat) => `${ofMessage(of, chat)} and m.user_id = ${of('user_id')}`,
    select: 'm.emoji',
    join: '',
    value: (row, _, before) => [...(before ?? []), row.emoji as Emoji],
  },
  reactors: {
    columns: { message_id: 'uuid', emoji: 'text' },
    cells: ([messageId, emoji]) => ({ message_id: messageId, emoji }),
    table: 'reactions',
    isOfChat: true,
    where: (of, chat) => `${ofMessage(of, chat)} and m.emoji = ${of('emoji')}`,
    select: 'm.user_id, m.at',
    join: '',
    value: ({ user_id, at }, _, before) => {
      const all = (before as Reactor[] | null) ?? []
      all.push({ userId: user_id as UserId, at: at as number })
      return all
    },
  },
  pins: {
    columns: {},
    cells: () => ({}),
    table: 'pins',
    isOfChat: true,
    where: () => 'true',
    select: 'm.message_id, m.message_seq, m.pin_seq, m.user_id, m.at, t.sender_id',
    join: 'join {messages} t on t.id = m.message_id and t.chat_id = m.chat_id',
    value: (row, _, before) => [...(before ?? []), pinOf(row)].sort((a, b) => a.pinSeq - b.pinSeq),
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
  lastOf: {
    columns: { sender_id: 'uuid' },
    cells: (id) => ({ sender_id: id }),
    table: 'messages',
    isOfChat: true,
    where: (of, chat) => `m.seq = (select max(t.seq) from (${lastOf('null', of, chat)} union all ${lastOf('not null', of, chat)}) as t)`,
    select: 'm.at',
    join: '',
    value: ({ at }) => at as number,
  },
  mutes: {
    columns: { user_id: 'uuid' },
    cells: (id) => ({ user_id: id }),
    table: 'mutes',
    isOfChat: true,
    where: (of) => `m.user_id = ${of('user_id')}`,
    select: 'm.until',
    join: '',
    value: ({ until }) => until as number,
  },
  bans: {
    columns: { user_id: 'uuid' },
    cells: (id) => ({ user_id: id }),
    table: 'bans',
    isOfChat: true,
    where: (of) => `m.user_id = ${of('user_id')}`,
    select: 'm.by_id, m.at, m.until, m.reason',
    join: '',
    value: banOf,
  },
  invitations: {
    columns: { invitation_id: 'uuid' },
    cells: (id) => ({ invitation_id: id }),
    table: 'invitations',
    isOfChat: true,
    where: (of) => `m.id = ${of('invitation_id')}`,
    select: 'm.id, m.chat_id, m.code_hash, m.created_by, m.created_at, m.expires_at, m.uses, m.used, m.approval',
    join: '',
    value: invitationOf,
  },
  requests: {
    columns: { user_id: 'uuid' },
    cells: (id) => ({ user_id: id }),
    table: 'join_requests',
    isOfChat: true,
    where: (of) => `m.user_id = ${of('user_id')}`,
    select: 'm.at, m.invitation_id',
    join: '',
    value: requestOf,
  },
  outsiders: {
    columns: { user_id: 'uuid' },
    cells: (id) => ({ user_id: id }),
    table: 'stay_outs',
    isOfChat: true,
    where: (of) => `m.user_id = ${of('user_id')}`,
    select: 'm.user_id',
    join: '',
    value: () => true,
  },
  erasures: {
    columns: { user_id: 'uuid', after: 'int' },
    cells: ([userId, after]) => ({ user_id: userId, after }),
    table: 'events',
    isOfChat: true,
    where: (of) => `m.type = 'author.erased' and m.actor_id = ${of('user_id')} and m.seq > ${of('after')}`,
    select: 'm.seq',
    join: '',
    value: () => true,
  },
  consents: {
    columns: { user_id: 'uuid', of_id: 'uuid' },
    cells: ([userId, ofId]) => ({ user_id: userId, of_id: ofId }),
    table: 'users',
    isOfChat: false,
    where: (of) => `m.id = ${of('user_id')} and m.erased_at is null`,
    select: (of) => `m.privacy, case when ${areKnown('m.id', of('of_id'))} then 1 else 0 end as is_known,
      case when ${areApart('m.id', of('of_id'))} then 1 else 0 end as is_blocked`,
    join: '',
    value: ({ privacy, is_known, is_blocked }) => ({ privacy: privacyOf(privacy), isKnown: is_known === 1, isBlocked: is_blocked === 1 }),
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

/** What a part selects, as text. */
export const selectedOf = ({ select }: Pick<Part<unknown, unknown>, 'select'>, of: (column: string) => string): string =>
  typeof select === 'string' ? select : select(of)

export const partOf = (name: PartName): Part<unknown, unknown> => rows[name] as Part<unknown, unknown>
