import { Migration } from '@mikro-orm/migrations'

/**
 * What lets a read cost as much as what it answers: members in the order of joining, people by the grams of their names, and for people
 * with many chats which of these stand still (`settled_at`), in which pack of grams their texts are (`pack`).
 */
export class Reading extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const NAMES = (row: string) => `${row}.folded_name || char(10) || coalesce(${row}.username, '')`
const FORGET = (row: string) =>
  `delete from {search_people_grams} where rowid = (select row from {search_people} where user_id = ${row}.id)`

const statements = [
  'create index {members_by_joining} on {members} (chat_id, joined_seq, user_id)',
  'alter table {members} add column own_from_n integer null',
  'alter table {members} add column own_to_n integer null',
  'alter table {members} add column own_between integer null',
  'create index {messages_deleted_of_sender} on {messages} (chat_id, sender_id, n) where deleted_at is not null',

  'drop index {users_by_name}',
  'create index {users_by_name} on {users} (folded_name, id, username) where erased_at is null',
  'create table {search_people} (row integer primary key, user_id text not null unique)',
  `create virtual table {search_people_grams} using fts5 (names, content='', contentless_delete=1, tokenize='trigram case_sensitive 1')`,
  'insert into {search_people} (user_id) select id from {users} where erased_at is null',
  `insert into {search_people_grams} (rowid, names) select p.row, ${NAMES('u')} from {search_people} p join {users} u on u.id = p.user_id`,
  `create trigger {users_added} after insert on {users} when new.erased_at is null begin
    insert into {search_people} (user_id) values (new.id);
    insert into {search_people_grams} (rowid, names) select row, ${NAMES('new')} from {search_people} where user_id = new.id;
  end`,
  `create trigger {users_renamed} after update of folded_name, username on {users}
    when new.erased_at is null and (old.folded_name is not new.folded_name or old.username is not new.username) begin
    ${FORGET('new')};
    insert into {search_people_grams} (rowid, names) select row, ${NAMES('new')} from {search_people} where user_id = new.id;
  end`,
  `create trigger {users_erased} after update of erased_at on {users} when old.erased_at is null and new.erased_at is not null begin
    ${FORGET('old')};
    delete from {search_people} where user_id = old.id;
    delete from {search_packs} where user_id = old.id;
  end`,

  'alter table {chats} add column is_settled integer null',
  `create table {search_places} (chat_id text not null, user_id text not null, settled_at bigint null, pack integer null,
    primary key (chat_id, user_id)) without rowid`,
  'create index {search_places_settled} on {search_places} (user_id, settled_at, chat_id)',
  'create index {search_places_packs} on {search_places} (user_id, pack, chat_id)',
  'create table {search_packs} (row integer primary key, user_id text not null, pack integer not null, unique (user_id, pack))',
  `create virtual table {search_pack_grams} using fts5 (grams, content='', contentless_delete=1, detail=none, tokenize='ascii')`,
  `create trigger {search_packs_forgotten} after delete on {search_packs} begin
    delete from {search_pack_grams} where rowid = old.row;
  end`,
  'insert into {search_places} (chat_id, user_id) select chat_id, user_id from {members}',
  `create trigger {members_came} after insert on {members} begin
    insert into {search_places} (chat_id, user_id) values (new.chat_id, new.user_id);
  end`,
  `create trigger {members_went} after delete on {members} begin
    delete from {search_places} where chat_id = old.chat_id and user_id = old.user_id;
  end`,
  `create trigger {chats_moved} after update of last_message_at on {chats} when old.is_settled and old.last_message_at <> new.last_message_at begin
    update {search_places} set settled_at = null, pack = null where chat_id = new.id and settled_at is not null;
    update {chats} set is_settled = null where id = new.id;
  end`,
  `create trigger {messages_changed_in_pack} after update of folded on {messages} begin
    update {search_places} set settled_at = null, pack = null where chat_id = old.chat_id and pack is not null;
  end`,
]
