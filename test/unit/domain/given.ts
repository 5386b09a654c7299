import { consentKey, OPEN } from '../../../src/domain/consent.ts'
import { type ChatState, type Decision, emptyState, type Scope } from '../../../src/domain/decision.ts'
import { evolve } from '../../../src/domain/evolve.ts'
import { add, giveRole, open } from '../../../src/domain/group.ts'
import { type Person, unnamed } from '../../../src/domain/identity.ts'
import { type ChatId, type ClientMessageId, erasureKey, type MessageId, pairKey, sendKey, type UserId } from '../../../src/domain/ids.ts'
import type { Role } from '../../../src/domain/member.ts'
import { type Message } from '../../../src/domain/message.ts'
import { type Draft, post } from '../../../src/domain/posting.ts'
import { ownKey, reactorsKey } from '../../../src/domain/reaction.ts'
import { Refusal, type RefusalCode, type Refusals } from '../../../src/domain/refusal.ts'

/** In these tests somebody's id is their name. */
export const id = (name: string) => name as UserId & ChatId & MessageId & ClientMessageId
export const person = (name: string): Person => ({ ...unnamed(id(name)), username: name, name })

/** What a decision sees of a chat, if its scope names this. Everybody exists but `nobody`. */
export function naming(
  state: ChatState,
  scope: Partial<Record<'members' | 'messages' | 'people' | 'lastOf' | 'bans' | 'mutes' | 'invitations', readonly string[]>> &
    Pick<Scope, 'earlier' | 'own' | 'reactors' | 'pins' | 'erasures'>,
): ChatState {
  const pick = <K, V>(from: ReadonlyMap<K, V | null>, names: readonly K[] = []) =>
    new Map(names.map((name) => [name, from.get(name) ?? null]))
  return {
    chat: state.chat,
    members: pick(state.members, scope.members?.map(id)),
    earlier: pick(
      state.earlier,
      scope.earlier?.map(([sender, key]) => sendKey(sender, key)),
    ),
    messages: pick(state.messages, scope.messages?.map(id)),
    files: new Map(),
    sums: pick(state.sums, scope.messages?.map(id)),
    own: pick(
      state.own,
      scope.own?.map(([messageId, userId]) => ownKey(messageId, userId)),
    ),
    reactors: pick(
      state.reactors,
      scope.reactors?.map(([messageId, emoji]) => reactorsKey(messageId, emoji)),
    ),
    pins: pick(state.pins, scope.pins),
    lastOf: pick(state.lastOf, scope.lastOf?.map(id)),
    // Whoever adds people names their bans.
    bans: pick(state.bans, (scope.bans ?? scope.people)?.map(id)),
    mutes: pick(state.mutes, (scope.mutes ?? scope.people)?.map(id)),
    invitations: pick(state.invitations, scope.invitations),
    requests: pick(state.requests, scope.people?.map(id)),
    erasures: pick(
      state.erasures,
      scope.erasures?.map(([userId, after]) => erasureKey(userId, after)),
    ),
    outsiders: pick(state.outsiders, scope.people?.map(id)),
    consents: new Map(
      [...(scope.people ?? []), ...(scope.members ?? []), ...(state.chat?.kind === 'private' ? state.members.keys() : [])].flatMap((one) =>
        [...(scope.members ?? []), 'ann'].map((other) => [consentKey([id(one), id(other)]), ACCEPTING] as const),
      ),
    ),
    people: new Map(scope.people?.map((name) => [id(name), name === 'nobody' ? null : person(name)])),
  }
}

const ACCEPTING = { privacy: OPEN, isKnown: true, isBlocked: false }

/** The state after a decision. */
export const after = <R>(
  state: ChatState,
  decide: (state: ChatState) => Decision<R>,
  scope: Parameters<typeof naming>[1] = {},
): ChatState => decide(naming(state, scope)).events.reduce((next, event) => evolve(next, event), state)

/** A group of ann, who owns it, and others with these roles, made at 1,000. */
export function group(others: Readonly<Record<string, Role>> = {}): ChatState {
  const opening = { id: id('group'), key: undefined, kind: 'group' as const, name: 'Group', creatorId: id('ann'), otherIds: [], at: 1_000 }
  let state = after(emptyState(), (seen) => open(seen, opening), { people: ['ann'] })
  for (const [name, role] of Object.entries(others)) {
    state = after(state, (seen) => add(seen, { adderId: id('ann'), userIds: [id(name)], at: 1_000 }), {
      members: ['ann', name],
      people: [name],
    })
    if (role !== 'member')
      state = after(state, (seen) => giveRole(seen, { giverId: id('ann'), userId: id(name), role, at: 1_000 }), { members: ['ann', name] })
  }
  return state
}

/** The private chat of ann and bob. */
export function pair(): ChatState {
  const opening = {
    id: id('pair'),
    key: pairKey(id('ann'), id('bob')),
    kind: 'private' as const,
    name: undefined,
    creatorId: id('ann'),
    otherIds: [id('bob')],
    at: 1_000,
  }
  return after(emptyState(), (seen) => open(seen, opening), { people: ['ann', 'bob'] })
}

export const draft = (sender: string, text: string, more: Partial<Draft> = {}): Draft => ({
  id: id(`${sender}: ${text}`),
  senderId: id(sender),
  clientMessageId: id(`key of ${text}`),
  text,
  bodyHash: text,
  at: 2_000,
  ...more,
})

export const posting = (state: ChatState, what: Draft) =>
  post(
    naming(state, {
      members: [what.senderId],
      earlier: [[what.senderId, what.clientMessageId]],
      messages: what.replyTo ? [what.replyTo] : [],
    }),
    what,
  )

/** The state after somebody has posted a text, and the message. */
export function posted(state: ChatState, sender: string, text: string, more: Partial<Draft> = {}): { state: ChatState; message: Message } {
  const { events, result } = posting(state, draft(sender, text, more))
  return { state: events.reduce((next, event) => evolve(next, event), state), message: result.message }
}

/** The refusal that a decision throws. */
export function refused<C extends RefusalCode>(decide: () => unknown): { code: C; facts: Refusals[C] } {
  try {
    decide()
  } catch (thrown) {
    if (thrown instanceof Refusal) return { code: thrown.code, facts: thrown.facts }
    throw thrown
  }
  throw new Error('nothing was refused')
}
