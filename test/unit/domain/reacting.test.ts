import { describe, expect, it } from 'vitest'
import type { ChatState } from '../../../src/domain/decision.ts'
import type { EventOf } from '../../../src/domain/event.ts'
import { evolve } from '../../../src/domain/evolve.ts'
import { erase } from '../../../src/domain/group.ts'
import { remove } from '../../../src/domain/posting.ts'
import { clear, type Reaction, react } from '../../../src/domain/reacting.ts'
import { checkedEmoji, emojiOf, summed } from '../../../src/domain/reaction.ts'
import { after, group, id, naming, pair, posted, refused } from './given.ts'

describe('an emoji', () => {
  it.each(['👍', '❤️', '❤', '👍🏽', '🇬🇪', '1️⃣', '#⃣', '👩‍👩‍👧‍👦', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🕵🏻‍♂️', '🏳️‍🌈', '©', '🫨'])('is %s', (emoji) => {
    expect(checkedEmoji(emoji)).toBe(emoji)
  })

  it.each([
    '',
    '1',
    '#',
    '👍👍',
    'a',
    ':)',
    '👍 ',
    '🇬',
    '\u200d',
    '\ufe0f',
    '👍\u200d',
    '\ud83d',
    '👩\u200d'.repeat(9),
    '🏴\u{e0067}',
    '❤\ufe0f\ufe0f',
  ])('is not %j', (text) => {
    expect(refused(() => checkedEmoji(text))).toEqual({ code: 'not-an-emoji', facts: {} })
  })

  it('is looked at in linear time, however long the text', () => {
    expect(refused(() => checkedEmoji('👩\u200d'.repeat(20_000))).code).toBe('not-an-emoji')
  })
})

const given = (others: Parameters<typeof group>[0] = { bob: 'admin', eve: 'member' }) => posted(group(others), 'ann', 'hello')
const on = (who: string, emoji: string, messageId: string = 'ann: hello'): Reaction => ({
  userId: id(who),
  messageId: id(messageId),
  emoji,
  on: true,
})
const off = (...args: Parameters<typeof on>): Reaction => ({ ...on(...args), on: false })

const reacting = (state: ChatState, commands: readonly Reaction[]) =>
  react(
    naming(state, {
      members: commands.map(({ userId }) => userId),
      messages: commands.map(({ messageId }) => messageId),
      own: commands.map(({ messageId, userId }) => [messageId, userId] as const),
    }),
    commands,
    3_000,
  )
function reacted(state: ChatState, ...commands: Reaction[]) {
  const { events, result } = reacting(state, commands)
  return { state: events.reduce((next, event) => evolve(next, event), state), events: events as EventOf<'message.reacted'>[], result }
}
const sums = (state: ChatState) => state.sums.get(id('ann: hello'))!.sums.map(({ emoji, count, userIds }) => [emoji, count, userIds])
const codes = (result: ReturnType<typeof reacted>['result']) =>
  result.map((outcome) => ('refusal' in outcome ? outcome.refusal.code : undefined))

