import { Migration } from '@mikro-orm/migrations'

export class Tables extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const statements = [
  // Heads and marks move with every message: room on the page keeps the new row there, and no index is touched.
  `create table {chats} (id uuid not null primary key, created_at bigint not null, head_at bigint not null, last_message_at bigint not null,
    head_seq int not null, head_n int not null, member_seq int not null, member_n int not null,
    kind text collate "C" not null, name text null, folded_name text collate "C" null, key text collate "C" null,
    constraint chats_key unique (key)
  ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500)`,

  `create table {messages} (id uuid not null primary key, chat_id uuid not null, sender_id uuid not null, at bigint not null,
    seq int not null, n int not null, version int not null, changed_seq int not null,
    client_message_id text collate "C" not null, body_hash text collate "C" not null, text text null, folded text collate "C" null,
    reply_to uuid null, edited_at bigint null, deleted_at bigint null,
    constraint messages_chat_id_seq unique (chat_id, seq),
    constraint messages_sent_once unique (chat_id, sender_id, client_message_id))`,
  'create index messages_deleted on {messages} (chat_id, n) where deleted_at is not null',
  'create index messages_of_sender on {messages} (chat_id, sender_id, n) where deleted_at is null',

  `create table {events} (chat_id uuid not null, seq int not null, type text collate "C" not null, actor_id uuid not null,
    at bigint not null, payload text not null, primary key (chat_id, seq))`,

  `create table {members} (chat_id uuid not null, user_id uuid not null, joined_at bigint not null, read_at bigint not null,
    joined_seq int not null, read_seq int not null, read_n int not null, hidden_n int null, role text collate "C" not null,
    primary key (chat_id, user_id)
  ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500)`,
  'create index members_user_id on {members} (user_id, chat_id)',

  `create table {marks} (chat_id uuid not null, user_id uuid not null, read_seq int not null, at bigint not null,
    primary key (chat_id, user_id, read_seq))`,

  `create table {users} (id uuid not null primary key, username text collate "C" null, name text null, folded_name text collate "C" null,
    email text collate "C" null, password_hash text null, created_at bigint not null, last_seen_at bigint null, erased_at bigint null,
    is_erasing boolean not null,
    constraint users_username unique (username), constraint users_email unique (email)) with (fillfactor = 80)`,
  'create index users_by_name on {users} (folded_name, id)',
  'create index users_erasing on {users} (id) where is_erasing',

  `create table {sessions} (id uuid not null primary key, user_id uuid not null, device_name text null, created_at bigint not null,
    last_used_at bigint not null, expires_at bigint not null, ended_at bigint null, generation int not null, spent_at text not null
  ) with (fillfactor = 80)`,
  'create index sessions_user_id on {sessions} (user_id)',
  'create index sessions_expires_at on {sessions} (expires_at)',
  'create index sessions_ended_at on {sessions} (ended_at) where ended_at is not null',

  'create table {settings} (key text collate "C" not null primary key, value text not null)',
  `insert into {settings} (key, value) values ('epoch', gen_random_uuid()::text)`,
]
