import type { ChatState } from '../decision.ts'
import type { UserId } from '../ids.ts'
import { chatOf, type Kinds, same } from './kind.ts'

function take(state: ChatState, { userId }: { readonly userId: UserId }): void {
  state.members.set(userId, null)
  state.chat = { ...chatOf(state), memberCount: chatOf(state).memberCount - 1 }
}

const who = ({ userId }: { readonly userId: UserId }): UserId => userId

export const members: Kinds<'member'> = {
  'member.added': {
    evolve(state, { person, role, invitation, seq, at }) {
      state.members.set(person.id, { person, role, joinedSeq: seq, joinedAt: at })
      state.chat = { ...chatOf(state), memberCount: chatOf(state).memberCount + 1 }
      const used = invitation && state.invitations.get(invitation.id)
      if (used) state.invitations.set(used.id, { ...used, used: invitation.used })
      state.requests.set(person.id, null)
    },
    audience: { change: 'joins', who: ({ person }) => [person.id] },
    endsTyping: false,
  },
  'member.left': { evolve: take, audience: { change: 'leaves', who, how: 'left' }, endsTyping: false },
  'member.removed': { evolve: take, audience: { change: 'leaves', who, how: 'removed' }, endsTyping: false },
  'member.muted': {
    evolve(state, { userId, until }) {
      const member = state.members.get(userId)
      if (member) state.members.set(userId, { ...member, mutedUntil: until })
      state.mutes.set(userId, until ?? null)
    },
    audience: same,
    endsTyping: false,
  },
  'member.banned': {
    evolve(state, { userId, until, reason, actorId: byId, at }) {
      state.bans.set(userId, { byId, at, until, reason })
      state.requests.set(userId, null)
    },
    audience: same,
    endsTyping: false,
  },
  'member.unbanned': {
    evolve(state, { userId }) {
      state.bans.set(userId, null)
    },
    audience: same,
    endsTyping: false,
  },
  'member.role_changed': {
    evolve(state, { userId, role }) {
      const member = state.members.get(userId)
      if (member) state.members.set(userId, { ...member, role })
    },
    audience: same,
    endsTyping: false,
  },
}
