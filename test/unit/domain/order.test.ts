import { describe, expect, it } from 'vitest'
import { alter } from '../../../src/domain/altering.ts'
import { ban, mute, unban } from '../../../src/domain/banning.ts'
import { consentKey, OPEN } from '../../../src/domain/consent.ts'
import { type ChatState, type Decision, emptyState } from '../../../src/domain/decision.ts'
import { add, open, takeDown } from '../../../src/domain/group.ts'
import { BLOCKED } from '../../../src/domain/guard.ts'
import { type Person } from '../../../src/domain/identity.ts'
import { checkedExpiry, INVITATION_TTL, INVITATION_TTL_MAX, type Invitation, isGood } from '../../../src/domain/invitation.ts'
import { join, requireInviting } from '../../../src/domain/joining.ts'
import { isKeyText, keyText, readKey } from '../../../src/domain/keys.ts'
import { type Member, type Role } from '../../../src/domain/member.ts'
import { expel, strike } from '../../../src/domain/moderating.ts'
import { RULES } from '../../../src/domain/rules.ts'
import { changedRules, isSameRules, requirePace, requirePosting } from '../../../src/domain/ruling.ts'
import { countOne, withoutOne } from '../../../src/domain/tally.ts'
import { group, id, naming, pair, person, posted, refused } from './given.ts'

const everybody = ['ann', 'bob', 'cid', 'dan', 'eve']
/** Ann owns it, bob and dan are admins, cid is a member, eve a stranger. The log stands at 1,000. */
const club = group({ bob: 'admin', dan: 'admin', cid: 'member' })
const all = (state: ChatState = club) => naming(state, { members: everybody, people: [...everybody, 'nobody'] })
const facts = (decision: Decision<unknown>) =>
  decision.events.map((event) =>
    Object.fromEntries(Object.entries(event).filter(([name, value]) => !['chatId', 'seq', 'at'].includes(name) && value !== undefined)),
  )
const fault = (pointer: string, detail: string) => ({ code: 'invalid', facts: { errors: [{ pointer, detail }] } })
const notAllowed = (...requires: string[]) => ({ code: 'not-allowed', facts: { requires } })
const changedIn = (state: ChatState, members: Partial<Record<string, Partial<Member>>>) => {
  for (const [name, more] of Object.entries(members)) state.members.set(id(name), { ...state.members.get(id(name))!, ...more })
  return state
}
const kindOf = (name: string, kind: Person['kind']): Person => ({ ...person(name), kind })

describe('muting', () => {
  const muting = (actor: string, user: string, until?: number, state = all()) =>
    mute(state, { actorId: id(actor), userId: id(user), until, at: 2_000 })

  it('is for staff, over members', () => {
    expect(facts(muting('bob', 'cid', 3_000))).toEqual([{ type: 'member.muted', actorId: 'bob', userId: 'cid', until: 3_000 }])
    expect(refused(() => muting('cid', 'cid', 3_000))).toEqual(notAllowed('owner', 'admin'))
    expect(refused(() => muting('ann', 'bob', 3_000))).toEqual(notAllowed())
    expect(refused(() => muting('bob', 'ann', 3_000))).toEqual(notAllowed())
    expect(refused(() => muting('ann', 'eve', 3_000))).toEqual({ code: 'user-not-found', facts: { userIds: ['eve'] } })
  })

  it('ends in the future', () => {
    for (const until of [1_999, 2_000]) expect(refused(() => muting('ann', 'cid', until))).toEqual(fault('/until', 'is in the future'))
    expect(muting('ann', 'cid', 2_001).events).toHaveLength(1)
  })

  it('again until the same time changes nothing, until another one does, and it is ended once', () => {
    const state = () => changedIn(all(), { cid: { mutedUntil: 3_000 } })
    expect(muting('ann', 'cid', 3_000, state()).events).toEqual([])
    expect(muting('ann', 'cid', 3_001, state()).events).toHaveLength(1)
    expect(facts(muting('ann', 'cid', undefined, state()))).toEqual([{ type: 'member.muted', actorId: 'ann', userId: 'cid' }])
    expect(muting('ann', 'cid').events).toEqual([])
    // Who was muted and is staff now is unmuted, too.
    expect(muting('ann', 'bob', undefined, changedIn(all(), { bob: { mutedUntil: 3_000 } })).events).toHaveLength(1)
  })

  it('keeps members from writing until it ends, and staff never', () => {
    const writes = (role: Role, mutedUntil: number | undefined, now: number) =>
      requirePosting({ rules: RULES }, { person: person('x'), role, joinedSeq: 1, joinedAt: 1, mutedUntil }, now)
    expect(refused(() => writes('member', 3_000, 2_999))).toEqual({ code: 'muted', facts: { until: 3_000 } })
    for (const fine of [() => writes('member', 3_000, 3_000), () => writes('admin', 3_000, 2_999), () => writes('member', undefined, 1)])
      expect(fine).not.toThrow()
  })
})

