import { Migration } from '@mikro-orm/migrations'

/** Users ask to be let into groups, by invitations that need approval. */
export class Requests extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const statements = [
  'alter table {invitations} add column approval int null',
  `create table {join_requests} (chat_id uuid not null, user_id uuid not null, invitation_id uuid not null, at bigint not null,
    primary key (chat_id, user_id))`,
  'create index join_requests_user_id on {join_requests} (user_id)',
]
