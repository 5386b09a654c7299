import { mayAdd, requireConsent } from './accepting.ts'
import { type ChatKind, GROUP_LIMIT } from './chat.ts'
import { type ChatState, type Decision, happened, look, nothing, timeIn } from './decision.ts'
import { enter } from './entering.ts'
import type { Happening } from './event.ts'
import type { Person } from './identity.ts'
import { type ChatId, type CreationKey, erasureKey, type Instant, type PairKey, type Seq, type UserId } from './ids.ts'
import { type Member, type Role, STAFF } from './member.ts'
import { asMember, asMemberOfGroup, requireRole } from './membership.ts'
import type { Data } from './message.ts'
import { Refusal } from './refusal.ts'
import { atLeast } from './rules.ts'

export interface Opening {
  readonly id: ChatId
  readonly key: PairKey | CreationKey | undefined
  readonly kind: ChatKind
  readonly name: string | undefined
  readonly creatorId: UserId
  readonly otherIds: readonly UserId[]
  readonly data?: Data | undefined
  /** Members of a group, at most. */
  readonly limit?: number | undefined
  /** The creator of a private chat is about to write in it. */
  readonly isToWrite?: boolean | undefined
  readonly at: Instant
}

export interface Opened {
  readonly chatId: ChatId
  readonly isNew: boolean
}

/** Creates a chat, or returns the existing one with the same key. */
export function open(state: ChatState, opening: Opening): Decision<Opened> {
  if (state.chat) return nothing({ chatId: reopened(state, opening), isNew: false })
  const others = willing(state, opening, known(state, opening.otherIds))
  const { limit = GROUP_LIMIT } = opening
  if (others.length + 1 > limit) throw new Refusal('group-full', { limit })
  const creator = look(state.people, opening.creatorId)
  if (!creator) throw new Refusal('unauthenticated')
  if (opening.kind === 'group') requireAccount(creator)
  const { id, key, kind, name, data, creatorId } = opening
  const members = [
    { person: creator, role: kind === 'group' ? ('owner' as const) : ('member' as const) },
    ...others.map((person) => ({ person, role: 'member' as const })),
  ]
  const blank = { id, headSeq: 0, headAt: opening.at }
  const created: Happening[] = [{ type: 'chat.created', actorId: creatorId, kind, name, key, members }]
  if (data) created.push({ type: 'chat.data_changed', actorId: creatorId, data })
  return happened(blank, opening.at, created, { chatId: id, isNew: true })
}

/** Returns those of the others who take part: those who do not let the creator add them do not; a private chat needs the other one. */
function willing(state: ChatState, { kind, creatorId, isToWrite }: Opening, others: readonly Person[]): readonly Person[] {
  if (kind === 'group') return others.filter(({ id }) => mayAdd(state, id, creatorId))
  for (const { id } of others) requireConsent(state, [id, creatorId], !isToWrite)
  return others
}

/** Returns the existing chat. Refuses if it is a group that its creator has left. */
function reopened(state: ChatState, opening: Opening): ChatId {
  return opening.kind === 'group' ? asMember(state, opening.creatorId).chat.id : state.chat!.id
}

/** Returns the users with these ids. Refuses if one does not exist. */
function known(state: ChatState, ids: readonly UserId[]): Person[] {
  const found = ids.map((id) => look(state.people, id))
  const missing = ids.filter((_, i) => !found[i] || found[i].kind === 'system')
  if (missing.length > 0) throw new Refusal('user-not-found', { userIds: missing })
  return found as Person[]
}

/** Guests make no groups and add nobody. */
function requireAccount({ kind }: Person): void {
  if (kind === 'guest') throw new Refusal('not-allowed', { requires: ['account'] })
}

export interface Addition {
  readonly adderId: UserId
  readonly userIds: readonly UserId[]
  /** Members of a group, at most. */
  readonly limit?: number | undefined
  readonly at: Instant
}

export interface Additions {
  readonly added: readonly UserId[]
  /** Users who do not let the caller add them, or have left for good. */
  readonly skipped: readonly UserId[]
}

/** Adds members. Users who are members already are left out. */
export function add(state: ChatState, { adderId, userIds, limit = GROUP_LIMIT, at }: Addition): Decision<Additions> {
  const { chat, me } = asMemberOfGroup(state, adderId)
  const people = known(state, userIds)
  requireRole(me, atLeast[chat.rules.add])
  requireAccount(me.person)
  const absent = people.filter((person) => !look(state.members, person.id))
  const fresh = absent.filter(({ id }) => mayAdd(state, id, adderId) && !look(state.outsiders, id))
  const ids = fresh.map(({ id }) => id)
  const added = enter(state, { actorId: adderId, people: fresh, now: timeIn(chat, at) })
  if (chat.memberCount + fresh.length > limit) throw new Refusal('group-full', { limit })
  const skipped = absent.filter((person) => !fresh.includes(person)).map(({ id }) => id)
  return happened(chat, at, added, { added: ids, skipped })
}

