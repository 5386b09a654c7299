import { Migration } from '@mikro-orm/migrations'

export class Tables extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const statements = [
  `create table {chats} (id text not null primary key, kind text not null, name text null, folded_name text null, key text null,
    created_at bigint not null, head_seq integer not null, head_n integer not null, head_at bigint not null,
    member_seq integer not null, member_n integer not null, last_message_at bigint not null)`,
  'create unique index {chats_key} on {chats} (key)',

  `create table {messages} (id text not null primary key, chat_id text not null, sender_id text not null,
    at bigint not null, seq integer not null, n integer not null, version integer not null, changed_seq integer not null,
    client_message_id text not null, body_hash text not null, text text null, folded text null, reply_to text null,
    edited_at bigint null, deleted_at bigint null)`,
  'create unique index {messages_chat_id_seq} on {messages} (chat_id, seq)',
  'create unique index {messages_sent_once} on {messages} (chat_id, sender_id, client_message_id)',
  'create index {messages_deleted} on {messages} (chat_id, n) where deleted_at is not null',
  'create index {messages_of_sender} on {messages} (chat_id, sender_id, n) where deleted_at is null',

  `create table {events} (chat_id text not null, seq integer not null, type text not null, actor_id text not null, at bigint not null,
    payload text not null, primary key (chat_id, seq))`,

  `create table {members} (chat_id text not null, user_id text not null, role text not null, joined_seq integer not null,
    joined_at bigint not null, read_seq integer not null, read_n integer not null, read_at bigint not null, hidden_n integer null,
    primary key (chat_id, user_id)) without rowid`,
  'create index {members_user_id} on {members} (user_id, chat_id)',

  `create table {marks} (chat_id text not null, user_id text not null, read_seq integer not null, at bigint not null,
    primary key (chat_id, user_id, read_seq)) without rowid`,

  `create table {users} (id text not null primary key, username text null, name text null, folded_name text null, email text null,
    password_hash text null, created_at bigint not null, last_seen_at bigint null, erased_at bigint null, is_erasing integer not null)`,
  'create unique index {users_username} on {users} (username)',
  'create unique index {users_email} on {users} (email)',
  'create index {users_by_name} on {users} (folded_name, id)',
  'create index {users_erasing} on {users} (id) where is_erasing',

  `create table {sessions} (id text not null primary key, user_id text not null, device_name text null, created_at bigint not null,
    last_used_at bigint not null, expires_at bigint not null, ended_at bigint null, generation integer not null, spent_at text not null)`,
  'create index {sessions_user_id} on {sessions} (user_id)',
  'create index {sessions_expires_at} on {sessions} (expires_at)',
  'create index {sessions_ended_at} on {sessions} (ended_at) where ended_at is not null',

  'create table {settings} (key text not null primary key, value text not null)',
  `insert into {settings} (key, value) values ('epoch', lower(hex(randomblob(16))))`,
]
