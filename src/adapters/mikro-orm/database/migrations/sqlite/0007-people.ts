import { Migration } from '@mikro-orm/migrations'
import { SYSTEM_ID } from '../../../../../domain/ids.ts'

/** People of other systems, keys of back ends, sessions that another system keeps, and the user `system`. */
export class People extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const NEW_COLUMNS = [
  `kind text not null default 'person'`,
  'external_id text null',
  'avatar_url text null',
  'email_pending text null',
  'disabled_at bigint null',
  'tokens_after bigint null',
  'is_admin integer not null default false',
  'privacy text null',
  'notices text null',
]

const statements = [
  ...NEW_COLUMNS.map((column) => `alter table {users} add column ${column}`),
  'create unique index {users_external_id} on {users} (external_id)',
  `create index {users_guests} on {users} (id) where kind = 'guest'`,
  `create table {keys} (id text not null primary key, hash text not null, name text not null, scopes text not null, bot_id text null,
    created_at bigint not null, expires_at bigint null, revoked_at bigint null)`,
  'create index {keys_bot_id} on {keys} (bot_id) where bot_id is not null',
  `create table {external_sessions} (id text not null primary key, user_id text not null, last_used_at bigint not null, ended_at bigint null)`,
  'create index {external_sessions_user_id} on {external_sessions} (user_id)',
  'create index {external_sessions_last_used_at} on {external_sessions} (last_used_at)',
  // Without a folded name no search finds it.
  `insert into {users} (id, username, name, created_at, is_erasing, kind)
    select '${SYSTEM_ID}', case when exists (select 1 from {users} where username = 'system') then null else 'system' end, 'System', 0, 0, 'system'`,
]
