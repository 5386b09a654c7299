import { Migration } from '@mikro-orm/migrations'

/** What searches keep to know where not to look: which blocks of a chat's log are indexed, when their messages were sent, and the signature of their grams. */
export class Search extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const statements = [
  `create table {search_blocks} (chat_id uuid not null, block int not null, oldest_at bigint not null, newest_at bigint not null,
    signature bytea not null, primary key (chat_id, block))`,
  // In the row itself: fetching it from elsewhere would take longer than looking at it.
  'alter table {search_blocks} alter column signature set storage plain, alter column signature set statistics 0',
  // A text that changes or goes takes its block out of the index; a later search puts it back.
  `create function {search_forget}() returns trigger language plpgsql as $$ begin
    delete from {search_blocks} where (chat_id, block) in (select distinct chat_id, seq / 128 from old_messages);
    return null;
  end $$`,
  `create trigger messages_changed after update on {messages} referencing old table as old_messages
    for each statement execute function {search_forget}()`,
  `create trigger messages_gone after delete on {messages} referencing old table as old_messages
    for each statement execute function {search_forget}()`,
]