describe('reacting', () => {
  it('is one event for what several do to one message, whose actor is the first of them', () => {
    const { events, result, state } = reacted(given().state, on('bob', '👍'), on('eve', '❤️'), on('eve', '👍'))
    expect(events).toEqual([
      {
        type: 'message.reacted',
        chatId: 'group',
        seq: 6,
        at: 3_000,
        actorId: 'bob',
        messageId: 'ann: hello',
        messageSeq: 5,
        changes: [
          { emoji: '👍', on: true, userIds: ['bob', 'eve'] },
          { emoji: '❤️', on: true, userIds: ['eve'] },
        ],
        reactions: [
          { emoji: '👍', count: 2, userIds: ['bob', 'eve'] },
          { emoji: '❤️', count: 1, userIds: ['eve'] },
        ],
        reactionsSeq: 6,
      },
    ])
    expect(result).toEqual([
      { reactions: { sums: events[0]!.reactions, changedSeq: 6, own: ['👍'] } },
      { reactions: { sums: events[0]!.reactions, changedSeq: 6, own: ['👍', '❤️'] } },
      { reactions: { sums: events[0]!.reactions, changedSeq: 6, own: ['👍', '❤️'] } },
    ])
    expect(state.sums.get(id('ann: hello'))!.sums).toEqual(events[0]!.reactions)
    expect(state.reactors.get('ann: hello 👍')).toEqual([
      { userId: 'bob', at: 3_000 },
      { userId: 'eve', at: 3_000 },
    ])
  })

  it('is one event for each message', () => {
    const { state } = posted(given().state, 'ann', 'other')
    const { events } = reacted(state, on('bob', '👍'), on('eve', '👍', 'ann: other'), on('eve', '👍'))
    expect(events.map(({ seq, messageId, actorId }) => [seq, messageId, actorId])).toEqual([
      [7, 'ann: hello', 'bob'],
      [8, 'ann: other', 'eve'],
    ])
  })

  it('again changes nothing, and neither does what was done and undone', () => {
    const { state } = reacted(given().state, on('bob', '👍'))
    for (const commands of [
      [on('bob', '👍')],
      [off('eve', '👍')],
      [on('eve', '👍'), off('eve', '👍')],
      [off('bob', '👍'), on('bob', '👍')],
    ])
      expect(reacted(state, ...commands).events).toEqual([])
    expect(reacted(state, on('bob', '👍')).result[0]).toMatchObject({ reactions: { changedSeq: 6, own: ['👍'] } })
    expect(reacted(given().state, off('bob', '👍')).result[0]).toEqual({ reactions: { sums: [], changedSeq: 5, own: [] } })
  })

  it('keeps the last of what one person did', () => {
    const { state } = reacted(given().state, on('bob', '👍'), off('bob', '👍'), on('bob', '👍'), on('eve', '👍'), off('bob', '👍'))
    expect(sums(state)).toEqual([['👍', 1, ['eve']]])
  })

  it('takes emoji that differ by U+FE0F for one, shown as first sent', () => {
    const { state, result } = reacted(given().state, on('bob', '❤️'), on('eve', '❤'))
    expect(sums(state)).toEqual([['❤️', 2, ['bob', 'eve']]])
    expect(result[1]).toMatchObject({ reactions: { own: ['❤️'] } })
    const other = reacted(state, off('bob', '❤'), off('eve', '❤'), on('eve', '❤'))
    expect(sums(other.state)).toEqual([['❤️', 1, ['eve']]])
    const none = reacted(other.state, off('eve', '❤️'))
    expect(none.events[0]).toMatchObject({ changes: [{ emoji: '❤️', on: false }], reactions: [] })
    expect(sums(reacted(none.state, on('bob', '❤')).state)).toEqual([['❤', 1, ['bob']]])
  })

  it('refuses each on its own, and its neighbours stand', () => {
    const gone = after(
      posted(given().state, 'ann', 'gone').state,
      (seen) => remove(seen, { deleterId: id('ann'), messageId: id('ann: gone'), at: 2_500 }),
      { members: ['ann'], messages: ['ann: gone'] },
    )
    const { result, state } = reacted(
      gone,
      on('bob', '👍'),
      on('zoe', '👍'),
      on('eve', '👍', 'none'),
      on('eve', '👍', 'ann: gone'),
      on('eve', '👍'),
    )
    expect(codes(result)).toEqual([undefined, 'chat-not-found', 'message-not-found', 'message-deleted', undefined])
    expect(sums(state)).toEqual([['👍', 2, ['bob', 'eve']]])
  })

  it('has limits of a person and of a message', () => {
    const five = ['1️⃣', '2️⃣', '3️⃣', '4️⃣', '5️⃣']
    const { result } = reacted(given().state, ...[...five, '👍'].map((emoji) => on('bob', emoji)))
    expect(result.at(-1)).toMatchObject({ refusal: { code: 'reactions-full', facts: { limit: 5 } } })
    const people = ['a', 'b', 'c', 'd', 'e']
    const { state } = given(Object.fromEntries(people.map((name) => [name, 'member'])))
    const letters = Array.from({ length: 21 }, (_, i) => String.fromCodePoint(0x1f600 + i))
    const full = reacted(state, ...letters.map((emoji, i) => on(people[Math.floor(i / 5)]!, emoji)))
    expect(full.result.at(-1)).toMatchObject({ refusal: { code: 'reactions-full', facts: { limit: 20 } } })
    expect(codes(full.result).filter((code) => code !== undefined)).toHaveLength(1)
    expect(codes(reacted(full.state, on('e', letters[0]!), on('e', '👍'), off('a', letters[1]!), on('e', '👍')).result)).toEqual([
      undefined,
      'reactions-full',
      undefined,
      undefined,
    ])
  })

  it('names 100 people an event, and never has more kinds than a message may', () => {
    const people = Array.from({ length: 150 }, (_, i) => `p${i}`)
    const { state } = given(Object.fromEntries(people.map((name) => [name, 'member'])))
    const first = reacted(state, ...people.map((name) => on(name, '👍')))
    expect(first.events.map(({ changes }) => changes[0]!.userIds.length)).toEqual([100, 50])
    expect(first.events.map(({ reactions }) => [reactions[0]!.count, reactions[0]!.userIds.length])).toEqual([
      [100, 10],
      [150, 10],
    ])
    const twice = reacted(first.state, ...people.flatMap((name) => [on(name, '❤️'), off(name, '👍')]))
    expect(twice.events.map(({ changes }) => changes.map(({ emoji, on: isOn, userIds }) => [emoji, isOn, userIds.length]))).toEqual([
      [['👍', false, 100]],
      [
        ['👍', false, 50],
        ['❤️', true, 50],
      ],
      [['❤️', true, 100]],
    ])
    expect(sums(twice.state)).toEqual([['❤️', 150, people.slice(0, 10)]])
  })

  it('fails where the scope forgot what it has to look at', () => {
    const seen = naming(given().state, { members: ['bob'], messages: ['ann: hello'] })
    expect(() => react(seen, [on('bob', '👍')], 0)).toThrow('defect')
  })
})

