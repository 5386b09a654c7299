import { Migration } from '@mikro-orm/migrations'

/** Mentions of a user are found chat by chat: an index of their own cost each mention as much as its row. */
export class MentionsByChat extends Migration {
  override up(): void {
    this.addSql('drop index {mentions_of_user}')
  }
}
