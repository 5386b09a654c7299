import { Migration } from '@mikro-orm/migrations'

/** A message whose content goes has no files any more, and a file that no message has is loose: 0 until a collection gives it a time. */
export class FileLinks extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const statements = [
  'create index blobs_unused on {blobs} (unused_since) where unused_since is not null',
  `create function {file_unlink}() returns trigger language plpgsql as $$ begin
    delete from {file_links} where chat_id = new.chat_id and message_seq = new.seq;
    return null;
  end $$`,
  `create trigger messages_emptied after update of content on {messages} for each row
    when (old.content is not null and new.content is null) execute function {file_unlink}()`,
  `create function {file_linked}() returns trigger language plpgsql as $$ begin
    update {files} set loose_since = null where id in (select file_id from came) and loose_since is not null;
    return null;
  end $$`,
  `create trigger file_links_came after insert on {file_links} referencing new table as came for each statement execute function {file_linked}()`,
  `create function {file_loose}() returns trigger language plpgsql as $$ begin
    update {files} set loose_since = 0 where id in (select file_id from went) and loose_since is null
      and not exists (select 1 from {file_links} l where l.file_id = {files}.id);
    return null;
  end $$`,
  `create trigger file_links_went after delete on {file_links} referencing old table as went for each statement execute function {file_loose}()`,
]
