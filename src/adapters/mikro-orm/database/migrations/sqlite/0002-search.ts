import { Migration } from '@mikro-orm/migrations'

/** What searches keep to know where not to look: which blocks of a chat's log are indexed, when their messages were sent, and their grams. */
export class Search extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const statements = [
  `create table {search_blocks} (row integer primary key, chat_id text not null, block integer not null, oldest_at bigint not null,
    newest_at bigint not null, unique (chat_id, block))`,
  `create virtual table {search_grams} using fts5 (grams, content='', contentless_delete=1, detail=none, tokenize='ascii')`,
  `create trigger {search_blocks_forgotten} after delete on {search_blocks} begin
    delete from {search_grams} where rowid = old.row;
  end`,
  // A text that changes or goes takes its block out of the index; a later search puts it back.
  `create trigger {messages_changed} after update of folded on {messages} begin
    delete from {search_blocks} where chat_id = old.chat_id and block = old.seq / 128;
  end`,
  `create trigger {messages_gone} after delete on {messages} begin
    delete from {search_blocks} where chat_id = old.chat_id and block = old.seq / 128;
  end`,
]
