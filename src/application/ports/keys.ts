import type { Deed } from '../../domain/deed.ts'
import type { Instant, KeyId } from '../../domain/ids.ts'
import type { Key } from '../../domain/keys.ts'
import type { Page, Window } from './lists.ts'

export interface KeyPosition {
  readonly id: string
}

/** Keys of back ends and bots. With a deed, its row of the audit is written in the same transaction. */
export interface Keys {
  add(key: Key, deed?: Deed): Promise<void>
  get(id: KeyId): Promise<Key | undefined>
  /** Returns a page of the keys that were not revoked, newest first. */
  list(window: Window<KeyPosition>): Promise<Page<Key, KeyPosition>>
  /** Revokes a key. Returns whether there was one to revoke. */
  revoke(id: KeyId, at: Instant, deed?: Deed): Promise<boolean>
}
