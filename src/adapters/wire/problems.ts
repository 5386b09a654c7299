import { type Fault, isRefusal, type Refusal, type RefusalCode, type Refusals } from '../../domain/refusal.ts'
import type { Problem } from './schemas/service.ts'

/** What goes wrong before the application is asked, or inside of it. */
export type WireCode = 'bad-json' | 'unknown-type' | 'method-not-allowed' | 'too-large' | 'unsupported-media-type' | 'internal'
export type ProblemCode = RefusalCode | WireCode

interface ProblemKind {
  readonly status: number
  readonly title: string
}

/** Every reason to say no, and which status that is over HTTP. Leaving one out does not compile. */
export const problems = {
  'bad-json': { status: 400, title: 'This is not JSON' },
  'unknown-type': { status: 400, title: 'There is no such type of frame' },
  'unauthenticated': { status: 401, title: 'Who are you' },
  'token-expired': { status: 401, title: 'The token has expired' },
  'session-ended': { status: 401, title: 'The session has ended' },
  'bad-credentials': { status: 401, title: 'Login or password is wrong' },
  'not-allowed': { status: 403, title: 'This is for others to do' },
  'not-found': { status: 404, title: 'There is nothing at this address' },
  'chat-not-found': { status: 404, title: 'There is no such chat' },
  'message-not-found': { status: 404, title: 'There is no such message' },
  'user-not-found': { status: 404, title: 'There is no such person' },
  'session-not-found': { status: 404, title: 'There is no such session' },
  'method-not-allowed': { status: 405, title: 'This address has other methods' },
  'email-taken': { status: 409, title: 'Somebody has this e-mail address' },
  'username-taken': { status: 409, title: 'Somebody has this username' },
  'key-reused': { status: 409, title: 'This key belongs to another message' },
  'version-conflict': { status: 409, title: 'The message was changed meanwhile' },
  'message-deleted': { status: 409, title: 'The message was deleted' },
  'last-owner': { status: 409, title: 'A group needs its owner' },
  'group-full': { status: 409, title: 'The group is full' },
  'already-resumed': { status: 409, title: 'This socket has resumed already' },
  'too-large': { status: 413, title: 'This is too large' },
  'unsupported-media-type': { status: 415, title: 'This is of another type than is read here' },
  'text-empty': { status: 422, title: 'The text is empty' },
  'text-too-long': { status: 422, title: 'The text is too long' },
  'chat-with-self': { status: 422, title: 'A private chat is with somebody else' },
  'not-a-group': { status: 422, title: 'This is done in groups only' },
  'invalid': { status: 422, title: 'The request has another shape' },
  'too-many-requests': { status: 429, title: 'Too many of these' },
  'internal': { status: 500, title: 'Something broke here' },
  'overloaded': { status: 503, title: 'Too much is going on' },
  'draining': { status: 503, title: 'This process is shutting down' },
} as const satisfies Record<ProblemCode, ProblemKind>

type Facts = Pick<Problem, 'errors' | 'user_ids' | 'message_id' | 'version' | 'limit' | 'length' | 'requires' | 'retry_after_ms'>

/** Which facts of a refusal are told. What is not here stays inside. */
const facts: { readonly [C in RefusalCode]?: (facts: Refusals[C]) => Facts } = {
  'not-allowed': ({ requires }) => ({ requires: [...requires] }),
  'user-not-found': ({ userIds }) => ({ user_ids: [...userIds] }),
  'key-reused': ({ messageId }) => ({ message_id: messageId }),
  'version-conflict': ({ version }) => ({ version }),
  'text-too-long': ({ limit, length }) => ({ limit, length }),
  'invalid': ({ errors }) => ({ errors: errors.map(({ pointer, detail }: Fault) => ({ pointer, detail })) }),
  'too-many-requests': ({ retryAfterMs }) => ({ retry_after_ms: retryAfterMs }),
}

/** The problem object (RFC 9457) of a refusal, or of what went wrong around the application. */
export function problem(what: Refusal | WireCode, requestId: string): Problem {
  const code: ProblemCode = typeof what === 'string' ? what : what.code
  const { status, title } = problems[code]
  const told = typeof what === 'string' ? {} : factsOf(what)
  return { type: `/problems/${code}`, title, status, code, request_id: requestId, ...told }
}

/** The same for whatever was thrown: what is no refusal is a defect, of which nothing is told. */
export const problemOf = (thrown: unknown, requestId: string): Problem => problem(isRefusal(thrown) ? thrown : 'internal', requestId)

const factsOf = <C extends RefusalCode>({ code, facts: known }: Refusal<C>): Facts => facts[code]?.(known) ?? {}
