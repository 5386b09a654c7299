import { Migration } from '@mikro-orm/migrations'

/** Rules and descriptions of groups, mutes, bans and invitations. */
export class Order extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const statements = [
  'alter table {chats} add column rules text null',
  'alter table {chats} add column description text null',
  'alter table {members} add column muted_until bigint null',
  `create table {mutes} (chat_id text not null, user_id text not null, until bigint not null, primary key (chat_id, user_id)) without rowid`,
  'create index {mutes_user_id} on {mutes} (user_id)',
  `create table {bans} (chat_id text not null, user_id text not null, by_id text not null, at bigint not null, until bigint null,
    reason text null, primary key (chat_id, user_id)) without rowid`,
  'create index {bans_user_id} on {bans} (user_id)',
  `create table {invitations} (id text not null primary key, chat_id text not null, code_hash text not null, created_by text not null,
    created_at bigint not null, expires_at bigint not null, uses integer null, used integer not null)`,
  'create unique index {invitations_code_hash} on {invitations} (code_hash)',
  'create index {invitations_chat_id} on {invitations} (chat_id)',
  'create index {invitations_created_by} on {invitations} (created_by)',
]
