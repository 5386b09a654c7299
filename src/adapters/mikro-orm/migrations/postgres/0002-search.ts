import { Migration } from '@mikro-orm/migrations'

/** What `search.ts` keeps to skip messages: the texts of each indexed block of a chat's log, with their trigrams where there is pg_trgm. */
export class Search extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const statements = [
  `create table search_blocks (chat_id uuid not null, block int not null, folded text collate "C" not null, primary key (chat_id, block))`,
  // Without the extension the blocks are read through: slower, and the same answers.
  `do $$ begin
    create extension if not exists pg_trgm;
    create index search_trigrams on search_blocks using gin (folded gin_trgm_ops);
  exception when insufficient_privilege or undefined_file or feature_not_supported or undefined_object then
    raise notice 'pg_trgm cannot be had';
  end $$`,
  // A text that changes or goes takes its block out of the index; a later search puts it back.
  `create function search_forget() returns trigger language plpgsql as $$ begin
    delete from search_blocks where (chat_id, block) in (select distinct chat_id, seq >> 8 from old_messages);
    return null;
  end $$`,
  `create trigger messages_changed after update on messages referencing old table as old_messages
    for each statement execute function search_forget()`,
  `create trigger messages_gone after delete on messages referencing old table as old_messages
    for each statement execute function search_forget()`,
]
