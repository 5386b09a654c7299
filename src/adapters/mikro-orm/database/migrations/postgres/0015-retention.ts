import { Migration } from '@mikro-orm/migrations'

/** Up to which message the texts of a chat have gone by their age. */
export class Retention extends Migration {
  override up(): void {
    this.addSql('alter table {chats} add column passed_seq int null')
  }
}