describe('banning', () => {
  const banning = (actor: string, user: string, more: { until?: number; reason?: string } = {}, state = all()) =>
    ban(state, { actorId: id(actor), userId: id(user), until: undefined, reason: undefined, at: 2_000, ...more })

  it('removes a member, and keeps a stranger out', () => {
    expect(facts(banning('bob', 'cid', { until: 3_000, reason: 'spam' }))).toEqual([
      { type: 'member.removed', actorId: 'bob', userId: 'cid' },
      { type: 'member.banned', actorId: 'bob', userId: 'cid', until: 3_000, reason: 'spam' },
    ])
    expect(facts(banning('bob', 'eve'))).toEqual([{ type: 'member.banned', actorId: 'bob', userId: 'eve' }])
  })

  it('is for staff; an admin is banned by the owner, the owner by nobody, nobody by themselves', () => {
    expect(refused(() => banning('cid', 'eve'))).toEqual(notAllowed('owner', 'admin'))
    expect(refused(() => banning('bob', 'dan'))).toEqual(notAllowed('owner'))
    expect(refused(() => banning('bob', 'ann'))).toEqual(notAllowed())
    expect(refused(() => banning('ann', 'ann'))).toEqual(notAllowed())
    expect(refused(() => banning('bob', 'bob')).code).toBe('not-allowed')
    expect(banning('ann', 'dan').events).toHaveLength(2)
  })

  it('is of somebody who exists', () => {
    const nobody = () => naming(club, { members: ['ann', 'nobody'], people: ['nobody'] })
    expect(refused(() => banning('ann', 'nobody', {}, nobody()))).toEqual({ code: 'user-not-found', facts: { userIds: ['nobody'] } })
    const state = all()
    state.people.set(id('eve'), kindOf('eve', 'system'))
    expect(refused(() => banning('ann', 'eve', {}, state)).code).toBe('user-not-found')
  })

  it('ends in the future', () => {
    expect(refused(() => banning('ann', 'eve', { until: 2_000 }))).toEqual(fault('/until', 'is in the future'))
  })

  it('again, in the same words, changes nothing', () => {
    const state = () => {
      const seen = all()
      seen.bans.set(id('eve'), { byId: id('ann'), at: 1, until: 3_000, reason: 'spam' })
      seen.bans.set(id('cid'), { byId: id('ann'), at: 1, until: 3_000, reason: 'spam' })
      return seen
    }
    expect(banning('bob', 'eve', { until: 3_000, reason: 'spam' }, state()).events).toEqual([])
    expect(banning('bob', 'eve', { until: 3_001, reason: 'spam' }, state()).events).toHaveLength(1)
    expect(banning('bob', 'eve', { until: 3_000, reason: 'rude' }, state()).events).toHaveLength(1)
    expect(banning('bob', 'cid', { until: 3_000, reason: 'spam' }, state()).events).toHaveLength(2)
  })

  it('is lifted by staff while it holds', () => {
    const lifting = (actor: string, until: number | undefined) => {
      const state = all()
      state.bans.set(id('eve'), { byId: id('ann'), at: 1, until, reason: undefined })
      return unban(state, { actorId: id(actor), userId: id('eve'), at: 2_000 })
    }
    expect(facts(lifting('bob', undefined))).toEqual([{ type: 'member.unbanned', actorId: 'bob', userId: 'eve' }])
    expect(lifting('bob', 2_001).events).toHaveLength(1)
    expect(lifting('bob', 2_000).events).toEqual([])
    expect(unban(all(), { actorId: id('bob'), userId: id('eve'), at: 2_000 }).events).toEqual([])
    expect(refused(() => lifting('cid', undefined))).toEqual(notAllowed('owner', 'admin'))
  })

  it('keeps out whoever is added while it holds', () => {
    const adding = (until: number) => {
      const state = all()
      state.bans.set(id('eve'), { byId: id('ann'), at: 1, until, reason: undefined })
      return add(state, { adderId: id('ann'), userIds: [id('eve')], at: 2_000 })
    }
    expect(refused(() => adding(2_001))).toEqual({ code: 'banned', facts: { userIds: ['eve'] } })
    expect(adding(2_000).result.added).toEqual(['eve'])
  })

  it('a mute outlives leaving and coming back, until it ends', () => {
    const adding = (until: number) => {
      const state = all()
      state.mutes.set(id('eve'), until)
      return facts(add(state, { adderId: id('ann'), userIds: [id('eve')], at: 2_000 }))
    }
    expect(adding(2_001)[1]).toEqual({ type: 'member.muted', actorId: 'ann', userId: 'eve', until: 2_001 })
    expect(adding(2_000)).toHaveLength(1)
  })
})

