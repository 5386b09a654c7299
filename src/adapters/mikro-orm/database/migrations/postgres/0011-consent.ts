import { Migration } from '@mikro-orm/migrations'

/** Blocks between users, and what sending to a chat has to look at: in private chats, who has not written yet. */
export class Consent extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const statements = [
  'alter table {chats} add column guard int not null default 0',
  `update {chats} as c set guard = case when exists (select 1 from {messages} m where m.chat_id = c.id and m.sender_id = substr(key, 6, 36)::uuid) then 0 else 2 end
    + case when exists (select 1 from {messages} m where m.chat_id = c.id and m.sender_id = substr(key, 43, 36)::uuid) then 0 else 4 end where kind = 'private' and key is not null`,
  'create table {blocks} (user_id uuid not null, blocked_id uuid not null, at bigint not null, primary key (user_id, blocked_id))',
  'create index blocks_blocked_id on {blocks} (blocked_id, user_id)',
  `create table {reports} (id uuid not null primary key, about_chat uuid not null, message_id uuid not null, author_id uuid not null,
    reporter_id uuid not null, reason text not null, comment text null, text text null, sent_at bigint not null, at bigint not null,
    action text null, resolved_at bigint null, resolved_by uuid null)`,
  'create unique index reports_once on {reports} (message_id, reporter_id)',
  'create index reports_at on {reports} (at, id)',
  'create index reports_open on {reports} (at, id) where resolved_at is null',
  'create index reports_resolved_at on {reports} (resolved_at) where resolved_at is not null',
  'create index reports_reporter_id on {reports} (reporter_id)',
  'create table {stay_outs} (chat_id uuid not null, user_id uuid not null, at bigint not null, primary key (chat_id, user_id))',
  'create index stay_outs_user_id on {stay_outs} (user_id)',
]
