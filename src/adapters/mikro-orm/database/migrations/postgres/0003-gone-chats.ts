import { Migration } from '@mikro-orm/migrations'

/** Which chats were deleted and have still left something: the deletion itself takes no longer than that of a small one. */
export class GoneChats extends Migration {
  override up(): void {
    this.addSql('create table {gone_chats} (chat_id uuid not null primary key)')
  }
}