describe('rules', () => {
  const [owner, admin, member] = (['owner', 'admin', 'member'] as const).map(
    (role): Member => ({ person: person(role), role, joinedSeq: 1, joinedAt: 1 }),
  ) as [Member, Member, Member]

  it('change one by one', () => {
    expect(changedRules(RULES, { slowS: 5, post: undefined }, admin)).toEqual({ ...RULES, slowS: 5 })
    expect(changedRules(RULES, { post: 'admin', add: 'member', invite: 'member' }, admin)).toEqual({
      post: 'admin',
      add: 'member',
      invite: 'member',
      slowS: 0,
      keepS: 0,
    })
    expect(refused(() => changedRules(RULES, { slowS: 5 }, member))).toEqual(notAllowed('owner', 'admin'))
  })

  it.each(['post', 'add', 'invite'] as const)('only the owner gives and takes what is the owner’s: %s', (rule) => {
    const owners = { ...RULES, [rule]: 'owner' as const }
    expect(changedRules(RULES, { [rule]: 'owner' }, owner)).toEqual(owners)
    expect(refused(() => changedRules(RULES, { [rule]: 'owner' }, admin))).toEqual(notAllowed('owner'))
    expect(refused(() => changedRules(owners, { [rule]: 'member' }, admin))).toEqual(notAllowed('owner'))
    expect(changedRules(owners, { [rule]: 'owner', slowS: 1 }, admin)).toEqual({ ...owners, slowS: 1 })
  })

  it.each([0, 21_600])('a slow mode has %i seconds', (slowS) => expect(changedRules(RULES, { slowS }, owner).slowS).toBe(slowS))
  it.each([-1, 21_601, 0.5])('a slow mode has no %d seconds', (slowS) =>
    expect(refused(() => changedRules(RULES, { slowS }, owner))).toEqual(fault('/rules/slow_s', 'is a whole number from 0 to 21600')),
  )

  it('are the same by value', () => {
    expect(isSameRules(RULES, { ...RULES })).toBe(true)
    for (const more of [{ post: 'owner' }, { add: 'owner' }, { invite: 'owner' }, { slowS: 1 }, { keepS: 1 }] as const)
      expect(isSameRules(RULES, { ...RULES, ...more })).toBe(false)
  })

  it('say who writes', () => {
    const writes = (post: Role, me: Member) => () => requirePosting({ rules: { ...RULES, post } }, me, 1)
    expect(refused(writes('admin', member))).toEqual(notAllowed('owner', 'admin'))
    expect(refused(writes('owner', admin))).toEqual(notAllowed('owner'))
    for (const fine of [writes('admin', admin), writes('owner', owner), writes('member', member)]) expect(fine).not.toThrow()
  })

  it('hold members, not staff, to the pace', () => {
    const slow = { rules: { ...RULES, slowS: 10 } }
    const paced = (me: Member, now: number, last: number | null | undefined = 1_000, rules = slow) => {
      const state = all()
      if (last !== undefined) state.lastOf.set(me.person.id, last)
      return () => requirePace(state, rules, { me, now })
    }
    expect(refused(paced(member, 10_999))).toEqual({ code: 'slow-mode', facts: { retryAfterMs: 1 } })
    for (const fine of [paced(member, 11_000), paced(member, 1, null), paced(admin, 1_000), paced(member, 1_000, 1_000, { rules: RULES })])
      expect(fine).not.toThrow()
  })
})

