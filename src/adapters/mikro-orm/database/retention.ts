import type { InferEntity } from '@mikro-orm/core'
import { SYSTEM_ID } from '../../../domain/ids.ts'
import { type ColumnOf, columnsOf, keyOf, type Table, tableNames } from './columns.ts'
import type { entities } from './schema.ts'

type EntityOf<T extends Table> = InferEntity<(typeof entities)[T]>
/** Null where a column may be null, else an empty text. */
type Cleared<T extends Table> = {
  readonly [C in ColumnOf<T> & keyof EntityOf<T>]?: null extends EntityOf<T>[C] ? null : string extends EntityOf<T>[C] ? '' : never
}

interface Retention<T extends Table> {
  /**
   * When the rows of a deleted chat go: `with` it, in the transaction that deletes it; or after it, by the purge, in ranges of these columns,
   * which follow the chat's id in a unique index; or `last`, when the deletion itself is forgotten.
   */
  readonly ofChat?: 'with' | 'last' | { readonly inRangesOf: readonly ColumnOf<T>[] }
  /**
   * The column that names the user whose row it is, or each that names one, and what erasing that user puts in place of what the row says about them, or that the
   * row goes: `at once`, when the deletion begins.
   */
  readonly ofUser?:
    | { readonly by: ColumnOf<T>; readonly cleared: Cleared<T> }
    | { readonly by: ColumnOf<T>; readonly goes: true }
    | { readonly by: ColumnOf<T> | readonly ColumnOf<T>[]; readonly goes: 'at once' }
  /** The column that names who has written what is in the row about others, and what erasing them puts in its place. */
  readonly ofAuthor?: { readonly by: ColumnOf<T>; readonly cleared: Cleared<T> }
  /** Rows that belong to one installation: an export leaves them out. A condition: those of them that every installation has. */
  readonly isLocal?: true | string
}

/** What becomes of the rows of each table when their chat is deleted, and when their user is. */
export const retention: { readonly [T in Table]: Retention<T> } = {
  chats: { ofChat: 'with' },
  messages: {
    ofChat: { inRangesOf: ['seq'] },
    ofUser: { by: 'sender_id', cleared: { text: null, folded: null, content: null, body_hash: '' } },
  },
  events: { ofChat: { inRangesOf: ['seq'] } },
  members: { ofChat: 'with' },
  marks: { ofChat: { inRangesOf: ['user_id', 'read_seq'] } },
  mentions: { ofChat: { inRangesOf: ['user_id', 'seq'] }, ofUser: { by: 'user_id', goes: true } },
  reactions: { ofChat: { inRangesOf: ['message_seq', 'emoji', 'user_id'] }, ofUser: { by: 'user_id', goes: true } },
  reaction_sums: { ofChat: { inRangesOf: ['message_seq'] } },
  pins: { ofChat: 'with' },
  // A linked file stays with those who linked it; others go with their owner.
  files: {},
  blobs: {},
  file_links: { ofChat: { inRangesOf: ['message_seq', 'file_id'] } },
  // Their bytes are in the process's own storage and incomplete.
  uploads: { ofUser: { by: 'owner_id', goes: true }, isLocal: true },
  users: {
    ofUser: {
      by: 'id',
      cleared: {
        username: null,
        name: null,
        folded_name: null,
        email: null,
        password_hash: null,
        last_seen_at: null,
        external_id: null,
        avatar_url: null,
        email_pending: null,
        privacy: null,
        notices: null,
      },
    },
    isLocal: `id = '${SYSTEM_ID}'`,
  },
  sessions: { ofUser: { by: 'user_id', cleared: { device_name: null } }, isLocal: true },
  keys: {},
  external_sessions: { ofUser: { by: 'user_id', cleared: {} }, isLocal: true },
  // The secret is one of them.
  settings: { isLocal: true },
  gone_chats: {},
  consumers: {},
  cursors: { ofChat: 'last' },
  dead: { ofChat: 'last' },
  leases: { isLocal: true },
  deleted_chats: { ofChat: 'last' },
  inlets: { ofChat: 'with' },
  notices: { ofChat: 'with' },
  // In this order, as devices are dropped.
  push_devices: { ofUser: { by: 'user_id', goes: 'at once' }, isLocal: true },
  shown: { ofChat: 'with', ofUser: { by: 'user_id', goes: 'at once' }, isLocal: true },
  codes: { ofUser: { by: 'user_id', goes: 'at once' }, isLocal: true },
  mails: { ofUser: { by: 'user_id', goes: 'at once' }, isLocal: true },
  known_networks: { ofUser: { by: 'user_id', goes: 'at once' } },
  tallies: { isLocal: true },
  audit: {},
  mutes: { ofChat: 'with', ofUser: { by: 'user_id', goes: 'at once' } },
  bans: { ofChat: 'with', ofUser: { by: 'user_id', goes: 'at once' }, ofAuthor: { by: 'by_id', cleared: { reason: null } } },
  join_requests: { ofChat: 'with', ofUser: { by: 'user_id', goes: 'at once' } },
  invitations: { ofChat: 'with', ofUser: { by: 'created_by', goes: 'at once' } },
  factors: { ofUser: { by: 'user_id', goes: 'at once' } },
  // Of the message, a copy stays as evidence until some time after the verdict.
  reports: { ofUser: { by: 'reporter_id', cleared: { comment: null } } },
  stay_outs: { ofChat: 'with', ofUser: { by: 'user_id', goes: 'at once' } },
  blocks: { ofUser: { by: ['user_id', 'blocked_id'], goes: 'at once' } },
}

/** The column that names the chat of a row. */
export const chatColumn = (table: Table): string => ('chat_id' in columnsOf[table] ? 'chat_id' : 'id')

/** Tables of which a deleted chat's rows go when the deletion is forgotten. */
export const goneLast: readonly Table[] = tableNames.filter((table) => retention[table].ofChat === 'last')

/** Tables of which a deleted chat's rows go with it. */
export const goneWithChat: readonly Table[] = tableNames.filter((table) => retention[table].ofChat === 'with')

export interface Ranges {
  readonly table: Table
  readonly columns: readonly string[]
}
/** Tables of which the purge deletes the rows of a deleted chat, and the columns by whose ranges it does. */
export const purged: readonly Ranges[] = tableNames.flatMap((table) => {
  const { ofChat } = retention[table]
  return typeof ofChat === 'object' ? [{ table, columns: ofChat.inRangesOf }] : []
})

/** The order in which a table's rows are read together: by chat where there is one. */
export const readingOrder = (table: Table): readonly string[] => {
  const { ofChat } = retention[table]
  return typeof ofChat === 'object' ? ['chat_id', ...ofChat.inRangesOf] : keyOf[table]
}

/** What erasing a user puts in place of what rows of a table say about them. */
export const cleared = <T extends Table>(table: T): Cleared<T> => {
  const { ofUser }: Retention<T> = retention[table]
  return ofUser && 'cleared' in ofUser ? ofUser.cleared : {}
}

/** The same as assignments. */
export const clearing = (table: Table): string =>
  Object.entries<null | '' | undefined>(cleared(table))
    .map(([name, value]) => `${name} = ${value === null ? 'null' : `'${value}'`}`)
    .join(', ')

/** Tables of which an erased user's rows are deleted at once, and the column that names the user. */
export const deletedWithUser: readonly { readonly table: Table; readonly by: string }[] = tableNames.flatMap((table) => {
  const { ofUser } = retention[table]
  return ofUser && 'goes' in ofUser && ofUser.goes === 'at once' ? [ofUser.by].flat().map((by) => ({ table, by })) : []
})
