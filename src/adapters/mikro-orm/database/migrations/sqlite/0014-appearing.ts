import { Migration } from '@mikro-orm/migrations'

/** A private chat appears to the other member with its first message. Chats that are there already have appeared. */
export class Appearing extends Migration {
  override up(): void {
    this.addSql('alter table {members} add column shown_at bigint null')
  }
}