describe('inviting', () => {
  const invitation = (more: Partial<Invitation> = {}): Invitation => ({
    id: 'i',
    chatId: id('group'),
    hash: '',
    createdBy: id('bob'),
    createdAt: 0,
    expiresAt: 5_000,
    uses: undefined,
    used: 0,
    ...more,
  })

  it('lasts for 7 days, 366 at most', () => {
    expect(checkedExpiry(undefined, 1_000)).toBe(1_000 + INVITATION_TTL)
    for (const at of [1_001, 1_000 + INVITATION_TTL_MAX]) expect(checkedExpiry(at, 1_000)).toBe(at)
    for (const at of [1_000, 999, 1_001 + INVITATION_TTL_MAX])
      expect(refused(() => checkedExpiry(at, 1_000))).toEqual(fault('/expires_at', 'is in the future, at most 366 days away'))
  })

  it('is good until it has expired or was used up', () => {
    expect(isGood(invitation(), 4_999)).toBe(true)
    expect(isGood(invitation(), 5_000)).toBe(false)
    expect(isGood(invitation({ uses: 2, used: 1 }), 1)).toBe(true)
    expect(isGood(invitation({ uses: 2, used: 2 }), 1)).toBe(false)
  })

  it('is for those whom the rules name, and for no guests', () => {
    expect(requireInviting(all(), id('bob')).person.id).toBe('bob')
    expect(refused(() => requireInviting(all(), id('cid')))).toEqual(notAllowed('owner', 'admin'))
    expect(refused(() => requireInviting(changedIn(all(), { bob: { person: kindOf('bob', 'guest') } }), id('bob')))).toEqual(
      notAllowed('account'),
    )
  })

  const joining = (more: { known?: Invitation | null; limit?: number; change?(state: ChatState): void } = {}) => {
    const state = all()
    state.invitations.set('i', more.known === undefined ? invitation() : more.known)
    more.change?.(state)
    return join(state, { userId: id('eve'), invitation: invitation(), at: 2_000, ...(more.limit && { limit: more.limit }) })
  }

  it('lets somebody in and counts it', () => {
    const { events, result } = joining()
    expect(result).toBe('group')
    expect(events).toMatchObject([
      { type: 'member.added', actorId: 'eve', person: { id: 'eve' }, role: 'member', invitation: { id: 'i', used: 1 } },
    ])
  })

  it('uses nothing for a member', () => {
    expect(
      joining({
        known: invitation({ expiresAt: 1 }),
        change: (state) => state.members.set(id('eve'), state.members.get(id('cid'))!),
      }),
    ).toEqual({ events: [], result: 'group' })
  })

  it('lets nobody in when it is over, unknown, or its maker may not invite', () => {
    const gone = { code: 'invitation-not-found', facts: {} }
    expect(refused(() => joining({ known: null }))).toEqual(gone)
    expect(refused(() => joining({ known: invitation({ expiresAt: 2_000 }) }))).toEqual(gone)
    expect(refused(() => joining({ change: (state) => state.members.set(id('bob'), null) }))).toEqual(gone)
    expect(refused(() => joining({ change: (state) => changedIn(state, { bob: { role: 'member' } }) }))).toEqual(gone)
    expect(refused(() => joining({ change: (state) => void (state.chat = null) }))).toEqual(gone)
  })

  it('lets nobody in who does not exist, nor more than a group may have', () => {
    const without = (found: Person | null) => refused(() => joining({ change: (state) => state.people.set(id('eve'), found) })).code
    expect(without(null)).toBe('unauthenticated')
    expect(without(kindOf('eve', 'system'))).toBe('unauthenticated')
    expect(refused(() => joining({ limit: 4 }))).toEqual({ code: 'group-full', facts: { limit: 4 } })
    expect(joining({ limit: 5 }).events).toHaveLength(1)
  })
})

