import type { SessionId, UserId } from '../../domain/ids.ts'
import type { Ports } from '../ports/ports.ts'
import type { LiveSessions } from './live-sessions.ts'

/** Ends sessions of a user in the store and closes their connections, here and in other processes. */
export type EndSessions = (userId: UserId, ids: readonly SessionId[]) => Promise<void>

interface Needs extends Pick<Ports, 'sessions' | 'clock'> {
  readonly live: LiveSessions
  readonly disconnect: (userId: UserId, ids: readonly SessionId[]) => void
}

export const endSessions =
  ({ sessions, clock, live, disconnect }: Needs): EndSessions =>
  async (userId, ids) => {
    if (ids.length === 0) return
    await sessions.end(userId, ids, clock())
    live.forget(ids)
    disconnect(userId, ids)
  }

/** Ends all sessions of a user, except the one that is to stay. */
export async function endAll(
  { sessions, clock, end }: Pick<Ports, 'sessions' | 'clock'> & { readonly end: EndSessions },
  userId: UserId,
  except?: SessionId,
): Promise<void> {
  const all = await sessions.list(userId, clock())
  await end(
    userId,
    all.map(({ id }) => id).filter((id) => id !== except),
  )
}
