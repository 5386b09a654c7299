import { Migration } from '@mikro-orm/migrations'

/**
 * What the relay keeps: consumers of the log with a cursor per chat, ranges that were given up, and leases; deleted chats, until consumers
 * know of them; inlets, settings of notifications, devices for Web Push and what was shown on them.
 */
export class Relay extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const statements = [
  `create table {consumers} (id text not null primary key, kind text not null, name text not null, settings text not null, lag_ms integer not null,
    from_at bigint not null, generation integer not null, revision integer not null, state text not null, failing_since bigint null,
    behind integer not null, last_success_at bigint null, last_error text null, created_at bigint not null)`,
  `create table {cursors} (consumer_id text not null, chat_id text not null, generation integer not null, seq integer not null, to_seq integer null, types text null,
    attempts integer not null, counted integer not null, due_at bigint null, error text null, primary key (consumer_id, chat_id))`,
  `create table {dead} (consumer_id text not null, chat_id text not null, from_seq integer not null, to_seq integer not null, types text null, at bigint not null,
    error text null, is_due integer not null, primary key (consumer_id, chat_id, from_seq))`,
  `create table {leases} (name text not null primary key, node text not null, until bigint not null)`,
  `create table {deleted_chats} (chat_id text not null primary key, seq integer not null, actor_id text not null, at bigint not null)`,
  `create table {inlets} (id text not null primary key, chat_id text not null, bot_id text not null, name text not null, secret_hash text not null,
    created_by text not null, created_at bigint not null)`,
  `create table {notices} (chat_id text not null, user_id text not null, level text null, muted_until bigint null, primary key (chat_id, user_id))`,
  `create table {push_devices} (user_id text not null, id text not null, session_id text not null, kind text not null, endpoint text not null,
    p256dh text not null, auth text not null, content text not null, level text null, created_at bigint not null, primary key (user_id, id))`,
  `create table {shown} (user_id text not null, device_id text not null, chat_id text not null, seq integer not null, is_cleared integer not null,
    primary key (user_id, device_id, chat_id))`,
  'create unique index {consumers_name} on {consumers} (name)',
  'create index {events_at} on {events} (at)',
  'create index {deleted_chats_at} on {deleted_chats} (at)',
  'create index {inlets_chat_id} on {inlets} (chat_id)',
  'create index {notices_user_id} on {notices} (user_id, chat_id)',
  'create index {push_devices_endpoint} on {push_devices} (endpoint)',
  'create index {shown_chat_id} on {shown} (chat_id)',
]
