import type { FactorKind } from './factor.ts'
import type { ChatId, ClientMessageId, FileId, Instant, MessageId, UserId } from './ids.ts'
import type { Role } from './member.ts'
import type { KeyScope } from './scopes.ts'

/** Everything that can be refused, with the facts of each. The list is closed: `wire/problems.ts` has a row for every one. */
export interface Refusals {
  'unauthenticated': object
  'token-expired': object
  'session-ended': object
  'bad-credentials': object
  /** The password was right; `methods` lists the kinds of second factor that the user has. */
  'second-factor': { readonly methods: readonly FactorKind[] }
  'bad-code': object
  'factor-not-found': object
  'factors-full': { readonly limit: number }
  'person-disabled': object
  'not-allowed': { readonly requires: readonly (Role | 'author' | 'password' | 'account' | 'origin' | `scope:${KeyScope}`)[] }
  /** Until then the member may not write. */
  'muted': { readonly until: Instant }
  /** These users may not come into the group. */
  'must-ask': object
  'banned': { readonly userIds: readonly UserId[] }
  /** The other one does not accept it, or there is a block between the two. */
  'not-accepted': object
  'not-found': object
  'chat-not-found': { readonly chatId?: ChatId }
  'message-not-found': { readonly messageId?: MessageId }
  'user-not-found': { readonly userIds: readonly UserId[] }
  'session-not-found': object
  'file-not-found': { readonly fileIds: readonly FileId[] }
  'upload-not-found': object
  'invitation-not-found': object
  'request-not-found': object
  'email-taken': object
  'username-taken': object
  'person-exists': object
  /** `messageId` is what the key was used for if that was a message. */
  'key-reused': { readonly clientMessageId?: ClientMessageId; readonly messageId?: MessageId }
  'version-conflict': { readonly version: number }
  'message-deleted': { readonly messageId: MessageId }
  'last-owner': object
  'reactions-full': { readonly limit: number }
  'blocks-full': { readonly limit: number }
  'pins-full': { readonly limit: number }
  'requests-full': { readonly limit: number }
  'invitations-full': { readonly limit: number }
  'hooks-full': { readonly limit: number }
  'inlets-full': { readonly limit: number }
  'group-full': { readonly limit: number }
  'already-resumed': object
  'upload-offset': { readonly offset: number }
  'file-in-use': object
  'too-large': { readonly limit: number }
  'quota-full': { readonly limit: number }
  'file-refused': object
  'unsupported-media-type': object
  'text-empty': object
  'text-too-long': { readonly limit: number; readonly length: number }
  'chat-with-self': object
  'not-an-emoji': object
  'not-a-group': object
  'refused': { readonly reason: string; readonly detail?: string | undefined }
  'invalid': { readonly errors: readonly Fault[] }
  'too-many-requests': { readonly retryAfterMs: number; readonly policy?: Policy | undefined }
  'slow-mode': { readonly retryAfterMs: number }
  'overloaded': object
  'draining': object
}
export type RefusalCode = keyof Refusals

/** A limit that was exceeded: its name, and how much of it may be used up within a time. */
export interface Policy {
  readonly name: string
  readonly quota: number
  readonly windowMs: number
}

/** One wrong place of a request: a JSON pointer (RFC 6901) and what would be right. */
export interface Fault {
  readonly pointer: string
  readonly detail: string
}

/**
 * An expected error with a code and facts. Throwing it rolls back its change. Everything else that is thrown is a bug.
 */
export class Refusal<C extends RefusalCode = RefusalCode> extends Error {
  override readonly name = 'Refusal'
  readonly code: C
  readonly facts: Refusals[C]

  constructor(code: C, ...[facts]: object extends Refusals[C] ? [facts?: Refusals[C]] : [facts: Refusals[C]]) {
    super(code)
    this.code = code
    this.facts = facts ?? ({} as Refusals[C])
  }
}

/** Any refusal, as a union: its `code` tells its facts. */
export type AnyRefusal = { readonly [C in RefusalCode]: Refusal<C> }[RefusalCode]

/**
 * Whether a thrown value is a refusal; with codes, whether it is one of these.
 *
 * @example
 * if (isRefusal(error, 'text-too-long')) console.log(error.facts.limit)
 */
export const isRefusal = <C extends RefusalCode = RefusalCode>(
  thrown: unknown,
  ...codes: readonly C[]
): thrown is Extract<AnyRefusal, { readonly code: C }> =>
  thrown instanceof Refusal && (codes.length === 0 || (codes as readonly string[]).includes(thrown.code))

const REASON = /^[a-z0-9.-]{1,64}$/

/**
 * Refuses for a reason of your own, which clients get as the code `refused` with this `reason`: 1–64 of `a–z 0–9 . -`.
 *
 * @example
 * if (draft.text.includes('http')) refuse('no-links', 'Links are not allowed here.')
 */
export function refuse(reason: string, detail?: string): never {
  if (!REASON.test(reason)) throw new TypeError('A reason is 1 to 64 of a–z, 0–9, dot and hyphen')
  throw new Refusal('refused', { reason, detail })
}

export const invalid = (pointer: string, detail: string): Refusal<'invalid'> => new Refusal('invalid', { errors: [{ pointer, detail }] })
