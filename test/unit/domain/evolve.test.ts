import { describe, expect, it } from 'vitest'
import { alter } from '../../../src/domain/altering.ts'
import { emptyState } from '../../../src/domain/decision.ts'
import { evolve } from '../../../src/domain/evolve.ts'
import { dismiss, erase, open } from '../../../src/domain/group.ts'
import { sendKey } from '../../../src/domain/ids.ts'
import { asEvent, changesMembers, isKnown, joinersOf, leaverOf } from '../../../src/domain/kinds/kinds.ts'
import { edit, remove } from '../../../src/domain/posting.ts'
import { after, draft, group, id, naming, posted, posting } from './given.ts'

const frozen = <T extends object>(value: T): T => Object.freeze(value)

describe('evolve', () => {
  it('leaves a kept state as it was, and changes one that is given away', () => {
    const state = frozen(group({ bob: 'member' }))
    const [event] = posting(state, draft('bob', 'hello')).events
    const before = structuredClone(state)
    const next = evolve(state, event!)
    expect(state).toEqual(before)
    const own = structuredClone(before)
    expect(evolve(own, event!, 'given')).toBe(own)
    expect(own).toEqual(next)
  })

  it('moves the head with every event, and the member mark with those that change who is in', () => {
    const state = group({ bob: 'member' })
    expect(state.chat).toMatchObject({ headSeq: 2, headN: 0, memberSeq: 2, memberCount: 2, headAt: 1_000, createdAt: 1_000 })
    const sent = posted(state, 'bob', 'hello').state
    expect(sent.chat).toMatchObject({ headSeq: 3, headN: 1, memberSeq: 2, headAt: 2_000 })
    const left = after(sent, (seen) => dismiss(seen, { removerId: id('bob'), userIds: [id('bob')], at: 3_000 }), { members: ['bob'] })
    expect(left.chat).toMatchObject({ headSeq: 4, headN: 1, memberSeq: 4, memberCount: 1, headAt: 3_000 })
    expect(left.members.get(id('bob'))).toBeNull()
    const renamed = after(left, (seen) => alter(seen, { editorId: id('ann'), name: 'Friends', at: 4_000 }), { members: ['ann'] })
    expect(renamed.chat).toMatchObject({ name: 'Friends', headSeq: 5, memberSeq: 4 })
  })

  it('knows a message by its id and by its key, and both change together', () => {
    const { state, message } = posted(group(), 'ann', 'hello')
    const scope = { members: ['ann'], messages: [message.id] }
    const key = sendKey(message.sender.id, message.clientMessageId)
    const edited = after(state, (seen) => edit(seen, { editorId: id('ann'), messageId: message.id, text: 'hi', at: 3_000 }), scope)
    expect(edited.messages.get(message.id)).toMatchObject({ text: 'hi', version: 2, changedSeq: 3 })
    expect(edited.earlier.get(key)).toEqual(edited.messages.get(message.id))
    const gone = after(edited, (seen) => remove(seen, { deleterId: id('ann'), messageId: message.id, at: 4_000 }), scope)
    expect(gone.earlier.get(key)).toMatchObject({ text: undefined, deletedAt: 4_000, changedSeq: 4 })
    expect(gone.messages.get(message.id)).toEqual(gone.earlier.get(key))
  })

  it('does not learn of a message that it was not shown', () => {
    const { state, message } = posted(group(), 'ann', 'hello')
    const { events } = remove(naming(state, { members: ['ann'], messages: [message.id] }), {
      deleterId: id('ann'),
      messageId: message.id,
      at: 3_000,
    })
    const part = evolve({ ...emptyState(), chat: state.chat }, events[0]!)
    expect([part.messages.size, part.earlier.size, part.chat!.headSeq]).toEqual([0, 0, 3])
  })

  it('takes the texts of an erased author, theirs alone, once', () => {
    const one = posted(group({ bob: 'member' }), 'bob', 'mine')
    const two = posted(one.state, 'ann', 'yours')
    const gone = after(two.state, (seen) => remove(seen, { deleterId: id('bob'), messageId: one.message.id, at: 2_500 }), {
      members: ['bob'],
      messages: [one.message.id],
    })
    const three = posted(gone, 'bob', 'mine too')
    const erased = after(three.state, (seen) => erase(seen, { userId: id('bob'), heirId: undefined, after: 0, at: 3_000 }), {
      members: ['bob'],
      erasures: [[id('bob'), 0]],
    })
    const now = [one, two, three].map(({ message }) => erased.messages.get(message.id)!)
    expect(now.map((message) => [message.text, message.deletedAt])).toEqual([
      [undefined, 2_500],
      ['yours', undefined],
      [undefined, 3_000],
    ])
    for (const message of now) expect(erased.earlier.get(sendKey(message.sender.id, message.clientMessageId))).toEqual(message)
  })

  it('leaves nothing of a deleted chat', () => {
    const gone = after(group(), (seen) => dismiss(seen, { removerId: id('ann'), userIds: [id('ann')], at: 2_000 }), { members: ['ann'] })
    expect(gone.chat).toBeNull()
  })

  it('lets an event of an unknown kind move the head, and nothing else', () => {
    const state = posted(group({ bob: 'member' }), 'ann', 'hello').state
    const probe = asEvent({ type: 'message.probe', chatId: id('group'), actorId: id('bob'), seq: 4, at: 9_000 })
    expect(evolve(state, probe)).toEqual({ ...state, chat: { ...state.chat, headSeq: 4, headAt: 9_000 } })
  })

  it('fails where something happens in no chat', () => {
    const [event] = posting(group(), draft('ann', 'hello')).events
    expect(() => evolve(emptyState(), event!)).toThrow('defect')
  })
})

describe('an event', () => {
  const creation = {
    id: id('new'),
    key: undefined,
    kind: 'group' as const,
    name: 'Group',
    creatorId: id('ann'),
    otherIds: [id('bob')],
    at: 0,
  }
  const created = open(naming(emptyState(), { people: ['ann', 'bob'] }), creation).events[0]!
  const sent = posting(group(), draft('ann', 'hello')).events[0]!
  const left = dismiss(naming(group({ bob: 'member' }), { members: ['ann', 'bob'] }), { removerId: id('ann'), userIds: [id('bob')], at: 0 })
    .events[0]!

  it('keeps what all kinds have when its kind is unknown', () => {
    const common = { chatId: id('group'), actorId: id('bob'), seq: 4, at: 9_000 }
    const written = { ...common, type: 'member.tickled', userId: id('bob') }
    expect(asEvent(written)).toEqual({ ...common, type: 'unknown', kind: 'member.tickled' })
    expect([leaverOf(asEvent(written)), asEvent(left)]).toEqual([undefined, left])
    expect(['unknown', 'toString', 'message.sent'].map(isKnown)).toEqual([false, false, true])
  })

  it('tells who comes and who goes', () => {
    expect([created, sent, left].map(joinersOf)).toEqual([['ann', 'bob'], [], []])
    expect([created, sent, left].map(leaverOf)).toEqual([undefined, undefined, 'bob'])
    expect([created, sent, left].map(changesMembers)).toEqual([true, false, true])
  })
})
