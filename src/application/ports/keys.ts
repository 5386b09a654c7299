import type { Instant, KeyId } from '../../domain/ids.ts'
import type { Key } from '../../domain/keys.ts'

/** Keys of back ends and bots. */
export interface Keys {
  add(key: Key): Promise<void>
  get(id: KeyId): Promise<Key | undefined>
  /** Returns all keys that were not revoked, newest first. */
  list(): Promise<readonly Key[]>
  /** Revokes a key. Returns whether there was one to revoke. */
  revoke(id: KeyId, at: Instant): Promise<boolean>
}
