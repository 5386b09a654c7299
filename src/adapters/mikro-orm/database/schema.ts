import { defineEntity, p } from '@mikro-orm/core'
import { accountTables } from './tables/accounts.ts'
import { consentTables } from './tables/consent.ts'
import { blobs, fileLinks, files, mentions, pins, reactionSums, reactions, uploads } from './tables/content.ts'
import { orderTables } from './tables/order.ts'
import { externalSessions, keys, sessions, users } from './tables/people.ts'
import { relayTables } from './tables/relay.ts'
import { time } from './tables/time.ts'

/** Ids are UUIDs. Whatever else a request calls an id names nothing, and Postgres would choke on it. */
export const isUuid = (id: string): boolean => UUID.test(id)
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** In place of a user in `mentions`: everybody. */
export const ALL = '00000000-0000-0000-0000-000000000000'

const chats = defineEntity({
  name: 'Chat',
  tableName: 'chats',
  properties: {
    id: p.uuid().primary(),
    kind: p.text(),
    name: p.text().nullable(),
    /** For `query`: the folded name. */
    folded_name: p.text().nullable(),
    /** A pair's or a creator's name for the chat. */
    key: p.text().nullable(),
    created_at: time(),
    head_seq: p.integer(),
    head_n: p.integer(),
    head_at: time(),
    member_seq: p.integer(),
    member_n: p.integer(),
    /** Of creation, as long as there is no message: the order of the chat list. */
    last_message_at: time(),
    /** Some member's `search_places` rest on `last_message_at`. */
    /** Up to this message all texts have gone by their age; null: none was looked at. */
    passed_seq: p.integer().nullable(),
    is_settled: p.boolean().nullable(),
    /** JSON of the application that uses the chat. */
    data: p.text().nullable(),
    /** JSON; null: the rules of every new group. */
    rules: p.text().nullable(),
    description: p.text().nullable(),
    /** A file. */
    avatar: p.uuid().nullable(),
    /** What sending has to look at besides, as bits. */
    guard: p.integer().default(0),
  },
  uniques: [{ name: 'chats_key', properties: ['key'] }],
  indexes: [{ name: 'chats_avatar', properties: ['avatar'], where: 'avatar is not null' }],
})

const messages = defineEntity({
  name: 'Message',
  tableName: 'messages',
  properties: {
    id: p.uuid().primary(),
    chat_id: p.uuid(),
    sender_id: p.uuid(),
    at: time(),
    seq: p.integer(),
    n: p.integer(),
    version: p.integer(),
    changed_seq: p.integer(),
    client_message_id: p.text(),
    body_hash: p.text(),
    text: p.text().nullable(),
    /** What a search looks at; gone with the text. */
    folded: p.text().nullable(),
    reply_to: p.uuid().nullable(),
    edited_at: time().nullable(),
    deleted_at: time().nullable(),
    /** JSON of what a message has beside its text; null: nothing. */
    content: p.text().nullable(),
    /** Stays when the message is deleted. */
    kind: p.text().nullable(),
  },
  uniques: [
    { name: 'messages_chat_id_seq', properties: ['chat_id', 'seq'] },
    { name: 'messages_sent_once', properties: ['chat_id', 'sender_id', 'client_message_id'] },
  ],
  indexes: [
    { name: 'messages_deleted', properties: ['chat_id', 'n'], where: 'deleted_at is not null' },
    { name: 'messages_of_sender', properties: ['chat_id', 'sender_id', 'n'], where: 'deleted_at is null' },
    { name: 'messages_deleted_of_sender', properties: ['chat_id', 'sender_id', 'n'], where: 'deleted_at is not null' },
  ],
})

const events = defineEntity({
  name: 'Event',
  tableName: 'events',
  properties: {
    chat_id: p.uuid().primary(),
    seq: p.integer().primary(),
    type: p.text(),
    actor_id: p.uuid(),
    at: time(),
    /** JSON. */
    payload: p.text(),
  },
  indexes: [{ name: 'events_at', properties: ['at'] }],
})

const members = defineEntity({
  name: 'Member',
  tableName: 'members',
  properties: {
    chat_id: p.uuid().primary(),
    user_id: p.uuid().primary(),
    role: p.text(),
    joined_seq: p.integer(),
    joined_at: time(),
    read_seq: p.integer(),
    read_n: p.integer(),
    read_at: time(),
    /** Off the member's list for as long as this is the chat's `head_n`. */
    hidden_n: p.integer().nullable(),
    /** Archived for as long as this is the chat's `head_n`. */
    archived_n: p.integer().nullable(),
    pinned_at: time().nullable(),
    is_marked_unread: p.boolean().nullable(),
    /** When the four above were last changed by their member; grows with each change. */
    own_at: time().nullable(),
    /** Of the messages with `n` above `own_from_n` up to `own_to_n`, `own_between` are the member's own, deleted ones included. */
    own_from_n: p.integer().nullable(),
    own_to_n: p.integer().nullable(),
    own_between: p.integer().nullable(),
    muted_until: time().nullable(),
    /** When the chat appeared to a member who had not opened it; 0: not yet. Null: by joining. */
    shown_at: time().nullable(),
  },
  indexes: [
    { name: 'members_user_id', properties: ['user_id', 'chat_id'] },
    { name: 'members_by_joining', properties: ['chat_id', 'joined_seq', 'user_id'] },
    { name: 'members_pinned', properties: ['user_id', 'chat_id'], where: 'pinned_at is not null' },
    { name: 'members_own', properties: ['user_id', 'own_at'], where: 'own_at is not null' },
  ],
})

/** When who had read how far. */
const marks = defineEntity({
  name: 'Mark',
  tableName: 'marks',
  properties: {
    chat_id: p.uuid().primary(),
    user_id: p.uuid().primary(),
    read_seq: p.integer().primary(),
    at: time(),
  },
})

const settings = defineEntity({
  name: 'Setting',
  tableName: 'settings',
  properties: {
    key: p.text().primary(),
    value: p.text(),
  },
})

/** Deleted chats of which some messages, events or marks are still there. */
const goneChats = defineEntity({
  name: 'GoneChat',
  tableName: 'gone_chats',
  properties: { chat_id: p.uuid().primary() },
})

export const entities = {
  chats,
  messages,
  events,
  members,
  marks,
  mentions,
  reactions,
  reaction_sums: reactionSums,
  pins,
  files,
  blobs,
  file_links: fileLinks,
  uploads,
  sessions,
  users,
  keys,
  external_sessions: externalSessions,
  settings,
  gone_chats: goneChats,
  ...relayTables,
  ...accountTables,
  ...orderTables,
  ...consentTables,
}

/** The tables, defined once for both databases. Times are epoch milliseconds. What serves the search differs, and only the migrations make it. */
export const tables = Object.values(entities)
