import { Migration } from '@mikro-orm/migrations'

/** Pictures of chats; a file that is no user's and no chat's picture any more is loose: 0 until a collection gives it a time. */
export class Avatars extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const loose = (id: string) => `update {files} set loose_since = 0 where id = ${id} and loose_since is null;`

const statements = [
  'alter table {chats} add column avatar text null',
  'create index {chats_avatar} on {chats} (avatar) where avatar is not null',
  `create trigger {chats_avatar_went} after update of avatar on {chats} when old.avatar is not null and old.avatar is not new.avatar begin
    ${loose('old.avatar')}
  end`,
  `create trigger {chats_went} after delete on {chats} when old.avatar is not null begin
    ${loose('old.avatar')}
  end`,
  `create trigger {users_avatar_went} after update of avatar_url on {users}
    when old.avatar_url like 'file:%' and old.avatar_url is not new.avatar_url begin
    ${loose('substr(old.avatar_url, 6)')}
  end`,
]
