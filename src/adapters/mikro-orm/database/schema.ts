import { defineEntity, p } from '@mikro-orm/core'
import { relayTables } from './tables/relay.ts'

/** Ids are UUIDs. Whatever else a request calls an id names nothing, and Postgres would choke on it. */
export const isUuid = (id: string): boolean => UUID.test(id)
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const time = () => p.bigint('number')

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
    is_settled: p.boolean().nullable(),
  },
  uniques: [{ name: 'chats_key', properties: ['key'] }],
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
    /** Of the messages with `n` above `own_from_n` up to `own_to_n`, `own_between` are the member's own, deleted ones included. */
    own_from_n: p.integer().nullable(),
    own_to_n: p.integer().nullable(),
    own_between: p.integer().nullable(),
  },
  indexes: [
    { name: 'members_user_id', properties: ['user_id', 'chat_id'] },
    { name: 'members_by_joining', properties: ['chat_id', 'joined_seq', 'user_id'] },
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

const users = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: p.uuid().primary(),
    /** This and the name are null once the user is erased. */
    username: p.text().nullable(),
    name: p.text().nullable(),
    folded_name: p.text().nullable(),
    email: p.text().nullable(),
    password_hash: p.text().nullable(),
    created_at: time(),
    last_seen_at: time().nullable(),
    erased_at: time().nullable(),
    /** The deletion has begun and some chat still holds traces. */
    is_erasing: p.boolean(),
    kind: p.text().default('person'),
    /** What another system calls this user. */
    external_id: p.text().nullable(),
    avatar_url: p.text().nullable(),
    /** An address that was not verified yet; several users may have named the same. */
    email_pending: p.text().nullable(),
    disabled_at: time().nullable(),
    /** Tokens that were issued until then are refused. */
    tokens_after: time().nullable(),
    is_admin: p.boolean().default(false),
    /** JSON: who may write, add, and see. */
    privacy: p.text().nullable(),
    /** JSON: what the user wants to be notified of. */
    notices: p.text().nullable(),
  },
  uniques: [
    { name: 'users_username', properties: ['username'] },
    { name: 'users_email', properties: ['email'] },
    { name: 'users_external_id', properties: ['external_id'] },
  ],
  indexes: [
    { name: 'users_by_name', properties: ['folded_name', 'id', 'username'], where: 'erased_at is null' },
    { name: 'users_erasing', properties: ['id'], where: 'is_erasing' },
  ],
})

const sessions = defineEntity({
  name: 'Session',
  tableName: 'sessions',
  properties: {
    id: p.uuid().primary(),
    user_id: p.uuid(),
    device_name: p.text().nullable(),
    created_at: time(),
    last_used_at: time(),
    expires_at: time(),
    ended_at: time().nullable(),
    generation: p.integer(),
    /** JSON: a list of times. */
    spent_at: p.text(),
  },
  indexes: [
    { name: 'sessions_user_id', properties: ['user_id'] },
    { name: 'sessions_expires_at', properties: ['expires_at'] },
    { name: 'sessions_ended_at', properties: ['ended_at'], where: 'ended_at is not null' },
  ],
})

/** Keys of back ends and bots. Of a secret its digest is kept. */
const keys = defineEntity({
  name: 'Key',
  tableName: 'keys',
  properties: {
    id: p.uuid().primary(),
    hash: p.text(),
    name: p.text(),
    /** JSON: a list. */
    scopes: p.text(),
    bot_id: p.uuid().nullable(),
    created_at: time(),
    expires_at: time().nullable(),
    revoked_at: time().nullable(),
  },
  indexes: [{ name: 'keys_bot_id', properties: ['bot_id'], where: 'bot_id is not null' }],
})

/** Sessions that an issuer or the host keeps: known here from their use, or because they ended. */
const externalSessions = defineEntity({
  name: 'ExternalSession',
  tableName: 'external_sessions',
  properties: {
    id: p.uuid().primary(),
    user_id: p.uuid(),
    last_used_at: time(),
    ended_at: time().nullable(),
  },
  indexes: [
    { name: 'external_sessions_user_id', properties: ['user_id'] },
    { name: 'external_sessions_last_used_at', properties: ['last_used_at'] },
  ],
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
  users,
  sessions,
  keys,
  external_sessions: externalSessions,
  settings,
  gone_chats: goneChats,
  ...relayTables,
}

/** The tables, defined once for both databases. Times are epoch milliseconds. What serves the search differs, and only the migrations make it. */
export const tables = Object.values(entities)