describe('removing the reactions of everybody', () => {
  const clearing = (state: ChatState, who: string, emoji = '👍') =>
    clear(
      naming(state, {
        members: [who],
        messages: ['ann: hello'],
        own: [[id('ann: hello'), id(who)]],
        reactors: [[id('ann: hello'), emojiOf(emoji)]],
      }),
      { removerId: id(who), messageId: id('ann: hello'), emoji, at: 4_000 },
    )

  it('is for the owner and admins, 100 people an event, whose actor is who removes', () => {
    const people = Array.from({ length: 120 }, (_, i) => `p${i}`)
    const { state } = given({ bob: 'admin', ...Object.fromEntries(people.map((name) => [name, 'member' as const])) })
    const full = reacted(state, ...people.map((name) => on(name, '👍')), on('bob', '❤️'), on('bob', '👍')).state
    expect(refused(() => clearing(full, 'p1'))).toEqual({ code: 'not-allowed', facts: { requires: ['owner', 'admin'] } })
    const { events, result } = clearing(full, 'bob')
    expect(events.map((event) => [event.actorId, 'changes' in event && event.changes[0]!.userIds.length])).toEqual([
      ['bob', 100],
      ['bob', 21],
    ])
    expect(result).toMatchObject({ sums: [{ emoji: '❤️', count: 1 }], own: ['❤️'] })
    const next = events.reduce((before, event) => evolve(before, event), full)
    expect([sums(next), next.reactors.get('ann: hello 👍'), next.own.get('ann: hello p1')]).toEqual([[['❤️', 1, ['bob']]], null, null])
    expect(clearing(next, 'bob').events).toEqual([])
  })

  it('is for nobody in a private chat', () => {
    expect(refused(() => clearing(posted(pair(), 'ann', 'hello').state, 'ann')).code).toBe('not-allowed')
  })
})

