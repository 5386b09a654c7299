import { Migration } from '@mikro-orm/migrations'

/**
 * Which chats have left their bits in which pack, for as long as the pack is there: a pack that holds bits of a text that is gone is spoilt.
 * It rules out nothing any more, and the next search of its owner lets others take its place.
 */
export class Packed extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const statements = [
  'create index bans_by_id on {bans} (by_id) where reason is not null',
  'alter table {search_packs} add column is_spoilt boolean not null default false',
  'create table {search_packed} (chat_id uuid not null, user_id uuid not null, pack int not null, primary key (chat_id, user_id, pack))',
  'create index search_packed_in on {search_packed} (user_id, pack)',
  // Nobody knows what is in those that were made before.
  'delete from {search_packs}',
  'update {search_places} set settled_at = null, pack = null where pack is not null',
  `create function {search_unpack}() returns trigger language plpgsql as $$ begin
    delete from {search_packed} where user_id = old.user_id and pack = old.pack;
    return null;
  end $$`,
  'create trigger search_packs_gone after delete on {search_packs} for each row execute function {search_unpack}()',
  `create trigger search_packs_spoilt after update of is_spoilt on {search_packs} for each row
    when (new.is_spoilt) execute function {search_unpack}()`,
  // A signature of ones has every gram.
  `create function {search_spoil}(ids uuid[]) returns void language sql as $$
    update {search_packs} set is_spoilt = true, signature = decode(repeat('ff', 4000), 'hex')
      where (user_id, pack) in (select user_id, pack from {search_packed} where chat_id = any (ids)) and not is_spoilt
  $$`,
  `create or replace function {search_changed}() returns trigger language plpgsql as $$
    declare ids uuid[]; blocks int[]; gone uuid[];
    begin
      select array_agg(chat_id), array_agg(block) into ids, blocks from (select distinct chat_id, seq / 128 as block
        from (select chat_id, seq, folded from old_messages except select chat_id, seq, folded from new_messages) as changed) as places;
      if ids is null then return null; end if;
      delete from {search_blocks} where (chat_id, block) in (select * from unnest(ids, blocks));
      update {search_places} set settled_at = null, pack = null where chat_id = any (ids) and pack is not null;
      select array_agg(distinct chat_id) into gone from new_messages where folded is null;
      perform {search_spoil}(gone);
      return null;
    end $$`,
  `create or replace function {search_forget}() returns trigger language plpgsql as $$
    declare ids uuid[];
    begin
      select array_agg(distinct chat_id) into ids from old_messages;
      delete from {search_blocks} where (chat_id, block) in (select distinct chat_id, seq / 128 from old_messages);
      update {search_places} set settled_at = null, pack = null where chat_id = any (ids) and pack is not null;
      perform {search_spoil}(ids);
      return null;
    end $$`,
]
