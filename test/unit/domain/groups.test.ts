import { describe, expect, it } from 'vitest'
import { alter } from '../../../src/domain/altering.ts'
import { GROUP_LIMIT } from '../../../src/domain/chat.ts'
import { type ChatState, emptyState } from '../../../src/domain/decision.ts'
import { evolve } from '../../../src/domain/evolve.ts'
import { add, disband, dismiss, erase, giveRole, type Opening, open } from '../../../src/domain/group.ts'
import { creationKey, pairKey, type UserId } from '../../../src/domain/ids.ts'
import type { Role } from '../../../src/domain/member.ts'
import { after, group, id, naming, pair, refused } from './given.ts'

const ids = (names: readonly string[]): UserId[] => names.map(id)
const opening = (others: string[], more: Partial<Opening> = {}): Opening => ({
  id: id('new'),
  key: undefined,
  kind: 'group',
  name: 'Group',
  creatorId: id('ann'),
  otherIds: ids(others),
  at: 1_000,
  ...more,
})
const facts = (events: readonly object[]) =>
  events.map((event) => Object.fromEntries(Object.entries(event).filter(([name]) => !['chatId', 'at'].includes(name))))

describe('opening a chat', () => {
  it('makes a group whose creator owns it', () => {
    const { events, result } = open(naming(emptyState(), { people: ['ann', 'bob'] }), opening(['bob']))
    expect(result).toEqual({ chatId: 'new', isNew: true })
    expect(events).toMatchObject([
      {
        seq: 1,
        at: 1_000,
        type: 'chat.created',
        kind: 'group',
        name: 'Group',
        members: [
          { person: { id: 'ann' }, role: 'owner' },
          { person: { id: 'bob' }, role: 'member' },
        ],
      },
    ])
  })

  it('makes a private chat of two equals, and finds it again from both sides', () => {
    expect([...pair().members.values()].map((member) => member!.role)).toEqual(['member', 'member'])
    const again = opening(['ann'], { id: id('other'), key: pairKey(id('bob'), id('ann')), kind: 'private', creatorId: id('bob') })
    expect(open(naming(pair(), {}), again)).toEqual({ events: [], result: { chatId: 'pair', isNew: false } })
  })

  it('makes nothing unless everybody exists', () => {
    const state = naming(emptyState(), { people: ['ann', 'bob', 'nobody'] })
    expect(refused(() => open(state, opening(['bob', 'nobody'])))).toEqual({ code: 'user-not-found', facts: { userIds: ['nobody'] } })
    expect(refused(() => open(naming(emptyState(), { people: ['nobody'] }), opening([], { creatorId: id('nobody') }))).code).toBe(
      'unauthenticated',
    )
  })

  it('does not open a group again for a creator who has left it', () => {
    const key = creationKey(id('ann'), 'c')
    const left = naming(group(), { members: ['eve'] })
    expect(refused(() => open(left, opening([], { key, creatorId: id('eve') }))).code).toBe('chat-not-found')
    expect(open(naming(group(), { members: ['ann'] }), opening([], { key })).result).toEqual({ chatId: 'group', isNew: false })
  })

  it('holds as many as a group may', () => {
    const names = Array.from({ length: GROUP_LIMIT }, (_, i) => `p${i}`)
    const state = naming(emptyState(), { people: ['ann', ...names] })
    expect(refused(() => open(state, opening(names)))).toEqual({ code: 'group-full', facts: { limit: GROUP_LIMIT } })
    expect(open(state, opening(names.slice(1))).result.isNew).toBe(true)
  })
})

describe('adding people', () => {
  const adding = (state: ChatState, adder: string, ...names: string[]) =>
    add(naming(state, { members: [adder, ...names], people: names }), { adderId: id(adder), userIds: ids(names), at: 2_000 })

  it('makes each who is not in yet a member, in an event of their own', () => {
    const { events, result } = adding(group({ bob: 'member' }), 'ann', 'cid', 'bob', 'dan')
    expect(result).toEqual({ added: ['cid', 'dan'], skipped: [] })
    expect(facts(events)).toMatchObject([
      { seq: 3, type: 'member.added', actorId: 'ann', person: { id: 'cid' }, role: 'member' },
      { seq: 4, type: 'member.added', actorId: 'ann', person: { id: 'dan' }, role: 'member' },
    ])
    expect(adding(group({ bob: 'member' }), 'ann', 'bob')).toEqual({ events: [], result: { added: [], skipped: [] } })
  })

  it('is for owner and admins, of groups', () => {
    const state = group({ bob: 'admin', cid: 'member' })
    expect(adding(state, 'bob', 'dan').events).toHaveLength(1)
    expect(refused(() => adding(state, 'cid', 'dan'))).toEqual({ code: 'not-allowed', facts: { requires: ['owner', 'admin'] } })
    expect(refused(() => adding(state, 'eve', 'dan')).code).toBe('chat-not-found')
    expect(refused(() => adding(pair(), 'ann', 'dan')).code).toBe('not-a-group')
  })

  it('adds nobody where one is unknown, and says so before it speaks of roles', () => {
    const state = group({ cid: 'member' })
    for (const who of ['ann', 'cid'])
      expect(refused(() => adding(state, who, 'dan', 'nobody'))).toEqual({ code: 'user-not-found', facts: { userIds: ['nobody'] } })
  })

  it('stops at the limit of a group, those already in not counted', () => {
    const state = group({ bob: 'member' })
    const nearlyFull = { ...state, chat: { ...state.chat!, memberCount: GROUP_LIMIT - 1 } }
    expect(adding(nearlyFull, 'ann', 'bob', 'cid').events).toHaveLength(1)
    expect(refused(() => adding(nearlyFull, 'ann', 'cid', 'dan')).code).toBe('group-full')
  })
})