describe('reactions', () => {
  it('go with their message, and with who is erased', () => {
    const { state } = reacted(given().state, on('bob', '👍'), on('eve', '👍'), on('eve', '❤️'))
    const gone = after(state, (seen) => remove(seen, { deleterId: id('ann'), messageId: id('ann: hello'), at: 4_000 }), {
      members: ['ann'],
      messages: ['ann: hello'],
    })
    expect([...gone.sums.values(), ...gone.own.values(), ...gone.reactors.values()].every((found) => found === null)).toBe(true)
    const erased = after(state, (seen) => erase(seen, { userId: id('eve'), heirId: undefined, after: 0, at: 4_000 }), {
      members: ['eve'],
      erasures: [[id('eve'), 0]],
    })
    expect([sums(erased), erased.own.get('ann: hello eve'), erased.sums.get(id('ann: hello'))!.changedSeq]).toEqual([
      [['👍', 1, ['bob']]],
      null,
      6,
    ])
  })

  it('are counted with everybody, and name ten', () => {
    const ids = Array.from({ length: 12 }, (_, i) => id(`p${i}`))
    const all = summed([], [{ emoji: '👍', on: true, userIds: ids }])
    expect(all).toEqual([{ emoji: '👍', count: 12, userIds: ids.slice(0, 10) }])
    const less = summed(all, [{ emoji: '👍', on: false, userIds: ids.slice(0, 11) }])
    expect(less).toEqual([{ emoji: '👍', count: 1, userIds: [] }])
    expect(summed(less, [{ emoji: '👍', on: true, userIds: [ids[0]!] }])).toEqual([{ emoji: '👍', count: 2, userIds: [ids[0]] }])
  })
})

it('a crowd is told in parts, each of which says how it stands then; also when all of it is cleared', () => {
  const names = Array.from({ length: 150 }, (_, i) => `p${i}`)
  const { state } = given(Object.fromEntries(names.map((name) => [name, 'member' as const])))
  const { events } = reacting(
    state,
    names.map((name) => on(name, '👍')),
  )
  const told = events.map((event) => event.type === 'message.reacted' && [event.reactionsSeq - event.seq, event.reactions[0]?.count])
  expect(told).toEqual([
    [0, 100],
    [0, 150],
  ])
  expect(events.map(({ seq }) => seq)).toEqual([state.chat!.headSeq + 1, state.chat!.headSeq + 2])
  const after = events.reduce((next, event) => evolve(next, event), state)
  const seen = naming(after, {
    members: ['ann'],
    messages: ['ann: hello'],
    own: [[id('ann: hello'), id('ann')]],
    reactors: [[id('ann: hello'), emojiOf('👍')]],
  })
  const cleared = clear(seen, { removerId: id('ann'), messageId: id('ann: hello'), emoji: '👍', at: 4_000 })
  expect(cleared.events.map((event) => event.type === 'message.reacted' && event.reactionsSeq - event.seq)).toEqual([0, 0])
  expect(cleared.result).toMatchObject({ sums: [], changedSeq: after.chat!.headSeq + 2 })
})

it('who takes one of several reactions back keeps the others', () => {
  const { state } = given()
  const both = reacting(state, [on('bob', '👍'), on('bob', '🎉'), off('bob', '👍'), on('eve', '👍')])
  expect(both.result.at(2)).toMatchObject({ reactions: { own: ['🎉'] } })
  expect(both.events).toMatchObject([{ changes: [{ emoji: '🎉' }, { emoji: '👍', userIds: ['eve'] }] }])
})
