import { Migration } from '@mikro-orm/migrations'

/** Pictures of chats; a file that is no user's and no chat's picture any more is loose: 0 until a collection gives it a time. */
export class Avatars extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const statements = [
  'alter table {chats} add column avatar uuid null',
  'create index chats_avatar on {chats} (avatar) where avatar is not null',
  `create function {chat_avatar_went}() returns trigger language plpgsql as $$ begin
    update {files} set loose_since = 0 where id = old.avatar and loose_since is null;
    return null;
  end $$`,
  `create trigger chats_avatar_went after update of avatar on {chats} for each row
    when (old.avatar is not null and old.avatar is distinct from new.avatar) execute function {chat_avatar_went}()`,
  `create trigger chats_went after delete on {chats} for each row when (old.avatar is not null) execute function {chat_avatar_went}()`,
  `create function {user_avatar_went}() returns trigger language plpgsql as $$ begin
    update {files} set loose_since = 0 where id = substr(old.avatar_url, 6)::uuid and loose_since is null;
    return null;
  end $$`,
  `create trigger users_avatar_went after update of avatar_url on {users} for each row
    when (old.avatar_url like 'file:%' and old.avatar_url is distinct from new.avatar_url) execute function {user_avatar_went}()`,
]
