import type { Ban } from './ban.ts'
import { type Consent, consentKey } from './consent.ts'
import type { OwnedFile } from './file.ts'
import type { Person } from './identity.ts'
import { type ClientMessageId, erasureKey, type FileId, type Instant, type MessageId, type Seq, sendKey, type UserId } from './ids.ts'
import type { Invitation, JoinRequest } from './invitation.ts'
import type { Member } from './member.ts'
import type { Message } from './message.ts'
import type { ALL_PINS, Pin } from './pin.ts'
import { type Emoji, ownKey, type Reactor, reactorsKey, type Tally } from './reaction.ts'

/** A part of a scope: a list of names. The same part of a state: a map from the key of each name to what was found. */
interface Part<Name, Key extends string, Value> {
  readonly key: (name: Name) => Key
  /** For the compiler only. */
  readonly value?: Value
}

const part = <Name, Key extends string, Value>(key: (name: Name) => Key): Part<Name, Key, Value> => ({ key })

/** What a scope can name besides the chat. A store reads every part: one without its row in a store does not compile. */
const parts = {
  members: part<UserId, UserId, Member>((id) => id),
  /** Earlier sends by sender and idempotency key. */
  earlier: part<readonly [UserId, ClientMessageId], string, Message>(([senderId, key]) => sendKey(senderId, key)),
  messages: part<MessageId, MessageId, Message>((id) => id),
  /** The reactions to a message, once there were some. */
  sums: part<MessageId, MessageId, Tally>((id) => id),
  /** What a person has reacted to a message. */
  own: part<readonly [MessageId, UserId], string, readonly Emoji[]>(([messageId, userId]) => ownKey(messageId, userId)),
  /** Everybody who has reacted so to a message, those who did first come first. */
  reactors: part<readonly [MessageId, Emoji], string, readonly Reactor[]>(([messageId, emoji]) => reactorsKey(messageId, emoji)),
  /** All pins of the chat, under one name. */
  pins: part<typeof ALL_PINS, typeof ALL_PINS, readonly Pin[]>((all) => all),
  /** Users that exist, with their names; deleted users are absent. */
  people: part<UserId, UserId, Person>((id) => id),
  /** When each of these members last sent a message to the chat, deleted ones included. */
  lastOf: part<UserId, UserId, Instant>((id) => id),
  /** Until when users are muted, those who have left and mutes that are over included. */
  mutes: part<UserId, UserId, Instant>((id) => id),
  /** Bans, those included that are over. */
  bans: part<UserId, UserId, Ban>((id) => id),
  invitations: part<string, string, Invitation>((id) => id),
  /** Users who ask to be let in. */
  requests: part<UserId, UserId, JoinRequest>((id) => id),
  /** Users who have left the chat for good: only they themselves come back. */
  outsiders: part<UserId, UserId, true>((id) => id),
  /** Users of whose erasure an event above this `seq` tells. */
  erasures: part<readonly [UserId, Seq], string, true>(([userId, after]) => erasureKey(userId, after)),
  /** What a user accepts of another one: the first of the other. Deleted users are absent. */
  consents: part<readonly [UserId, UserId], string, Consent>(consentKey),
  /** Uploaded files, locked until the change is committed. */
  files: part<FileId, FileId, OwnedFile>((id) => id),
}

type Parts = typeof parts
export type PartName = keyof Parts
export type NameIn<P extends PartName> = Parameters<Parts[P]['key']>[0]
export type ValueIn<P extends PartName> = NonNullable<Parts[P]['value']>

export type NamedParts = { readonly [P in PartName]?: readonly NameIn<P>[] }
export type FoundParts = { readonly [P in PartName]: Map<ReturnType<Parts[P]['key']>, ValueIn<P> | null> }

export const partNames = Object.keys(parts) as readonly PartName[]

/** The same tables without regard to what a part holds, for code that treats all parts alike. */
export const keyIn = (part: PartName, name: unknown): string => (parts[part].key as (name: unknown) => string)(name)
export const namesIn = (scope: NamedParts, part: PartName): readonly unknown[] | undefined => scope[part]
export const mapIn = (state: FoundParts, part: PartName): Map<string, unknown> => state[part]

/** Makes something for every part. */
export function eachPart<T>(make: (part: PartName) => T): Record<PartName, T> {
  const all = {} as Record<PartName, T>
  for (const part of partNames) all[part] = make(part)
  return all
}
