import { describe, expect, it } from 'vitest'
import { explanations } from '../../../src/adapters/wire/explanations.ts'
import { problem, problemOf, problems } from '../../../src/adapters/wire/problems.ts'
import type { Problem } from '../../../src/adapters/wire/schemas/service.ts'
import type { ChatId, ClientMessageId, MessageId, UserId } from '../../../src/domain/ids.ts'
import { invalid, Refusal } from '../../../src/domain/refusal.ts'

const messageId = 'm' as MessageId
const facts = ({ type: _type, title: _title, status: _status, code: _code, request_id: _id, ...rest }: Problem) => rest

describe('a problem', () => {
  it('is an object of RFC 9457 with a page that explains it', () => {
    expect(problem(new Refusal('not-a-group'), 'r1')).toEqual({
      type: '/problems/not-a-group',
      title: expect.any(String),
      status: 422,
      code: 'not-a-group',
      request_id: 'r1',
    })
  })

  it.each([
    [new Refusal('not-allowed', { requires: ['owner'] }), { requires: ['owner'] }],
    [new Refusal('user-not-found', { userIds: ['u' as UserId] }), { user_ids: ['u'] }],
    [new Refusal('key-reused', { messageId, clientMessageId: 'k' as ClientMessageId }), { message_id: 'm' }],
    [new Refusal('version-conflict', { version: 4 }), { version: 4 }],
    [new Refusal('text-too-long', { limit: 1, length: 2 }), { limit: 1, length: 2 }],
    [new Refusal('too-many-requests', { retryAfterMs: 1_500 }), { retry_after_ms: 1_500 }],
    [invalid('/a', 'is b'), { errors: [{ pointer: '/a', detail: 'is b' }] }],
  ])('tells the facts of $code', (refusal, expected) => {
    expect(facts(problem(refusal, 'r'))).toEqual(expected)
  })

  it.each([
    new Refusal('chat-not-found', { chatId: 'c' as ChatId }),
    new Refusal('message-not-found', { messageId }),
    new Refusal('message-deleted', { messageId }),
    new Refusal('group-full', { limit: 5_000 }),
  ])('of $code keeps to itself what is not promised', (refusal) => {
    expect(facts(problem(refusal, 'r'))).toEqual({})
  })

  it('tells nothing of a defect but the request', () => {
    expect(problemOf(new TypeError('secret'), 'r2')).toEqual({
      type: '/problems/internal',
      title: expect.any(String),
      status: 500,
      code: 'internal',
      request_id: 'r2',
    })
    expect(problemOf(new Refusal('draining'), 'r3')).toMatchObject({ status: 503, code: 'draining' })
  })

  it('has the statuses of the contract', () => {
    const byStatus = Object.fromEntries(
      [...Map.groupBy(Object.entries(problems), ([, { status }]) => status)].map(([status, rows]) => [status, rows.map(([code]) => code)]),
    )
    expect(byStatus).toEqual({
      400: ['bad-json', 'unknown-type'],
      401: ['unauthenticated', 'token-expired', 'session-ended', 'bad-credentials', 'person-disabled', 'second-factor'],
      403: ['not-accepted', 'not-allowed', 'muted', 'banned', 'must-ask'],
      404: [
        'not-found',
        'chat-not-found',
        'message-not-found',
        'user-not-found',
        'session-not-found',
        'file-not-found',
        'upload-not-found',
        'factor-not-found',
        'invitation-not-found',
        'request-not-found',
      ],
      405: ['method-not-allowed'],
      409: [
        'email-taken',
        'username-taken',
        'person-exists',
        'key-reused',
        'version-conflict',
        'message-deleted',
        'last-owner',
        'group-full',
        'invitations-full',
        'requests-full',
        'hooks-full',
        'inlets-full',
        'factors-full',
        'reactions-full',
        'blocks-full',
        'pins-full',
        'already-resumed',
        'upload-offset',
        'file-in-use',
      ],
      413: ['too-large', 'quota-full'],
      415: ['unsupported-media-type'],
      422: [
        'text-empty',
        'text-too-long',
        'chat-with-self',
        'not-an-emoji',
        'not-a-group',
        'file-refused',
        'refused',
        'bad-code',
        'invalid',
      ],
      429: ['too-many-requests', 'slow-mode'],
      500: ['internal'],
      503: ['overloaded', 'draining'],
    })
  })

  it.each(Object.entries(explanations))('is explained: %s', (_, { meaning, remedy }) => {
    expect(meaning.length).toBeGreaterThan(40)
    expect(remedy.length).toBeGreaterThan(15)
  })
})