describe('the staff of the service', () => {
  it('deletes any message once', () => {
    const { state, message } = posted(club, 'cid', 'hello')
    const seen = () => naming(state, { messages: [message.id] })
    const strikes = (from: ChatState) => strike(from, { staffId: id('eve'), messageId: message.id, at: 3_000 })
    expect(facts(strikes(seen()))).toEqual([
      { type: 'message.deleted', actorId: 'eve', messageId: message.id, messageSeq: message.seq, deletedAt: 3_000 },
    ])
    const deleted = seen()
    deleted.messages.set(message.id, { ...message, deletedAt: 2_500 })
    expect(strikes(deleted).events).toEqual([])
    expect(strikes({ ...seen(), chat: null }).events).toEqual([])
    expect(strike(naming(state, { messages: ['other'] }), { staffId: id('eve'), messageId: id('other'), at: 1 }).events).toEqual([])
  })

  it('bans anybody but the owner from a group', () => {
    const expels = (user: string, state = all()) => expel(state, { staffId: id('eve'), userId: id(user), at: 2_000 })
    expect(facts(expels('bob'))).toEqual([
      { type: 'member.removed', actorId: 'eve', userId: 'bob' },
      { type: 'member.banned', actorId: 'eve', userId: 'bob' },
    ])
    expect(facts(expels('eve'))).toEqual([{ type: 'member.banned', actorId: 'eve', userId: 'eve' }])
    expect(refused(() => expels('ann'))).toEqual(notAllowed())
    expect(refused(() => expels('nobody', naming(club, { members: ['nobody'], people: ['nobody'] })))).toEqual({
      code: 'user-not-found',
      facts: { userIds: ['nobody'] },
    })
    expect(refused(() => expels('bob', naming(pair(), { members: ['bob'], people: ['bob'] }))).code).toBe('not-a-group')
    expect(refused(() => expels('bob', { ...all(), chat: null })).code).toBe('chat-not-found')
  })

  it('deletes any chat', () => {
    const taken = (state: ChatState) => takeDown(state, { chatId: id('group'), staffId: id('eve'), at: 2_000 })
    expect(facts(taken(club))).toEqual([{ type: 'chat.deleted', actorId: 'eve' }])
    expect(refused(() => taken(emptyState()))).toEqual({ code: 'chat-not-found', facts: { chatId: 'group' } })
  })
})

describe('changing a chat', () => {
  const altering = (editor: string, change: object, state = all()) => facts(alter(state, { editorId: id(editor), at: 2_000, ...change }))

  it('writes what differs', () => {
    expect(altering('bob', { name: 'Club', description: 'About', avatar: null, rules: { slowS: 3 }, data: { a: 1 } })).toEqual([
      { type: 'chat.renamed', actorId: 'bob', name: 'Club' },
      { type: 'chat.description_changed', actorId: 'bob', description: 'About' },
      { type: 'chat.rules_changed', actorId: 'bob', rules: { ...RULES, slowS: 3 } },
      { type: 'chat.data_changed', actorId: 'bob', data: { a: 1 } },
    ])
    expect(altering('bob', { name: 'Group', description: null, avatar: null, rules: { slowS: 0 } })).toEqual([])
  })

  it('takes a description and a picture away', () => {
    const state = all({ ...club, chat: { ...club.chat!, description: 'About', avatar: 'f' as never } })
    expect(altering('bob', { description: null, avatar: null }, state)).toEqual([
      { type: 'chat.description_changed', actorId: 'bob' },
      { type: 'chat.avatar_changed', actorId: 'bob' },
    ])
    expect(altering('bob', { description: 'About', avatar: 'f' }, state)).toEqual([])
  })

  it('shows a picture of the editor’s', () => {
    const state = all()
    const owned = (ownerId: string, kind: string) => state.files.set('f' as never, { ownerId: id(ownerId), file: { kind } } as never)
    owned('bob', 'image')
    expect(altering('bob', { avatar: 'f' }, state)).toEqual([{ type: 'chat.avatar_changed', actorId: 'bob', avatar: 'f' }])
    owned('bob', 'audio')
    expect(refused(() => altering('bob', { avatar: 'f' }, state))).toEqual(fault('/avatar', 'is a picture'))
    owned('cid', 'image')
    expect(refused(() => altering('bob', { avatar: 'f' }, state))).toEqual({ code: 'file-not-found', facts: { fileIds: ['f'] } })
  })

  it.each([{ name: 'x' }, { description: 'x' }, { avatar: null }, { rules: {} }])('of a private chat is not %j', (change) => {
    expect(refused(() => altering('ann', change, naming(pair(), { members: ['ann'] }))).code).toBe('not-a-group')
  })

  it('gives data to a private chat by both, to a group by staff, and not across a block', () => {
    const inPair = () => naming(pair(), { members: ['ann', 'bob'] })
    expect(altering('bob', { data: { a: 1 } }, inPair())).toHaveLength(1)
    expect(refused(() => altering('cid', { data: { a: 1 } }))).toEqual(notAllowed('owner', 'admin'))
    const blocked = inPair()
    blocked.chat = { ...blocked.chat!, guard: BLOCKED }
    expect(refused(() => altering('bob', { data: { a: 1 } }, blocked)).code).toBe('not-accepted')
  })
})

