import { Migration } from '@mikro-orm/migrations'

/** What each member makes of a chat: pinned, archived, marked as unread. */
export class OwnState extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const statements = [
  'alter table {members} add column archived_n int null',
  'alter table {members} add column pinned_at bigint null',
  'alter table {members} add column is_marked_unread boolean null',
  'alter table {members} add column own_at bigint null',
  'create index members_pinned on {members} (user_id, chat_id) where pinned_at is not null',
  'create index members_own on {members} (user_id, own_at) where own_at is not null',
]
