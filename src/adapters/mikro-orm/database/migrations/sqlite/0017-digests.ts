import { Migration } from '@mikro-orm/migrations'

/** Users who want mails about missed messages are found without looking at all. */
export class Digests extends Migration {
  override up(): void {
    this.addSql(`create index {users_digests} on {users} (id) where replace(notices, '"digest":true', '') <> notices`)
  }
}
