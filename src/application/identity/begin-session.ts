import type { Session, User } from '../../domain/identity.ts'
import type { Instant, SessionId } from '../../domain/ids.ts'
import type { SignedIn } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import type { Policy } from './policy.ts'

export type SessionNeeds = Pick<Ports, 'sessions' | 'tokens' | 'clock' | 'newId'> & { readonly policy: Policy }

/** Begins a session of a user on a device. */
export async function beginSession(needs: SessionNeeds, user: User, deviceName: string | undefined): Promise<SignedIn> {
  const { sessions, clock, newId, policy } = needs
  const now = clock()
  const session: Session = {
    id: newId() as SessionId,
    userId: user.id,
    deviceName,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: now + policy.refreshTtl,
    endedAt: undefined,
    generation: 0,
    spentAt: [],
  }
  await sessions.add(session)
  return signedIn(needs, { user, session, generation: 0, now })
}

interface Signing {
  readonly user: User
  readonly session: Session
  readonly generation: number
  readonly now: Instant
}

/** The answer to a user whose session began or was continued. */
export async function signedIn(
  { tokens, policy }: Pick<SessionNeeds, 'tokens' | 'policy'>,
  { user, session, generation, now }: Signing,
): Promise<SignedIn> {
  const claims = { userId: user.id, sessionId: session.id, expiresAt: now + policy.accessTtl }
  return {
    user,
    sessionId: session.id,
    accessToken: await tokens.access(claims),
    expiresIn: policy.accessTtl,
    refreshToken: tokens.refresh(session.id, generation),
    refreshExpiresIn: session.expiresAt - now,
  }
}
