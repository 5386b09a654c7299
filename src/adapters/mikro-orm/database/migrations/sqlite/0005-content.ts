import { Migration } from '@mikro-orm/migrations'

/** What a message and a chat have beside text and name: mentions, reactions, pins, files, data. */
export class Content extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const statements = [
  'alter table {messages} add column content text null',
  'alter table {messages} add column kind text null',
  'alter table {chats} add column data text null',
  `create table {mentions} (chat_id text not null, user_id text not null, seq integer not null, message_id text not null,
    sender_id text not null, at bigint not null, primary key (chat_id, user_id, seq)) without rowid`,
  'create index {mentions_of_message} on {mentions} (chat_id, seq)',
  'create index {mentions_of_user} on {mentions} (user_id, at, message_id)',
  `create table {reactions} (chat_id text not null, message_seq integer not null, emoji text not null, user_id text not null,
    at bigint not null, primary key (chat_id, message_seq, emoji, user_id)) without rowid`,
  'create index {reactions_of_member} on {reactions} (chat_id, user_id, message_seq)',
  'create index {reactions_of_user} on {reactions} (user_id, chat_id)',
  `create table {reaction_sums} (chat_id text not null, message_seq integer not null, changed_seq integer not null, sums text not null,
    primary key (chat_id, message_seq)) without rowid`,
  `create table {pins} (chat_id text not null, message_id text not null, message_seq integer not null, pin_seq integer not null,
    user_id text not null, at bigint not null, primary key (chat_id, message_id)) without rowid`,
  `create table {files} (id text not null primary key, owner_id text not null, sha256 text not null, sent_sha256 text not null,
    name text not null, size bigint not null, type text not null, kind text not null, width integer null, height integer null,
    thumbhash text null, client_file_id text null, created_at bigint not null, loose_since bigint null)`,
  'create unique index {files_sent_once} on {files} (owner_id, client_file_id)',
  'create index {files_sha256} on {files} (sha256)',
  'create index {files_loose} on {files} (loose_since) where loose_since is not null',
  `create table {blobs} (sha256 text not null primary key, size bigint not null, has_previews integer not null, unused_since bigint null)`,
  `create table {file_links} (chat_id text not null, message_seq integer not null, file_id text not null, place integer not null,
    kind text not null, message_id text not null, sender_id text not null, primary key (chat_id, message_seq, file_id)) without rowid`,
  'create index {file_links_of_file} on {file_links} (file_id, chat_id)',
  'create index {file_links_of_kind} on {file_links} (chat_id, kind, message_seq)',
  `create table {uploads} (id text not null primary key, owner_id text not null, name text not null, client_file_id text null,
    length bigint not null, received bigint not null, pieces text not null, expires_at bigint not null)`,
  'create unique index {uploads_sent_once} on {uploads} (owner_id, client_file_id)',
  'create index {uploads_expires_at} on {uploads} (expires_at)',
  // An update that leaves what is searched as it was must not take its block out of the index.
  'drop trigger {messages_changed}',
  `create trigger {messages_changed} after update of folded on {messages} when old.folded is not new.folded begin
    delete from {search_blocks} where chat_id = old.chat_id and block = old.seq / 128;
  end`,
  'drop trigger {messages_changed_in_pack}',
  `create trigger {messages_changed_in_pack} after update of folded on {messages} when old.folded is not new.folded begin
    update {search_places} set settled_at = null, pack = null where chat_id = old.chat_id and pack is not null;
  end`,
]
