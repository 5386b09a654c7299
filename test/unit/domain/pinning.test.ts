import { describe, expect, it } from 'vitest'
import type { ChatState } from '../../../src/domain/decision.ts'
import { evolve } from '../../../src/domain/evolve.ts'
import { erase } from '../../../src/domain/group.ts'
import { pin, unpin } from '../../../src/domain/pinning.ts'
import { remove } from '../../../src/domain/posting.ts'
import { after, group, id, naming, pair, posted, refused } from './given.ts'

const given = () => posted(posted(group({ bob: 'admin', eve: 'member' }), 'eve', 'one').state, 'ann', 'two').state
const changing = (decide: typeof pin) => (state: ChatState, who: string, messageId: string) =>
  decide(naming(state, { members: [who], messages: [messageId], pins: ['all'] }), { userId: id(who), messageId: id(messageId), at: 5_000 })
const [pinning, unpinning] = [changing(pin), changing(unpin)]
const done = (state: ChatState, ...[who, messageId]: [string, string]) =>
  pinning(state, who, messageId).events.reduce((next, event) => evolve(next, event), state)
const pins = ({ pins: all }: ChatState) => all.get('all')?.map(({ messageId }) => messageId) ?? []

describe('pinning', () => {
  it('is an event, and again it changes nothing', () => {
    const { events } = pinning(given(), 'bob', 'eve: one')
    expect(events).toEqual([
      { type: 'message.pinned', chatId: 'group', seq: 7, at: 5_000, actorId: 'bob', messageId: 'eve: one', messageSeq: 5 },
    ])
    const state = done(given(), 'bob', 'eve: one')
    expect(state.pins.get('all')).toEqual([{ messageId: 'eve: one', messageSeq: 5, senderId: 'eve', pinSeq: 7, userId: 'bob', at: 5_000 }])
    expect(pinning(state, 'ann', 'eve: one').events).toEqual([])
    const [event] = unpinning(state, 'ann', 'eve: one').events
    expect(event).toMatchObject({ type: 'message.unpinned', actorId: 'ann', messageId: 'eve: one', messageSeq: 5 })
    expect(pins(evolve(state, event!))).toEqual([])
    expect(unpinning(given(), 'ann', 'eve: one').events).toEqual([])
  })

  it('is for the owner and admins of a group, and for both of a private chat', () => {
    for (const decide of [pinning, unpinning])
      expect(refused(() => decide(given(), 'eve', 'eve: one'))).toEqual({ code: 'not-allowed', facts: { requires: ['owner', 'admin'] } })
    expect(pinning(posted(pair(), 'ann', 'one').state, 'bob', 'ann: one').events).toHaveLength(1)
    expect(refused(() => pinning(given(), 'zoe', 'eve: one')).code).toBe('chat-not-found')
    expect(refused(() => pinning(given(), 'ann', 'none')).code).toBe('message-not-found')
  })

  it('refuses the fifty-first', () => {
    let state = given()
    for (let i = 0; i < 51; i++) state = posted(state, 'ann', `${i}`).state
    for (let i = 0; i < 50; i++) state = done(state, 'ann', `ann: ${i}`)
    expect(refused(() => pinning(state, 'ann', 'ann: 50'))).toEqual({ code: 'pins-full', facts: { limit: 50 } })
    expect(pinning(state, 'ann', 'ann: 1').events).toEqual([])
  })

  it('ends with the message, and with who sent it', () => {
    const state = done(done(given(), 'bob', 'eve: one'), 'bob', 'ann: two')
    const gone = after(state, (seen) => remove(seen, { deleterId: id('ann'), messageId: id('ann: two'), at: 6_000 }), {
      members: ['ann'],
      messages: ['ann: two'],
    })
    expect(pins(gone)).toEqual(['eve: one'])
    for (const decide of [pinning, unpinning]) expect(refused(() => decide(gone, 'ann', 'ann: two')).code).toBe('message-deleted')
    const erased = after(state, (seen) => erase(seen, { userId: id('eve'), heirId: undefined, after: 0, at: 6_000 }), {
      members: ['eve'],
      erasures: [[id('eve'), 0]],
    })
    expect(pins(erased)).toEqual(['ann: two'])
  })
})