describe('removing and leaving', () => {
  const state = group({ bob: 'admin', ben: 'admin', cid: 'member', dan: 'member' })
  const dismissing = (from: ChatState, remover: string, ...names: string[]) =>
    dismiss(naming(from, { members: [remover, ...names] }), { removerId: id(remover), userIds: ids(names), at: 2_000 })

  it('removes others in events that name them, and leaves in one of one’s own', () => {
    const { events, result } = dismissing(state, 'bob', 'cid', 'bob')
    expect(result).toEqual(['cid', 'bob'])
    expect(facts(events)).toEqual([
      { seq: 8, type: 'member.removed', actorId: 'bob', userId: 'cid' },
      { seq: 9, type: 'member.left', actorId: 'bob', userId: 'bob' },
    ])
    expect(facts(dismissing(state, 'dan', 'dan').events)).toMatchObject([{ type: 'member.left', userId: 'dan' }])
  })

  const allowed: Record<string, [remover: string, removed: string]> = {
    'an owner, an admin': ['ann', 'bob'],
    'an owner, a member': ['ann', 'cid'],
    'an admin, a member': ['bob', 'cid'],
  }
  it.each(Object.entries(allowed))('may be done by %s', (_, [remover, removed]) => {
    expect(dismissing(state, remover, removed).events).toHaveLength(1)
  })

  const forbidden: Record<string, [remover: string, removed: string, requires: Role[]]> = {
    'a member, a member': ['cid', 'dan', ['owner', 'admin']],
    'an admin, an admin': ['bob', 'ben', ['owner']],
    'anybody, the owner': ['bob', 'ann', []],
  }
  it.each(Object.entries(forbidden))('may not be done by %s', (_, [remover, removed, requires]) => {
    expect(refused(() => dismissing(state, remover, removed))).toEqual({ code: 'not-allowed', facts: { requires } })
  })

  it('is all or nothing', () => {
    expect(refused(() => dismissing(state, 'ann', 'cid', 'eve'))).toEqual({ code: 'user-not-found', facts: { userIds: ['eve'] } })
    expect(refused(() => dismissing(state, 'bob', 'cid', 'ben')).code).toBe('not-allowed')
  })

  it('does not let the owner go but as the last one, with whom the group goes', () => {
    expect(refused(() => dismissing(state, 'ann', 'ann')).code).toBe('last-owner')
    expect(refused(() => dismissing(group({ bob: 'member' }), 'ann', 'bob', 'ann')).code).toBe('last-owner')
    expect(facts(dismissing(group(), 'ann', 'ann').events)).toEqual([{ seq: 2, type: 'chat.deleted', actorId: 'ann' }])
  })

  it('is for groups, and for members', () => {
    expect(refused(() => dismissing(pair(), 'ann', 'ann')).code).toBe('not-a-group')
    expect(refused(() => dismissing(state, 'eve', 'eve')).code).toBe('chat-not-found')
  })
})

