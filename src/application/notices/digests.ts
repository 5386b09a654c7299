import type { Count, Duration, Instant, UserId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Tally } from '../../domain/tally.ts'
import type { Mailing } from '../identity/mailing.ts'
import type { Ports } from '../ports/ports.ts'
import type { NoticesApi } from './api.ts'
import { isUnsubscribeSecret, missedBy } from './missed.ts'

/** Who was here within so long has seen what there is. */
const AWAY: Duration = 8 * 3_600_000
const AT_ONCE: Count = 200
const EVERY: Duration = 86_400_000
/** A digest is about what was written since the one before, and not longer ago. */
const LOOKS_BACK: Duration = 7 * EVERY

type Needs = Pick<Ports, 'notices' | 'chats' | 'consents' | 'people' | 'tallies' | 'digest' | 'clock'>

/**
 * Mails users who asked for it what they have missed: how many messages in how many chats, and no more. At most once a day, to who was not here
 * for eight hours. Every process may run it: they share the time of a user's last one. Returns how many mails were posted.
 */
export function sendDigests(needs: Needs, { hasDigests, post }: Pick<Mailing, 'hasDigests' | 'post'>): () => Promise<Count> {
  const { notices, people, tallies, digest, clock } = needs

  /** Since when a user has missed something that no digest has told, if it is time for one. No other process gets the same answer. */
  async function due(userId: UserId): Promise<Instant | undefined> {
    const now = clock()
    const user = await people.get(userId)
    if (!user || (user.lastSeenAt ?? user.createdAt) > now - AWAY) return undefined
    const key = digest(`mail digest ${userId}`)
    const last = await tallies.change(key, (tally) => ({ result: lastOf(tally) }))
    if (last !== undefined && last + EVERY > now) return undefined
    const since = Math.max(last ?? 0, now - LOOKS_BACK)
    if (!(await missedBy(needs, userId, since))) return undefined
    const next = { count: 1, until: now + LOOKS_BACK, closedUntil: 0 }
    const isMine = await tallies.change(key, (tally) => (lastOf(tally) === last ? { tally: next, result: true } : { result: false }))
    return isMine ? since : undefined
  }

  return async () => {
    let count = 0
    if (!hasDigests) return count
    for (let some = await notices.digested(undefined, AT_ONCE); some.length > 0; some = await notices.digested(some.at(-1), AT_ONCE))
      for (const userId of some) {
        const since = await due(userId)
        if (since === undefined) continue
        await post('digest', { userId, address: '', facts: { since: String(since) } })
        count++
      }
    return count
  }
}

/** When a user was told last, as the tally has it. */
const lastOf = (tally: Tally | undefined): Instant | undefined => tally && tally.until - LOOKS_BACK

/** Ends the digests of whoever has the address in one of them. May be repeated. */
export const unsubscribe =
  (needs: Pick<Ports, 'notices' | 'seals' | 'digest'>): NoticesApi['unsubscribe'] =>
  async (_anonymous, { userId, secret }) => {
    if (!isUnsubscribeSecret(needs, userId, secret)) throw new Refusal('not-found')
    await needs.notices.setOfUser(userId, { ...(await needs.notices.ofUser(userId)), digest: false })
  }
