import type { Session, User } from '../../domain/identity.ts'
import type { Instant, SessionId } from '../../domain/ids.ts'
import type { Anonymous, SignedIn } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import type { EndSessions } from './end-sessions.ts'
import { guessedFrom } from './guessing.ts'
import type { Policy } from './policy.ts'

/** More sessions than these nobody uses: of a program that signs in each time it runs, the oldest end. */
const MOST_SESSIONS = 1_000

export type SessionNeeds = Pick<Ports, 'sessions' | 'networks' | 'tokens' | 'clock' | 'newId'> & {
  readonly policy: Policy
  readonly end: EndSessions
  /** Is called with a session that began on a network from which the user was not signed in before. */
  readonly onNewNetwork: (session: Session, network: string) => Promise<void>
}

/** Who asks for a session, and on which device. */
export interface Arrival {
  readonly anonymous: Partial<Pick<Anonymous, 'address'>>
  readonly deviceName: string | undefined
}

/** Begins a session of a user on a device. */
export async function beginSession(needs: SessionNeeds, user: User, { anonymous, deviceName }: Arrival): Promise<SignedIn> {
  const { sessions, networks, clock, newId, policy } = needs
  const now = clock()
  const session: Session = {
    id: newId() as SessionId,
    userId: user.id,
    deviceName,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: now + Math.min(policy.refreshTtl, policy.sessionTtl),
    endedAt: undefined,
    generation: 0,
    spentAt: [],
  }
  await sessions.add(session)
  const network = guessedFrom(anonymous.address)
  if ((await networks.note(user.id, network, now)) === 'new') await needs.onNewNetwork(session, network)
  return signedIn(needs, { user, session, generation: 0, now })
}

/** Begins a session of a user who may have others. Those that were not used for longest end where there are too many. */
export async function beginAnother(needs: SessionNeeds, user: User, arrival: Arrival): Promise<SignedIn> {
  const signed = await beginSession(needs, user, arrival)
  await needs.end(user.id, await needs.sessions.beyond(user.id, MOST_SESSIONS, needs.clock()))
  return signed
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
