import { Migration } from '@mikro-orm/migrations'

/** A message whose content goes has no files any more, and a file that no message has is loose: 0 until a collection gives it a time. */
export class FileLinks extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const statements = [
  'create index {blobs_unused} on {blobs} (unused_since) where unused_since is not null',
  `create trigger {messages_emptied} after update of content on {messages} when old.content is not null and new.content is null begin
    delete from {file_links} where chat_id = new.chat_id and message_seq = new.seq;
  end`,
  `create trigger {file_links_came} after insert on {file_links} begin
    update {files} set loose_since = null where id = new.file_id and loose_since is not null;
  end`,
  `create trigger {file_links_went} after delete on {file_links} begin
    update {files} set loose_since = 0 where id = old.file_id and loose_since is null
      and not exists (select 1 from {file_links} l where l.file_id = old.file_id);
  end`,
]
