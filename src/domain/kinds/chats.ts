import type { EventOf } from '../event.ts'
import { newGuard } from '../guard.ts'
import type { UserId } from '../ids.ts'
import { RULES } from '../rules.ts'
import { chatOf, type Kinds, same } from './kind.ts'

export const chats: Kinds<'chat'> = {
  'chat.created': {
    evolve(state, { chatId: id, seq, at, kind, name, key, members }) {
      state.chat = {
        id,
        kind,
        name,
        key,
        createdAt: at,
        headSeq: 0,
        headN: 0,
        headAt: at,
        memberSeq: seq,
        memberCount: members.length,
        data: undefined,
        description: undefined,
        avatar: undefined,
        rules: RULES,
        guard: newGuard(kind),
      }
      for (const { person, role } of members) state.members.set(person.id, { person, role, joinedSeq: seq, joinedAt: at })
    },
    audience: { change: 'joins', who: ({ members }) => members.map(({ person }) => person.id) },
    appearsTo: ({ kind, members, actorId }) => (kind === 'private' ? [actorId] : members.map(({ person }) => person.id)),
    endsTyping: false,
  },
  'chat.renamed': {
    evolve(state, { name }) {
      state.chat = { ...chatOf(state), name }
    },
    audience: same,
    endsTyping: false,
  },
  'chat.data_changed': {
    evolve(state, { data }) {
      state.chat = { ...chatOf(state), data }
    },
    audience: same,
    endsTyping: false,
  },
  'chat.rules_changed': {
    evolve(state, { rules }) {
      state.chat = { ...chatOf(state), rules }
    },
    audience: same,
    endsTyping: false,
  },
  'chat.description_changed': {
    evolve(state, { description }) {
      state.chat = { ...chatOf(state), description }
    },
    audience: same,
    endsTyping: false,
  },
  'chat.avatar_changed': {
    evolve(state, { avatar }) {
      state.chat = { ...chatOf(state), avatar }
    },
    audience: same,
    endsTyping: false,
  },
  'chat.deleted': {
    evolve(state) {
      state.chat = null
    },
    audience: { change: 'ends' },
    endsTyping: false,
  },
}

/** Members to whom a new private chat does not appear before its first message: those who have not opened it. */
export const unawareOf = ({ kind, members, actorId }: Pick<EventOf<'chat.created'>, 'kind' | 'members' | 'actorId'>): readonly UserId[] =>
  kind === 'private' ? members.map(({ person }) => person.id).filter((id) => id !== actorId) : []