describe('roles', () => {
  const state = group({ bob: 'admin', cid: 'member' })
  const giving = (giver: string, to: string, role: Role, from: ChatState = state) =>
    giveRole(naming(from, { members: [giver, to] }), { giverId: id(giver), userId: id(to), role, at: 2_000 })

  it('are given by the owner', () => {
    expect(facts(giving('ann', 'cid', 'admin').events)).toEqual([
      { seq: 5, type: 'member.role_changed', actorId: 'ann', userId: 'cid', role: 'admin' },
    ])
    for (const who of ['bob', 'cid'])
      expect(refused(() => giving(who, 'cid', 'admin'))).toEqual({ code: 'not-allowed', facts: { requires: ['owner'] } })
  })

  it('change hands in one change, so that there is exactly one owner', () => {
    expect(facts(giving('ann', 'cid', 'owner').events)).toEqual([
      { seq: 5, type: 'member.role_changed', actorId: 'ann', userId: 'cid', role: 'owner' },
      { seq: 6, type: 'member.role_changed', actorId: 'ann', userId: 'ann', role: 'admin' },
    ])
    const roles = [...after(state, () => giving('ann', 'cid', 'owner')).members.values()].map((member) => member!.role)
    expect(roles).toEqual(['admin', 'admin', 'owner'])
  })

  it('stay as they are without an event', () => {
    expect(giving('ann', 'bob', 'admin').events).toEqual([])
    expect(giving('ann', 'ann', 'owner').events).toEqual([])
  })

  it('cannot be laid down by the owner, nor given to who is not in', () => {
    expect(refused(() => giving('ann', 'ann', 'member')).code).toBe('last-owner')
    expect(refused(() => giving('ann', 'eve', 'admin'))).toEqual({ code: 'user-not-found', facts: { userIds: ['eve'] } })
    expect(refused(() => giving('ann', 'bob', 'admin', pair())).code).toBe('not-a-group')
  })
})

describe('renaming and deleting a group', () => {
  const state = group({ bob: 'admin', cid: 'member' })
  const renaming = (who: string, name: string) => alter(naming(state, { members: [who] }), { editorId: id(who), name, at: 2_000 })
  const disbanding = (who: string, from = state) => disband(naming(from, { members: [who] }), { ownerId: id(who), at: 2_000 })

  it('renames for owner and admins; the same name changes nothing', () => {
    expect(facts(renaming('bob', 'Friends').events)).toEqual([{ seq: 5, type: 'chat.renamed', actorId: 'bob', name: 'Friends' }])
    expect(renaming('ann', 'Group').events).toEqual([])
    expect(refused(() => renaming('cid', 'Friends')).facts).toEqual({ requires: ['owner', 'admin'] })
  })

  it('deletes for the owner alone, and groups alone', () => {
    expect(facts(disbanding('ann').events)).toEqual([{ seq: 5, type: 'chat.deleted', actorId: 'ann' }])
    expect(refused(() => disbanding('bob')).facts).toEqual({ requires: ['owner'] })
    expect(refused(() => disbanding('ann', pair())).code).toBe('not-a-group')
  })
})

describe('erasing somebody', () => {
  const erasing = (from: ChatState, who: string, heir?: string) =>
    erase(naming(from, { members: heir ? [who, heir] : [who], erasures: [[id(who), 1]] }), {
      userId: id(who),
      heirId: heir ? id(heir) : undefined,
      after: 1,
      at: 2_000,
    })

  it('takes a member’s texts and place', () => {
    expect(facts(erasing(group({ bob: 'member' }), 'bob').events)).toEqual([
      { seq: 3, type: 'author.erased', actorId: 'bob', userId: 'bob' },
      { seq: 4, type: 'member.left', actorId: 'bob', userId: 'bob' },
    ])
  })

  it('leaves an owner’s group to the heir', () => {
    const state = group({ bob: 'member' })
    const { events, result } = erasing(state, 'ann', 'bob')
    expect(result).toBe('erased')
    expect(events.map((event) => event.type)).toEqual(['author.erased', 'member.role_changed', 'member.left'])
    const left = after(state, () => ({ events, result }))
    expect([left.members.get(id('ann')), left.members.get(id('bob'))?.role]).toEqual([null, 'owner'])
    expect(left.chat!.memberCount).toBe(1)
  })

  it('asks for another heir where the heir has gone', () => {
    const state = group({ bob: 'member' })
    expect(erasing(state, 'ann', 'eve')).toEqual({ events: [], result: 'stale' })
    expect(erasing(state, 'ann')).toEqual({ events: [], result: 'stale' })
  })

  it('deletes a group of one, leaves private chats to the other, and visits chats that were left', () => {
    expect(erasing(group(), 'ann').events.map((event) => event.type)).toEqual(['chat.deleted'])
    expect(erasing(pair(), 'ann').events.map((event) => event.type)).toEqual(['author.erased'])
    expect(erasing(group(), 'eve').events.map((event) => event.type)).toEqual(['author.erased'])
    expect(erasing(emptyState(), 'ann')).toEqual({ events: [], result: 'erased' })
  })

  it('happens once, however many have found it to be due', () => {
    const named = naming(pair(), {
      erasures: [
        [id('ann'), 1],
        [id('bob'), 1],
      ],
    })
    const { events } = erasing(pair(), 'ann')
    const told = events.reduce((state, event) => evolve(state, event), named)
    expect(erasing(told, 'ann')).toEqual({ events: [], result: 'erased' })
    expect(erasing(told, 'bob').events.map((event) => event.type)).toEqual(['author.erased'])
  })
})