describe('guests and the system', () => {
  const opening = { id: id('new'), key: undefined, kind: 'group' as const, name: 'Group', creatorId: id('ann'), otherIds: [], at: 1_000 }

  it('guests make no groups and add nobody, and may be added', () => {
    const state = naming(emptyState(), { people: ['ann'] })
    state.people.set(id('ann'), kindOf('ann', 'guest'))
    expect(refused(() => open(state, opening))).toEqual(notAllowed('account'))
    const members = changedIn(all(), { bob: { person: kindOf('bob', 'guest') } })
    expect(refused(() => add(members, { adderId: id('bob'), userIds: [id('eve')], at: 1 }))).toEqual(notAllowed('account'))
  })

  it('nobody adds or writes to the system', () => {
    const state = all()
    state.people.set(id('eve'), kindOf('eve', 'system'))
    expect(refused(() => add(state, { adderId: id('ann'), userIds: [id('eve')], at: 1 }))).toEqual({
      code: 'user-not-found',
      facts: { userIds: ['eve'] },
    })
  })

  it('who does not let the adder add them, or has left for good, is skipped', () => {
    const state = all()
    state.consents.set(consentKey([id('eve'), id('ann')]), { privacy: { ...OPEN, add: 'nobody' }, isKnown: true, isBlocked: false })
    expect(add(state, { adderId: id('ann'), userIds: [id('eve')], at: 1 }).result).toEqual({ added: [], skipped: ['eve'] })
    const left = all()
    left.outsiders.set(id('eve'), true)
    expect(add(left, { adderId: id('ann'), userIds: [id('eve')], at: 1 }).result).toEqual({ added: [], skipped: ['eve'] })
  })
})

describe('keys', () => {
  const [keyId, secret] = ['0198c5d2-0000-7000-8000-000000000001', 'A'.repeat(42) + '_']

  it('are read as they are written', () => {
    const text = keyText(keyId as never, secret)
    expect(text).toBe(`wck_${keyId}_${secret}`)
    expect(readKey(text)).toEqual({ id: keyId, secret })
    expect([isKeyText(text), isKeyText(`x${text}`), isKeyText('xwck_')]).toEqual([true, false, false])
  })

  it.each([
    `x wck_${keyId}_${secret}`,
    `wck_${keyId}_${secret}x`,
    `wck_${keyId}_${secret.slice(1)}`,
    `wck_${keyId.slice(1)}_${secret}`,
    'wck_',
    '',
  ])('are none: %j', (text) => expect(readKey(text)).toBeUndefined())
})

describe('a tally', () => {
  const rule = { times: 2, within: 1_000 }

  it('closes when its number is reached, until it is forgotten', () => {
    const first = countOne(undefined, rule, 100)
    expect(first).toEqual({ tally: { count: 1, until: 1_100, closedUntil: 0 }, result: undefined })
    const second = countOne(first.tally, rule, 200)
    expect(second).toEqual({ tally: { count: 2, until: 1_100, closedUntil: 1_100 }, result: undefined })
    expect(countOne(second.tally, rule, 1_099)).toEqual({ result: 1 })
    expect(countOne(second.tally, rule, 1_100)).toEqual({ tally: { count: 1, until: 2_100, closedUntil: 0 }, result: undefined })
  })

  it('closes for longer each time, and is remembered for an hour', () => {
    const growing = { ...rule, times: 1, closedFor: (count: number) => count * 50 }
    const first = countOne(undefined, growing, 100).tally!
    expect(first).toEqual({ count: 1, until: 3_600_150, closedUntil: 150 })
    expect(countOne(first, growing, 149)).toEqual({ result: 1 })
    expect(countOne(first, growing, 150).tally).toEqual({ count: 2, until: 3_600_250, closedUntil: 250 })
  })

  it('is open again without one', () => {
    expect(withoutOne({ count: 2, until: 9, closedUntil: 8 })).toEqual({ count: 1, until: 9, closedUntil: 0 })
    expect(withoutOne({ count: 0, until: 9, closedUntil: 8 })).toEqual({ count: 0, until: 9, closedUntil: 0 })
  })
})
