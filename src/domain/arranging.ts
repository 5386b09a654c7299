import { type Chat, GROUP_LIMIT } from './chat.ts'
import { type ChatState, type Decision, happened, look, nothing, timeIn } from './decision.ts'
import { enter } from './entering.ts'
import type { Happening } from './event.ts'
import type { Person } from './identity.ts'
import { type ChatId, type CreationKey, type Instant, type Seq, SYSTEM_ID, type UserId } from './ids.ts'
import { Refusal } from './refusal.ts'

/** A group as a back end wants it. */
export interface Arrangement {
  readonly id: ChatId
  readonly key: CreationKey
  readonly name: string
  readonly ownerId: UserId
  /** The others. */
  readonly memberIds: readonly UserId[]
  /** Who is a member now, as of `memberSeq`, which is 0 for a chat that does not exist. All of them are named in the scope. */
  readonly present: readonly UserId[]
  readonly memberSeq: Seq
  /** Whether members that are not listed are removed. */
  readonly isExact: boolean
  /** Members of a group, at most. */
  readonly limit?: number | undefined
  readonly at: Instant
}

export interface Arranged {
  readonly chatId: ChatId
  readonly result: 'created' | 'updated' | 'same'
}

/** Creates a group for a back end, or changes it. Returns `stale` if its members changed since they were read. */
export function arrange(state: ChatState, wanted: Arrangement): Decision<Arranged | 'stale'> {
  const { chat } = state
  if (!chat) return wanted.memberSeq === 0 ? create(state, wanted) : nothing('stale')
  if (chat.memberSeq !== wanted.memberSeq) return nothing('stale')
  const changes = [...renaming(chat.name, wanted), ...additions(state, chat, wanted), ...ownership(state, wanted), ...removals(wanted)]
  return happened(chat, wanted.at, changes, { chatId: chat.id, result: changes.length > 0 ? 'updated' : 'same' })
}

const actorId = SYSTEM_ID

function create(state: ChatState, { id, key, name, ownerId, memberIds, limit = GROUP_LIMIT, at }: Arrangement): Decision<Arranged> {
  const [owner, ...others] = existing(state, [ownerId, ...memberIds])
  if (others.length + 1 > limit) throw new Refusal('group-full', { limit })
  const members = [{ person: owner!, role: 'owner' as const }, ...others.map((person) => ({ person, role: 'member' as const }))]
  const blank = { id, headSeq: 0, headAt: at }
  return happened(blank, at, [{ type: 'chat.created', actorId, kind: 'group', name, key, members }], { chatId: id, result: 'created' })
}

const renaming = (name: string | undefined, wanted: Arrangement): Happening[] =>
  name === wanted.name ? [] : [{ type: 'chat.renamed', actorId, name: wanted.name }]

function additions(state: ChatState, chat: Chat, wanted: Arrangement): Happening[] {
  const { ownerId, memberIds, present, isExact, limit = GROUP_LIMIT, at } = wanted
  const people = existing(state, [ownerId, ...memberIds])
  // Who has left for good comes back alone; a group needs its owner.
  const fresh = people.filter(({ id }) => !look(state.members, id) && (id === ownerId || !look(state.outsiders, id)))
  const entered = enter(state, { actorId, people: fresh, now: timeIn(chat, at) })
  const left = isExact ? people.length - fresh.length : present.length
  if (left + fresh.length > limit) throw new Refusal('group-full', { limit })
  return entered
}

function ownership(state: ChatState, { ownerId, present }: Arrangement): Happening[] {
  const former = present.filter((id) => look(state.members, id)?.role === 'owner')
  if (former.includes(ownerId)) return []
  const given: Happening = { type: 'member.role_changed', actorId, userId: ownerId, role: 'owner' }
  return [given, ...former.map((userId): Happening => ({ type: 'member.role_changed', actorId, userId, role: 'admin' }))]
}

function removals({ ownerId, memberIds, present, isExact }: Arrangement): Happening[] {
  const wanted = new Set([ownerId, ...memberIds])
  const others = isExact ? present.filter((id) => !wanted.has(id)) : []
  return others.map((userId) => ({ type: 'member.removed', actorId, userId }))
}

function existing(state: ChatState, ids: readonly UserId[]): Person[] {
  const found = ids.map((id) => look(state.people, id))
  const missing = ids.filter((_, i) => !found[i])
  if (missing.length > 0) throw new Refusal('user-not-found', { userIds: missing })
  return found as Person[]
}
