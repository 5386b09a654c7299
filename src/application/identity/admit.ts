import type { Duration, Instant, SessionId } from '../../domain/ids.ts'
import type { Caller } from '../chat-api.ts'
import type { Profile } from '../ports/issuers.ts'
import type { Ports } from '../ports/ports.ts'
import type { ExternalUsers } from './external.ts'
import type { LiveSessions } from './live-sessions.ts'

/** Whom the host has identified. */
export interface Identified extends Profile {
  /** What the host calls the user. */
  readonly externalId: string
  /** When the host's word ends; 15 minutes from now unless given. */
  readonly expiresAt?: Date | undefined
  /** The host's session, which `endSession` can end. */
  readonly session?: string | undefined
}

export interface Admission {
  /** Returns the caller for a user whom the host has identified; the first time, the user is added. */
  admit(identified: Identified): Promise<Caller & { readonly expiresAt: Instant }>
  /** Ends a session of the host: its sockets close, and it is refused from then on. */
  endHostSession(session: string): Promise<void>
}

interface Needs extends Pick<Ports, 'sessions' | 'clock' | 'uuidOf'> {
  readonly externals: ExternalUsers
  readonly live: LiveSessions
  /** Looks which connections still may go on. */
  readonly poll: () => Promise<void>
}

const BELIEVED: Duration = 15 * 60_000

export function admission({ sessions, clock, uuidOf, externals, live, poll }: Needs): Admission {
  const idOf = (session: string) => uuidOf(`host session ${session}`) as SessionId
  return {
    async admit({ externalId, expiresAt, session, ...profile }) {
      const userId = await externals.userOf(externalId, profile)
      const sessionId = session === undefined ? (uuidOf(`host user ${externalId}`) as SessionId) : idOf(session)
      const caller = { userId, sessionId, via: 'identify' as const, issuedAt: clock() }
      await live.require(caller)
      return { ...caller, expiresAt: expiresAt?.getTime() ?? clock() + BELIEVED }
    },
    async endHostSession(session) {
      const id = idOf(session)
      await sessions.endExternal(id, clock())
      live.forget([id])
      await poll()
    },
  }
}
