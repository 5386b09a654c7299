import { Migration } from '@mikro-orm/migrations'

/** What ends access is found by its time. */
export class Endings extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const statements = [
  'create index {users_erased_at} on {users} (erased_at) where erased_at is not null',
  'create index {users_disabled_at} on {users} (disabled_at) where disabled_at is not null',
  'create index {users_tokens_after} on {users} (tokens_after) where tokens_after is not null',
  'create index {external_sessions_ended_at} on {external_sessions} (ended_at) where ended_at is not null',
  'create index {keys_revoked_at} on {keys} (revoked_at) where revoked_at is not null',
  'create index {keys_expires_at} on {keys} (expires_at) where expires_at is not null',
]
