import type { Deed } from '../../domain/deed.ts'
import type { Instant, KeyId } from '../../domain/ids.ts'
import type { Key } from '../../domain/keys.ts'

/** Keys of back ends and bots. With a deed, its row of the audit is written in the same transaction. */
export interface Keys {
  add(key: Key, deed?: Deed): Promise<void>
  get(id: KeyId): Promise<Key | undefined>
  /** Returns all keys that were not revoked, newest first. */
  list(): Promise<readonly Key[]>
  /** Revokes a key. Returns whether there was one to revoke. */
  revoke(id: KeyId, at: Instant, deed?: Deed): Promise<boolean>
}
