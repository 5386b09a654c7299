import { Migration } from '@mikro-orm/migrations'

/** Devices of sessions that are forgotten go with them. */
export class DevicesBySession extends Migration {
  override up(): void {
    this.addSql('create index push_devices_session_id on {push_devices} (session_id)')
  }
}