export interface Removal {
  readonly removerId: UserId
  readonly userIds: readonly UserId[]
  readonly at: Instant
}

/** Removes members, all or none; with the caller's own id, the caller leaves. An owner can leave only alone, which deletes the group. */
export function dismiss(state: ChatState, { removerId, userIds, at }: Removal): Decision<readonly UserId[]> {
  const { chat, me } = asMemberOfGroup(state, removerId)
  const leavers = inChat(state, userIds)
  const others = leavers.filter((member) => member !== me)
  if (others.length > 0) requireRole(me, STAFF)
  for (const other of others) {
    if (other.role === 'owner') throw new Refusal('not-allowed', { requires: [] })
    if (other.role === 'admin') requireRole(me, ['owner'])
  }
  if (leavers.includes(me) && me.role === 'owner') {
    if (chat.memberCount > 1) throw new Refusal('last-owner')
    return happened(chat, at, [{ type: 'chat.deleted', actorId: removerId }], userIds)
  }
  const gone = leavers.map(
    ({ person: { id } }): Happening => ({ type: id === removerId ? 'member.left' : 'member.removed', actorId: removerId, userId: id }),
  )
  return happened(chat, at, gone, userIds)
}

function inChat(state: ChatState, ids: readonly UserId[]): Member[] {
  const found = ids.map((id) => look(state.members, id))
  const missing = ids.filter((_, i) => !found[i])
  if (missing.length > 0) throw new Refusal('user-not-found', { userIds: missing })
  return found as Member[]
}

export interface RoleChange {
  readonly giverId: UserId
  readonly userId: UserId
  readonly role: Role
  readonly at: Instant
}

/** Gives a member a role. An owner who makes another member the owner becomes an admin in the same change. */
export function giveRole(state: ChatState, { giverId, userId, role, at }: RoleChange): Decision<undefined> {
  const { chat, me } = asMemberOfGroup(state, giverId)
  const [target] = inChat(state, [userId])
  requireRole(me, ['owner'])
  if (target!.role === role) return nothing(undefined)
  if (target === me) throw new Refusal('last-owner')
  const changes: Happening[] = [{ type: 'member.role_changed', actorId: giverId, userId, role }]
  if (role === 'owner') changes.push({ type: 'member.role_changed', actorId: giverId, userId: giverId, role: 'admin' })
  return happened(chat, at, changes, undefined)
}

/** Deletes a group with its log. */
export function disband(state: ChatState, { ownerId, at }: { readonly ownerId: UserId; readonly at: Instant }): Decision<undefined> {
  const { chat, me } = asMemberOfGroup(state, ownerId)
  requireRole(me, ['owner'])
  return happened(chat, at, [{ type: 'chat.deleted', actorId: ownerId }], undefined)
}

export interface TakeDown {
  readonly chatId: ChatId
  readonly staffId: UserId
  readonly at: Instant
}

/** Deletes any chat with its log, whoever is in it. */
export function takeDown({ chat }: ChatState, { chatId, staffId, at }: TakeDown): Decision<undefined> {
  if (!chat) throw new Refusal('chat-not-found', { chatId })
  return happened(chat, at, [{ type: 'chat.deleted', actorId: staffId }], undefined)
}

export interface Erasure {
  readonly userId: UserId
  /** The member who becomes the owner if the erased user is the owner; named in the scope. */
  readonly heirId: UserId | undefined
  /** The head of the log when something was left to erase. */
  readonly after: Seq
  readonly at: Instant
}

/**
 * Deletes all texts of a user in a chat. The user leaves a group; the heir becomes the owner of a group that the user owned, and a group
 * without other members is deleted. A private chat stays. Returns `stale` if the heir is no longer a member: then choose another. Does nothing
 * if another caller has done it since.
 */
export function erase(state: ChatState, { userId, heirId, after, at }: Erasure): Decision<'erased' | 'stale'> {
  const { chat } = state
  if (!chat || look(state.erasures, erasureKey(userId, after))) return nothing('erased')
  const me = look(state.members, userId)
  const gone: Happening[] = [{ type: 'author.erased', actorId: userId, userId }]
  if (me && chat.kind === 'group') {
    if (me.role === 'owner') {
      if (chat.memberCount === 1) return happened(chat, at, [{ type: 'chat.deleted', actorId: userId }], 'erased')
      if (!heirId || !look(state.members, heirId)) return nothing('stale')
      gone.push({ type: 'member.role_changed', actorId: userId, userId: heirId, role: 'owner' })
    }
    gone.push({ type: 'member.left', actorId: userId, userId })
  }
  return happened(chat, at, gone, 'erased')
}
