import type { Duration, Instant } from '../domain/ids.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { around, type Call, type CallName } from './calls.ts'
import type { Caller, ChatApi, Origin, SignedIn } from './chat-api.ts'
import { networkOf } from './network.ts'
import type { Fact, Journal, SecurityEvent } from './ports/journal.ts'

/** The same subject above the same limit within this time is one event: a flood must not become a flood of lines. */
const ONCE_IN: Duration = 60_000
const REMEMBERED = 1_000

/** Which event a deed is when it succeeds. Going on with a session is none. */
const done = {
  'sign-in': 'sign-in',
  'refresh': undefined,
  'signed-out': 'signed-out',
  'password-changed': 'password-changed',
  'recovered': 'recovered',
  'email-changed': 'email-changed',
  'second-factor-changed': 'second-factor-changed',
  'deleted': 'deleted',
  'role-changed': 'role-changed',
  'key-made': 'key-made',
  'key-revoked': 'key-revoked',
} as const satisfies Readonly<Record<NonNullable<Call['deed']>, SecurityEvent | undefined>>

/** The same API; what concerns who may do what is noted in the security log. */
export function journaled(api: ChatApi, { note }: Journal, clock: () => Instant): ChatApi {
  const told = new Map<string, Instant>()

  function isNews(key: string): boolean {
    const now = clock()
    const last = told.get(key)
    if (last !== undefined && now - last < ONCE_IN) return false
    if (told.size >= REMEMBERED) told.clear()
    told.set(key, now)
    return true
  }

  function noteRefusal(thrown: Refusal, about: Omit<Fact, 'event' | 'outcome'>, { who, deed }: Call): void {
    if (isRefusal(thrown, 'too-many-requests')) {
      const subject = thrown.facts.policy?.name ?? about.subject
      if (isNews(`${subject} ${about.userId ?? about.network}`)) note({ ...about, subject, event: 'limited', outcome: thrown.code })
    } else if (isRefusal(thrown, 'bad-credentials') || isRefusal(thrown, 'bad-code')) {
      const failed = who === 'anonymous' ? 'sign-in-failed' : deed && done[deed]
      if (failed) note({ ...about, event: failed, outcome: thrown.code })
    }
  }

  return around(api, (run, call, name) => {
    const event = call.deed && done[call.deed]
    return (...args) => {
      const answer = run(...args)
      answer.then(
        event && ((result) => note({ ...aboutCall(name, args), ...signedIn(result), event, outcome: 'ok' })),
        (thrown: unknown) => isRefusal(thrown) && noteRefusal(thrown, aboutCall(name, args), call),
      )
      return answer
    }
  })
}

function aboutCall(name: CallName, args: readonly unknown[]): Omit<Fact, 'event' | 'outcome'> {
  const { userId, sessionId, address, requestId } = (args[0] ?? {}) as Partial<Caller & Origin>
  const { deviceName } = (args[1] ?? {}) as { readonly deviceName?: string }
  return {
    userId,
    sessionId,
    network: address === undefined ? undefined : networkOf(address),
    device: deviceName,
    subject: name,
    requestId,
  }
}

/** Who has signed in, which is known in the end only. */
function signedIn(result: unknown): Pick<Fact, 'userId' | 'sessionId'> {
  const { user, sessionId } = (result ?? {}) as Partial<SignedIn>
  return user && sessionId ? { userId: user.id, sessionId } : {}
}
