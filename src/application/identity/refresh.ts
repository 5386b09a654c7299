import type { Duration } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ChatApi } from '../chat-api.ts'
import { networkOf } from '../network.ts'
import type { Ports } from '../ports/ports.ts'
import { type SessionNeeds, signedIn } from './begin-session.ts'
import { guessedFrom } from './guessing.ts'

/** How long a spent refresh token still gives its successor, so that a lost answer does not sign the user out. */
const GRACE: Duration = 10_000
const ROTATIONS_KEPT = 16

/**
 * Continues a session: its refresh token is spent, the next one is answered. A token spent less than `GRACE` ago gives the same successor
 * again; one spent earlier was stolen or copied, and ends the session.
 */
export const refresh =
  (needs: SessionNeeds & Pick<Ports, 'people' | 'journal'>): ChatApi['refresh'] =>
  async (anonymous, { refreshToken }) => {
    const { people, sessions, networks, tokens, clock, policy } = needs
    const named = tokens.verifyRefresh(refreshToken)
    const session = named && (await sessions.get(named.sessionId))
    if (!session) throw new Refusal('unauthenticated')
    if (session.endedAt !== undefined) throw new Refusal('session-ended')
    const now = clock()
    if (now >= session.expiresAt) throw new Refusal('token-expired')
    const user = await people.get(session.userId)
    if (!user) throw new Refusal('session-ended')
    if (user.disabledAt !== undefined) throw new Refusal('person-disabled')
    const { generation } = named
    if (generation === session.generation) {
      const spentAt = [...session.spentAt.filter((at) => now - at <= GRACE), now].slice(-ROTATIONS_KEPT)
      const expiresAt = Math.min(now + policy.refreshTtl, session.createdAt + policy.sessionTtl)
      const next = { ...session, generation: generation + 1, spentAt, lastUsedAt: now, expiresAt }
      const isMine = await sessions.rotate(generation, next)
      if (isMine) await networks.note(user.id, guessedFrom(anonymous.address), now)
      return isMine
        ? signedIn(needs, { user, session: next, generation: next.generation, now })
        : refresh(needs)(anonymous, { refreshToken })
    }
    const spent = session.spentAt.at(generation - session.generation)
    if (generation < session.generation && spent !== undefined && now - spent <= GRACE)
      return signedIn(needs, { user, session, generation: generation + 1, now })
    const { userId, id: sessionId } = session
    const { address, requestId } = anonymous
    needs.journal.note({ event: 'refresh-reused', outcome: 'session-ended', userId, sessionId, network: networkOf(address), requestId })
    await needs.end(userId, [sessionId])
    throw new Refusal('session-ended')
  }
