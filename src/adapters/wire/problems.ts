import { type Fault, isRefusal, Refusal, type RefusalCode, type Refusals } from '../../domain/refusal.ts'
import { presentTime } from './present/time.ts'
import type { Problem } from './schemas/service.ts'

/** Errors found before the application is called, and defects. */
export type WireCode = 'bad-json' | 'unknown-type' | 'method-not-allowed' | 'too-large' | 'unsupported-media-type' | 'internal'
export type ProblemCode = RefusalCode | WireCode

interface ProblemKind {
  readonly status: number
  readonly title: string
}

/** Every problem code with its HTTP status. Leaving one out does not compile. */
export const problems = {
  'bad-json': { status: 400, title: 'Invalid JSON' },
  'unknown-type': { status: 400, title: 'Unknown frame type' },
  'unauthenticated': { status: 401, title: 'Authentication required' },
  'token-expired': { status: 401, title: 'Token expired' },
  'session-ended': { status: 401, title: 'Session ended' },
  'bad-credentials': { status: 401, title: 'Wrong login or password' },
  'person-disabled': { status: 401, title: 'Account disabled' },
  'second-factor': { status: 401, title: 'Second factor required' },
  'not-accepted': { status: 403, title: "This user doesn't accept it" },
  'not-allowed': { status: 403, title: "You don't have permission to do this" },
  'muted': { status: 403, title: 'You are muted in this group' },
  'banned': { status: 403, title: 'Banned from this group' },
  'must-ask': { status: 403, title: 'Ask to join this group' },
  'not-found': { status: 404, title: 'Not found' },
  'chat-not-found': { status: 404, title: 'Chat not found' },
  'message-not-found': { status: 404, title: 'Message not found' },
  'user-not-found': { status: 404, title: 'User not found' },
  'session-not-found': { status: 404, title: 'Session not found' },
  'file-not-found': { status: 404, title: 'File not found' },
  'upload-not-found': { status: 404, title: 'Upload not found' },
  'factor-not-found': { status: 404, title: 'Second factor not found' },
  'invitation-not-found': { status: 404, title: 'Invitation not found' },
  'request-not-found': { status: 404, title: 'Request not found' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  'email-taken': { status: 409, title: 'Email already taken' },
  'username-taken': { status: 409, title: 'Username already taken' },
  'person-exists': { status: 409, title: 'This person has an account already' },
  'key-reused': { status: 409, title: 'Idempotency key already used for other content' },
  'version-conflict': { status: 409, title: 'Message has another version' },
  'message-deleted': { status: 409, title: 'Message was deleted' },
  'last-owner': { status: 409, title: 'A group must have an owner' },
  'group-full': { status: 409, title: 'Group is full' },
  'invitations-full': { status: 409, title: 'Too many invitations' },
  'requests-full': { status: 409, title: 'Too many requests to join' },
  'hooks-full': { status: 409, title: 'Too many webhooks' },
  'inlets-full': { status: 409, title: 'Too many inlets' },
  'factors-full': { status: 409, title: 'Too many second factors' },
  'reactions-full': { status: 409, title: 'Too many reactions' },
  'blocks-full': { status: 409, title: 'Too many blocked users' },
  'pins-full': { status: 409, title: 'Too many pins' },
  'already-resumed': { status: 409, title: 'Socket has already resumed' },
  'upload-offset': { status: 409, title: 'Upload stands at another offset' },
  'file-in-use': { status: 409, title: 'File is attached to a message' },
  'too-large': { status: 413, title: 'Request too large' },
  'quota-full': { status: 413, title: 'No space left for your files' },
  'unsupported-media-type': { status: 415, title: 'Unsupported content type' },
  'text-empty': { status: 422, title: 'Text is empty' },
  'text-too-long': { status: 422, title: 'Text is too long' },
  'chat-with-self': { status: 422, title: "You can't open a private chat with yourself" },
  'not-an-emoji': { status: 422, title: 'Not a single emoji' },
  'not-a-group': { status: 422, title: 'Only possible in groups' },
  'file-refused': { status: 422, title: 'File refused by the malware scanner' },
  'refused': { status: 422, title: 'Refused by this service' },
  'bad-code': { status: 422, title: 'Wrong or expired code' },
  'invalid': { status: 422, title: 'Request is invalid' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'slow-mode': { status: 429, title: 'Slow mode: too early for your next message' },
  'internal': { status: 500, title: 'Internal server error' },
  'overloaded': { status: 503, title: 'Server overloaded, try again shortly' },
  'draining': { status: 503, title: 'Server is shutting down, try again' },
} as const satisfies Record<ProblemCode, ProblemKind>

/** What is sent besides with a code: members of its problem object. Codes that are left out have nothing to add. */
export interface ProblemFacts {
  'not-allowed': Sent<'requires'>
  'second-factor': Sent<'methods'>
  'user-not-found': Sent<'user_ids'>
  'muted': Sent<'until'>
  'banned': Sent<'user_ids'>
  'refused': Sent<'reason'> & Pick<Problem, 'detail'>
  'key-reused': Pick<Problem, 'message_id'>
  'file-not-found': Sent<'file_ids'>
  'upload-offset': Sent<'offset'>
  /** A body that is too large for its call has no limit to tell. */
  'too-large': Pick<Problem, 'limit'>
  'quota-full': Sent<'limit'>
  'version-conflict': Sent<'version'>
  'factors-full': Sent<'limit'>
  'reactions-full': Sent<'limit'>
  'blocks-full': Sent<'limit'>
  'pins-full': Sent<'limit'>
  'invitations-full': Sent<'limit'>
  'requests-full': Sent<'limit'>
  'hooks-full': Sent<'limit'>
  'inlets-full': Sent<'limit'>
  'text-too-long': Sent<'limit' | 'length'>
  'invalid': Sent<'errors'>
  'too-many-requests': Sent<'retry_after_ms'>
  'slow-mode': Sent<'retry_after_ms'>
}
type Sent<M extends keyof Problem> = { readonly [K in M]: NonNullable<Problem[K]> }

/** Which facts of a refusal are sent. Facts that are not listed stay inside. */
const facts: { readonly [C in keyof ProblemFacts]: (facts: Refusals[C]) => ProblemFacts[C] } = {
  'not-allowed': ({ requires }) => ({ requires: [...requires] }),
  'second-factor': ({ methods }) => ({ methods: [...methods] }),
  'user-not-found': ({ userIds }) => ({ user_ids: [...userIds] }),
  'muted': ({ until }) => ({ until: presentTime(until) }),
  'banned': ({ userIds }) => ({ user_ids: [...userIds] }),
  'refused': ({ reason, detail }) => ({ reason, ...(detail !== undefined && { detail }) }),
  'key-reused': ({ messageId }) => (messageId === undefined ? {} : { message_id: messageId }),
  'file-not-found': ({ fileIds }) => ({ file_ids: [...fileIds] }),
  'upload-offset': ({ offset }) => ({ offset }),
  'too-large': ({ limit }) => ({ limit }),
  'quota-full': ({ limit }) => ({ limit }),
  'version-conflict': ({ version }) => ({ version }),
  'factors-full': ({ limit }) => ({ limit }),
  'reactions-full': ({ limit }) => ({ limit }),
  'blocks-full': ({ limit }) => ({ limit }),
  'pins-full': ({ limit }) => ({ limit }),
  'invitations-full': ({ limit }) => ({ limit }),
  'requests-full': ({ limit }) => ({ limit }),
  'hooks-full': ({ limit }) => ({ limit }),
  'inlets-full': ({ limit }) => ({ limit }),
  'text-too-long': ({ limit, length }) => ({ limit, length }),
  'invalid': ({ errors }) => ({ errors: errors.map(({ pointer, detail }: Fault) => ({ pointer, detail })) }),
  'too-many-requests': ({ retryAfterMs }) => ({ retry_after_ms: retryAfterMs }),
  'slow-mode': ({ retryAfterMs }) => ({ retry_after_ms: retryAfterMs }),
}

/** Returns the problem object (RFC 9457) of a refusal or of an error code of the wire. */
export function problem(what: Refusal | WireCode, requestId: string): Problem {
  // A code that only the host knows.
  if (typeof what !== 'string' && !Object.hasOwn(problems, what.code)) return problem(ofHost(what), requestId)
  const code: ProblemCode = typeof what === 'string' ? what : what.code
  const { status, title } = problems[code]
  const sent = typeof what === 'string' ? {} : factsOf(what)
  return { type: `/problems/${code}`, title, status, code, request_id: requestId, ...sent }
}

const ofHost = ({ code }: { readonly code: string }) => new Refusal('refused', { reason: code.slice(0, 64) })

/** Returns the problem object of anything thrown. Everything but a refusal is a defect: `internal`, without detail. */
export const problemOf = (thrown: unknown, requestId: string): Problem => problem(isRefusal(thrown) ? thrown : 'internal', requestId)

const factsOf = <C extends RefusalCode>({ code, facts: known }: Refusal<C>): Partial<Problem> =>
  (facts as { readonly [K in RefusalCode]?: (facts: Refusals[K]) => Partial<Problem> })[code]?.(known) ?? {}
