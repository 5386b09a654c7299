import { defineEntity, p } from '@mikro-orm/core'

const time = () => p.bigint('number')

/** Programs that receive the log: each at its own pace, at least once. */
const consumers = defineEntity({
  name: 'Consumer',
  tableName: 'consumers',
  properties: {
    id: p.uuid().primary(),
    kind: p.text(),
    name: p.text(),
    /** JSON. */
    settings: p.text(),
    /** Milliseconds after which an event is delivered, at the earliest. */
    lag_ms: p.integer(),
    from_at: time(),
    /** Cursors of an earlier generation no longer count. */
    generation: p.integer(),
    /** Raised by whoever changes a consumer or moves its cursors: its holder then reads them again. */
    revision: p.integer(),
    state: p.text(),
    failing_since: time().nullable(),
    behind: p.integer(),
    last_success_at: time().nullable(),
    last_error: p.text().nullable(),
    created_at: time(),
  },
  uniques: [{ name: 'consumers_name', properties: ['name'] }],
})

/** How far a consumer is in a chat. No row: at its beginning. */
const cursors = defineEntity({
  name: 'Cursor',
  tableName: 'cursors',
  properties: {
    consumer_id: p.uuid().primary(),
    chat_id: p.uuid().primary(),
    generation: p.integer(),
    seq: p.integer(),
    /** The end of a range that was attempted, and the types (JSON) that it is limited to: a repeated attempt has the same events. */
    to_seq: p.integer().nullable(),
    types: p.text().nullable(),
    attempts: p.integer(),
    /** Failed attempts after each of which another chat succeeded. */
    counted: p.integer(),
    due_at: time().nullable(),
    error: p.text().nullable(),
  },
})

/** Ranges that were given up. */
const dead = defineEntity({
  name: 'Dead',
  tableName: 'dead',
  properties: {
    consumer_id: p.uuid().primary(),
    chat_id: p.uuid().primary(),
    from_seq: p.integer().primary(),
    to_seq: p.integer(),
    types: p.text().nullable(),
    at: time(),
    error: p.text().nullable(),
    /** It is to be attempted once more. */
    is_due: p.boolean(),
  },
})

const leases = defineEntity({
  name: 'Lease',
  tableName: 'leases',
  properties: { name: p.text().primary(), node: p.text(), until: time() },
})

/** Deleted chats and their last event, until consumers know of them. */
const deletedChats = defineEntity({
  name: 'DeletedChat',
  tableName: 'deleted_chats',
  properties: { chat_id: p.uuid().primary(), seq: p.integer(), actor_id: p.uuid(), at: time() },
  indexes: [{ name: 'deleted_chats_at', properties: ['at'] }],
})

/** Addresses at which other programs post to one chat. */
const inlets = defineEntity({
  name: 'Inlet',
  tableName: 'inlets',
  properties: {
    id: p.uuid().primary(),
    chat_id: p.uuid(),
    bot_id: p.uuid(),
    name: p.text(),
    secret_hash: p.text(),
    created_by: p.uuid(),
    created_at: time(),
  },
  indexes: [{ name: 'inlets_chat_id', properties: ['chat_id'] }],
})

/** Of which messages of a chat a member wants to be notified. */
const notices = defineEntity({
  name: 'Notices',
  tableName: 'notices',
  properties: {
    chat_id: p.uuid().primary(),
    user_id: p.uuid().primary(),
    level: p.text().nullable(),
    muted_until: time().nullable(),
  },
  indexes: [{ name: 'notices_user_id', properties: ['user_id', 'chat_id'] }],
})

const pushDevices = defineEntity({
  name: 'PushDevice',
  tableName: 'push_devices',
  properties: {
    user_id: p.uuid().primary(),
    /** Chosen by the client. */
    id: p.text().primary(),
    session_id: p.uuid(),
    kind: p.text(),
    endpoint: p.text(),
    p256dh: p.text(),
    auth: p.text(),
    content: p.text(),
    level: p.text().nullable(),
    /** When it was kept last. */
    created_at: time(),
  },
  indexes: [
    { name: 'push_devices_endpoint', properties: ['endpoint'] },
    { name: 'push_devices_session_id', properties: ['session_id'] },
  ],
})

/** The latest message of a chat of which a device shows a notification. */
const shown = defineEntity({
  name: 'Shown',
  tableName: 'shown',
  properties: {
    user_id: p.uuid().primary(),
    device_id: p.text().primary(),
    chat_id: p.uuid().primary(),
    seq: p.integer(),
    is_cleared: p.boolean(),
  },
  indexes: [{ name: 'shown_chat_id', properties: ['chat_id'] }],
})

/** The tables of the relay. */
export const relayTables = {
  consumers,
  cursors,
  dead,
  leases,
  deleted_chats: deletedChats,
  inlets,
  notices,
  push_devices: pushDevices,
  shown,
}
