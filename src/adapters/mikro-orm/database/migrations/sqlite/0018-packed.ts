import { Migration } from '@mikro-orm/migrations'

/**
 * Which chats have left their grams in which pack, for as long as the pack is there: a pack that holds grams of a text that is gone is spoilt.
 * It rules out nothing any more, and the next search of its owner lets others take its place.
 */
export class Packed extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const UNPACK = 'delete from {search_packed} where user_id = old.user_id and pack = old.pack;'
const SPOIL = `update {search_packs} set is_spoilt = 1 where not is_spoilt and row in (
    select k.row from {search_packed} d join {search_packs} k on k.user_id = d.user_id and k.pack = d.pack where d.chat_id = old.chat_id);`

const statements = [
  'create index {bans_by_id} on {bans} (by_id) where reason is not null',
  'alter table {search_packs} add column is_spoilt integer not null default 0',
  `create table {search_packed} (chat_id text not null, user_id text not null, pack integer not null,
    primary key (chat_id, user_id, pack)) without rowid`,
  'create index {search_packed_in} on {search_packed} (user_id, pack)',
  // Nobody knows what is in those that were made before.
  'delete from {search_packs}',
  'update {search_places} set settled_at = null, pack = null where pack is not null',
  `create trigger {search_packs_gone} after delete on {search_packs} begin
    ${UNPACK}
  end`,
  `create trigger {search_packs_spoilt} after update of is_spoilt on {search_packs} when new.is_spoilt begin
    delete from {search_pack_grams} where rowid = old.row;
    ${UNPACK}
  end`,
  `create trigger {messages_gone_from_packs} after delete on {messages} begin
    ${SPOIL}
  end`,
  `create trigger {texts_gone_from_packs} after update of folded on {messages} when new.folded is null and old.folded is not null begin
    ${SPOIL}
  end`,
]
