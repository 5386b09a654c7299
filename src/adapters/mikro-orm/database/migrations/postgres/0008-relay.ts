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
  `create table {consumers} (id uuid not null primary key, kind text collate "C" not null, name text collate "C" not null, settings text collate "C" not null, lag_ms int not null,
    from_at bigint not null, generation int not null, revision int not null, state text collate "C" not null, failing_since bigint null,
    behind int not null, last_success_at bigint null, last_error text collate "C" null, created_at bigint not null)`,
  `create table {cursors} (consumer_id uuid not null, chat_id uuid not null, generation int not null, seq int not null, to_seq int null, types text collate "C" null,
    attempts int not null, counted int not null, due_at bigint null, error text collate "C" null, primary key (consumer_id, chat_id))`,
  `create table {dead} (consumer_id uuid not null, chat_id uuid not null, from_seq int not null, to_seq int not null, types text collate "C" null, at bigint not null,
    error text collate "C" null, is_due boolean not null, primary key (consumer_id, chat_id, from_seq))`,
  `create table {leases} (name text collate "C" not null primary key, node text collate "C" not null, until bigint not null)`,
  `create table {deleted_chats} (chat_id uuid not null primary key, seq int not null, actor_id uuid not null, at bigint not null)`,
  `create table {inlets} (id uuid not null primary key, chat_id uuid not null, bot_id uuid not null, name text collate "C" not null, secret_hash text collate "C" not null,
    created_by uuid not null, created_at bigint not null)`,
  `create table {notices} (chat_id uuid not null, user_id uuid not null, level text collate "C" null, muted_until bigint null, primary key (chat_id, user_id))`,
  `create table {push_devices} (user_id uuid not null, id text collate "C" not null, session_id uuid not null, kind text collate "C" not null, endpoint text collate "C" not null,
    p256dh text collate "C" not null, auth text collate "C" not null, content text collate "C" not null, level text collate "C" null, created_at bigint not null, primary key (user_id, id))`,
  `create table {shown} (user_id uuid not null, device_id text collate "C" not null, chat_id uuid not null, seq int not null, is_cleared boolean not null,
    primary key (user_id, device_id, chat_id))`,
  'alter table {consumers} add constraint consumers_name unique (name)',
  'create index events_at on {events} (at)',
  'create index deleted_chats_at on {deleted_chats} (at)',
  'create index inlets_chat_id on {inlets} (chat_id)',
  'create index notices_user_id on {notices} (user_id, chat_id)',
  'create index push_devices_endpoint on {push_devices} (endpoint)',
  'create index shown_chat_id on {shown} (chat_id)',
]
