import type { Code } from '../../../application/ports/codes.ts'
import type { QueuedMail } from '../../../application/ports/mail.ts'
import type { Deed } from '../../../domain/deed.ts'
import type { Factor } from '../../../domain/factor.ts'
import type { User } from '../../../domain/identity.ts'
import type { Count, Instant, UserId } from '../../../domain/ids.ts'
import type { Tally } from '../../../domain/tally.ts'

/** A user as the store in memory keeps them. */
export interface UserRecord {
  user: User
  passwordHash: string | undefined
  deletion: 'begun' | 'ended' | undefined
}

/** What a store in memory keeps for accounts. */
export interface AccountRecords {
  readonly codes: Map<string, Code & { tries: Count }>
  readonly mails: Map<string, QueuedMail & { dueAt: Instant; attempts: Count }>
  readonly networks: Map<UserId, Map<string, Instant>>
  readonly tallies: Map<string, Tally>
  readonly factors: Map<string, Factor>
  /** In the order of their ids. */
  readonly deeds: Deed[]
}

export const accountRecords = (): AccountRecords => ({
  codes: new Map(),
  mails: new Map(),
  networks: new Map(),
  tallies: new Map(),
  factors: new Map(),
  deeds: [],
})

/** Deletes what is kept of a user who is deleted. */
export function forgetUser({ codes, mails, networks, factors }: AccountRecords, userId: UserId): void {
  for (const records of [codes, mails, factors] as const)
    for (const [key, record] of records) if (record.userId === userId) records.delete(key)
  networks.delete(userId)
}

/** Deletes the entries of a map that pass a test and returns how many. */
export function drop<V>(map: Map<unknown, V>, isOld: (value: V) => boolean): number {
  const before = map.size
  for (const [key, value] of map) if (isOld(value)) map.delete(key)
  return before - map.size
}
