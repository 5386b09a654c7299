import { Migration } from '@mikro-orm/migrations'

/**
 * What lets a read cost as much as what it answers: members in the order of joining, people by the grams of their names, and for people
 * with many chats which of these stand still (`settled_at`), in which pack of signatures their texts are (`pack`).
 */
export class Reading extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

/** No name has a line break. */
const NAMES = (row: string) => `${row}.folded_name || chr(10) || coalesce(${row}.username, '')`

const statements = [
  'create index members_by_joining on {members} (chat_id, joined_seq, user_id)',
  'alter table {members} add column own_from_n int null, add column own_to_n int null, add column own_between int null',
  'create index messages_deleted_of_sender on {messages} (chat_id, sender_id, n) where deleted_at is not null',

  'drop index {users_by_name}',
  'create index users_by_name on {users} (folded_name, id, username) where erased_at is null',
  `create function {search_grams_of}(names text) returns text[] language plpgsql immutable as $$
    declare grams text[] := '{}';
    begin
      for i in 1 .. length(names) - 1 loop grams := grams || substr(names, i, 2) || substr(names, i, 3); end loop;
      return grams;
    end
  $$`,
  'create table {search_people} (user_id uuid not null primary key, names text collate "C" not null)',
  `insert into {search_people} select u.id, ${NAMES('u')} from {users} u where erased_at is null`,
  // Without a list of pending entries: a search would read it whole.
  'create index search_people_grams on {search_people} using gin ({search_grams_of}(names)) with (fastupdate = off)',
  `create function {search_people_changed}() returns trigger language plpgsql as $$ begin
    delete from {search_people} where user_id = new.id;
    if new.erased_at is null then
      insert into {search_people} values (new.id, ${NAMES('new')});
    else
      delete from {search_packs} where user_id = new.id;
    end if;
    return null;
  end $$`,
  'create trigger users_added after insert on {users} for each row execute function {search_people_changed}()',
  `create trigger users_renamed after update of folded_name, username, erased_at on {users} for each row
    when (old.folded_name is distinct from new.folded_name or old.username is distinct from new.username)
    execute function {search_people_changed}()`,

  'alter table {chats} add column is_settled boolean null',
  `create table {search_places} (chat_id uuid not null, user_id uuid not null, settled_at bigint null, pack int null,
    primary key (chat_id, user_id))`,
  'create index search_places_settled on {search_places} (user_id, settled_at, chat_id)',
  'create index search_places_packs on {search_places} (user_id, pack, chat_id)',
  'create table {search_packs} (user_id uuid not null, pack int not null, signature bytea not null, primary key (user_id, pack))',
  'alter table {search_packs} alter column signature set storage plain, alter column signature set statistics 0',
  'insert into {search_places} (chat_id, user_id) select chat_id, user_id from {members}',
  `create function {search_place}() returns trigger language plpgsql as $$ begin
    insert into {search_places} (chat_id, user_id) select chat_id, user_id from came;
    return null;
  end $$`,
  `create trigger members_came after insert on {members} referencing new table as came for each statement execute function {search_place}()`,
  `create function {search_displace}() returns trigger language plpgsql as $$ begin
    delete from {search_places} where (chat_id, user_id) in (select chat_id, user_id from went);
    return null;
  end $$`,
  `create trigger members_went after delete on {members} referencing old table as went for each statement execute function {search_displace}()`,
  `create function {search_unsettle}() returns trigger language plpgsql as $$ begin
    update {search_places} set settled_at = null, pack = null where chat_id = new.id and settled_at is not null;
    update {chats} set is_settled = null where id = new.id;
    return null;
  end $$`,
  `create trigger chats_moved after update of last_message_at on {chats} for each row
    when (old.is_settled and old.last_message_at <> new.last_message_at) execute function {search_unsettle}()`,
  `create or replace function {search_forget}() returns trigger language plpgsql as $$ begin
    delete from {search_blocks} where (chat_id, block) in (select distinct chat_id, seq / 128 from old_messages);
    update {search_places} set settled_at = null, pack = null
      where chat_id in (select distinct chat_id from old_messages) and pack is not null;
    return null;
  end $$`,
]
