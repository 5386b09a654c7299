import { Migration } from '@mikro-orm/migrations'
import { SYSTEM_ID } from '../../../../../domain/ids.ts'

/** People of other systems, keys of back ends, sessions that another system keeps, and the user `system`. */
export class People extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const statements = [
  `alter table {users} add column kind text collate "C" not null default 'person', add column external_id text collate "C" null,
    add column avatar_url text null, add column email_pending text collate "C" null, add column disabled_at bigint null,
    add column tokens_after bigint null, add column is_admin boolean not null default false, add column privacy text null,
    add column notices text null`,
  'create unique index users_external_id on {users} (external_id)',
  `create index users_guests on {users} (id) where kind = 'guest'`,
  `create table {keys} (id uuid not null primary key, hash text collate "C" not null, name text not null, scopes text not null, bot_id uuid null,
    created_at bigint not null, expires_at bigint null, revoked_at bigint null)`,
  'create index keys_bot_id on {keys} (bot_id) where bot_id is not null',
  `create table {external_sessions} (id uuid not null primary key, user_id uuid not null, last_used_at bigint not null, ended_at bigint null)`,
  'create index external_sessions_user_id on {external_sessions} (user_id)',
  'create index external_sessions_last_used_at on {external_sessions} (last_used_at)',
  // A user without a folded name, such as `system`, is found by no search.
  `create or replace function {search_people_changed}() returns trigger language plpgsql as $$ begin
    delete from {search_people} where user_id = new.id;
    if new.erased_at is not null then
      delete from {search_packs} where user_id = new.id;
    elsif new.folded_name is not null then
      insert into {search_people} values (new.id, new.folded_name || chr(10) || coalesce(new.username, ''));
    end if;
    return null;
  end $$`,
  `insert into {users} (id, username, name, created_at, is_erasing, kind)
    select '${SYSTEM_ID}', case when exists (select 1 from {users} where username = 'system') then null else 'system' end, 'System', 0, false, 'system'`,
]
