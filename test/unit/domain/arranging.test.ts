import { describe, expect, it } from 'vitest'
import { type Arrangement, arrange } from '../../../src/domain/arranging.ts'
import { type ChatState, emptyState } from '../../../src/domain/decision.ts'
import { creationKey, SYSTEM_ID } from '../../../src/domain/ids.ts'
import { group, id, naming, refused } from './given.ts'

const wanted = (more: Partial<Arrangement> = {}): Arrangement => ({
  id: id('group'),
  key: creationKey(SYSTEM_ID, 'team'),
  name: 'Group',
  ownerId: id('ann'),
  memberIds: [],
  present: [],
  memberSeq: 0,
  isExact: false,
  at: 2_000,
  ...more,
})
const everybody = ['ann', 'bob', 'cid', 'dan']
const all = (state: ChatState) => naming(state, { members: everybody, people: everybody })

/** Ann owns it, bob is an admin, cid a member. */
const team = group({ bob: 'admin', cid: 'member' })
const known = { present: ['ann', 'bob', 'cid'].map(id), memberSeq: team.chat!.memberSeq, memberIds: ['bob', 'cid'].map(id) }
const arranged = (more: Partial<Arrangement>, state = all(team)) => {
  const { events, result } = arrange(state, wanted({ ...known, ...more }))
  const told = events.map((event) => {
    const { type, actorId, ...rest } = event as { type: string; actorId: string; [member: string]: unknown }
    expect(actorId).toBe(SYSTEM_ID)
    const { userId, role, name, person } = rest as { userId?: string; role?: string; name?: string; person?: { id: string } }
    return [type, userId ?? person?.id ?? name, ...(role ? [role] : [])]
  })
  return { told, result }
}

describe('a group that a back end wants', () => {
  it('is made', () => {
    const { events, result } = arrange(all(emptyState()), wanted({ memberIds: [id('bob')] }))
    expect(result).toEqual({ chatId: 'group', result: 'created' })
    const members = [
      { person: { id: 'ann' }, role: 'owner' },
      { person: { id: 'bob' }, role: 'member' },
    ]
    expect(events).toMatchObject([{ type: 'chat.created', kind: 'group', name: 'Group', members, seq: 1, at: 2_000 }])
  })

  it('is stale if its members changed since they were read', () => {
    expect(arrange(all(emptyState()), wanted({ memberSeq: 1 }))).toEqual({ events: [], result: 'stale' })
    expect(arrange(all(team), wanted({ ...known, memberSeq: 0 }))).toEqual({ events: [], result: 'stale' })
  })

  it('stays as it is where it is so already', () => {
    expect(arranged({})).toEqual({ told: [], result: { chatId: 'group', result: 'same' } })
  })

  it('is renamed', () => {
    expect(arranged({ name: 'Team' })).toEqual({ told: [['chat.renamed', 'Team']], result: { chatId: 'group', result: 'updated' } })
  })

  it('gets new members, and keeps those who are not listed unless the list is exact', () => {
    const memberIds = ['bob', 'dan'].map(id)
    expect(arranged({ memberIds }).told).toEqual([['member.added', 'dan', 'member']])
    expect(arranged({ memberIds, isExact: true }).told).toEqual([
      ['member.added', 'dan', 'member'],
      ['member.removed', 'cid'],
    ])
  })

  it('gets another owner; the former one becomes an admin', () => {
    expect(arranged({ ownerId: id('cid') }).told).toEqual([
      ['member.role_changed', 'cid', 'owner'],
      ['member.role_changed', 'ann', 'admin'],
    ])
    expect(arranged({ ownerId: id('dan'), memberIds: [id('bob')], isExact: true }).told).toEqual([
      ['member.added', 'dan', 'member'],
      ['member.role_changed', 'dan', 'owner'],
      ['member.role_changed', 'ann', 'admin'],
      ['member.removed', 'ann'],
      ['member.removed', 'cid'],
    ])
  })

  it('leaves alone who has left for good, but for its owner', () => {
    const state = all(team)
    state.outsiders.set(id('dan'), true)
    expect(arranged({ memberIds: [id('dan')] }, state).told).toEqual([])
    expect(arranged({ ownerId: id('dan'), memberIds: [] }, state).told[0]).toEqual(['member.added', 'dan', 'member'])
  })

  it('has no more members than a group may have', () => {
    const full = (more: Partial<Arrangement>) => refused(() => arranged(more))
    const listed = ['bob', 'cid', 'dan'].map(id)
    expect(arranged({ memberIds: listed, limit: 4 }).told).toHaveLength(1)
    expect(full({ memberIds: listed, limit: 3 })).toEqual({ code: 'group-full', facts: { limit: 3 } })
    expect(full({ memberIds: [id('dan')], limit: 3 })).toEqual({ code: 'group-full', facts: { limit: 3 } })
    expect(arranged({ memberIds: [id('dan')], isExact: true, limit: 2 }).told).toHaveLength(3)
    const made = (limit: number) => arrange(all(emptyState()), wanted({ memberIds: [id('bob')], limit }))
    expect(made(2).events).toHaveLength(1)
    expect(refused(() => made(1))).toEqual({ code: 'group-full', facts: { limit: 1 } })
  })

  it('needs everybody to exist', () => {
    const state = naming(emptyState(), { people: ['ann', 'nobody'] })
    expect(refused(() => arrange(state, wanted({ memberIds: [id('nobody')] })))).toEqual({
      code: 'user-not-found',
      facts: { userIds: ['nobody'] },
    })
  })
})
