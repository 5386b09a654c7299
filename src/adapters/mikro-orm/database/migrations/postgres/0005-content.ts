import { Migration } from '@mikro-orm/migrations'

/** What a message and a chat have beside text and name: mentions, reactions, pins, files, data. */
export class Content extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const statements = [
  'alter table {messages} add column content text null, add column kind text collate "C" null',
  'alter table {chats} add column data text null',
  `create table {mentions} (chat_id uuid not null, user_id uuid not null, seq int not null, message_id uuid not null,
    sender_id uuid not null, at bigint not null, primary key (chat_id, user_id, seq))`,
  'create index mentions_of_message on {mentions} (chat_id, seq)',
  'create index mentions_of_user on {mentions} (user_id, at, message_id)',
  `create table {reactions} (chat_id uuid not null, message_seq int not null, emoji text collate "C" not null, user_id uuid not null,
    at bigint not null, primary key (chat_id, message_seq, emoji, user_id))`,
  'create index reactions_of_member on {reactions} (chat_id, user_id, message_seq)',
  'create index reactions_of_user on {reactions} (user_id, chat_id)',
  `create table {reaction_sums} (chat_id uuid not null, message_seq int not null, changed_seq int not null, sums text not null,
    primary key (chat_id, message_seq))`,
  `create table {pins} (chat_id uuid not null, message_id uuid not null, message_seq int not null, pin_seq int not null,
    user_id uuid not null, at bigint not null, primary key (chat_id, message_id))`,
  `create table {files} (id uuid not null primary key, owner_id uuid not null, sha256 text collate "C" not null,
    sent_sha256 text collate "C" not null, name text not null, size bigint not null, type text collate "C" not null, kind text collate "C" not null,
    width int null, height int null,
    thumbhash text collate "C" null, client_file_id text collate "C" null, created_at bigint not null,
    loose_since bigint null,
    constraint files_sent_once unique (owner_id, client_file_id))`,
  'create index files_sha256 on {files} (sha256)',
  'create index files_loose on {files} (loose_since) where loose_since is not null',
  `create table {blobs} (sha256 text collate "C" not null primary key, size bigint not null, has_previews boolean not null,
    unused_since bigint null)`,
  `create table {file_links} (chat_id uuid not null, message_seq int not null, file_id uuid not null, place int not null,
    kind text collate "C" not null, message_id uuid not null, sender_id uuid not null, primary key (chat_id, message_seq, file_id))`,
  'create index file_links_of_file on {file_links} (file_id, chat_id)',
  'create index file_links_of_kind on {file_links} (chat_id, kind, message_seq)',
  `create table {uploads} (id uuid not null primary key, owner_id uuid not null, name text not null, client_file_id text collate "C" null,
    length bigint not null, received bigint not null, pieces text not null, expires_at bigint not null,
    constraint uploads_sent_once unique (owner_id, client_file_id))`,
  'create index uploads_expires_at on {uploads} (expires_at)',
  // An update that leaves what is searched as it was must not take its block out of the index.
  'drop trigger messages_changed on {messages}',
  `create function {search_changed}() returns trigger language plpgsql as $$
    declare ids uuid[]; blocks int[];
    begin
      select array_agg(chat_id), array_agg(block) into ids, blocks from (select distinct chat_id, seq / 128 as block
        from (select chat_id, seq, folded from old_messages except select chat_id, seq, folded from new_messages) as changed) as places;
      if ids is null then return null; end if;
      delete from {search_blocks} where (chat_id, block) in (select * from unnest(ids, blocks));
      update {search_places} set settled_at = null, pack = null where chat_id = any (ids) and pack is not null;
      return null;
    end $$`,
  `create trigger messages_changed after update on {messages} referencing old table as old_messages new table as new_messages
    for each statement execute function {search_changed}()`,
]
