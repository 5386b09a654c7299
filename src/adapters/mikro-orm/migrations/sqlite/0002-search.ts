import { Migration } from '@mikro-orm/migrations'

/** What `search.ts` keeps to skip messages: which blocks of each chat's log are indexed, and the trigrams in each. */
export class Search extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const statements = [
  'create table search_blocks (row integer primary key, chat_id text not null, block integer not null, unique (chat_id, block))',
  // Texts come folded: the tokenizer's own idea of case would disagree.
  `create virtual table search_trigrams using
    fts5 (folded, content='', contentless_delete=1, detail=none, tokenize='trigram case_sensitive 1')`,
  `create trigger search_blocks_forgotten after delete on search_blocks begin
    delete from search_trigrams where rowid = old.row;
  end`,
  // A text that changes or goes takes its block out of the index; a later search puts it back.
  `create trigger messages_changed after update of folded on messages begin
    delete from search_blocks where chat_id = old.chat_id and block = old.seq >> 8;
  end`,
  `create trigger messages_gone after delete on messages begin
    delete from search_blocks where chat_id = old.chat_id and block = old.seq >> 8;
  end`,
]
