import { isInForce } from './ban.ts'
import { type ChatState, look } from './decision.ts'
import type { Happening } from './event.ts'
import type { Person } from './identity.ts'
import type { Instant, UserId } from './ids.ts'
import type { Invitation } from './invitation.ts'
import { Refusal } from './refusal.ts'

export interface Entering {
  readonly actorId: UserId
  readonly people: readonly Person[]
  /** The invitation that they use, as it is then. */
  readonly invitation?: Pick<Invitation, 'id' | 'used'> | undefined
  /** The time of the log. */
  readonly now: Instant
}

/**
 * Lets people into a group: the one place for all ways in. Refuses whoever is banned. Whoever left while muted is muted again. The scope names
 * the bans and the mutes of all of them.
 */
export function enter(state: ChatState, { actorId, people, invitation, now }: Entering): Happening[] {
  const banned = people.map(({ id }) => id).filter((id) => isBanned(state, id, now))
  if (banned.length > 0) throw new Refusal('banned', { userIds: banned })
  return people.flatMap((person): Happening[] => {
    const until = look(state.mutes, person.id)
    const added: Happening = { type: 'member.added', actorId, person, role: 'member', invitation }
    return until !== null && until > now ? [added, { type: 'member.muted', actorId, userId: person.id, until }] : [added]
  })
}

function isBanned({ bans }: ChatState, id: UserId, now: Instant): boolean {
  const ban = look(bans, id)
  return ban !== null && isInForce(ban, now)
}
