import { describe, expect, it } from 'vitest'
import { liveTyping, TYPING_FOR, TYPING_MEMBERS } from '../../../src/application/live/typing.ts'
import type { ChatEvent } from '../../../src/domain/event.ts'
import { aReader, aSeat, aTrack, aUser } from './audience.ts'

/** Ann, Bob and Cid have one chat on screen; those in `apart` are apart from Ann. */
function chat({ apart = new Set<string>(), memberCount = 3 } = {}) {
  const track = aTrack('chat', { memberCount })
  const readers = ['ann', 'bob', 'cid'].map((name) => aReader(name))
  const seats = readers.map((reader) => aSeat(reader, track))
  const areTogether = (one: string, other: string) => ![one, other].includes('ann') || !(apart.has(one) || apart.has(other))
  const typing = liveTyping({ areTogether })
  const told = () =>
    readers.map(({ handed }) => handed.splice(0).map((delivery) => (delivery.type === 'typing' ? delivery.userIds.join() : delivery.type)))
  const [ann, bob, cid] = seats as [(typeof seats)[0], (typeof seats)[0], (typeof seats)[0]]
  return { track, typing, told, ann, bob, cid, apart }
}
const sent = (actorId: string, seq: number) => ({ type: 'message.sent', actorId: aUser(actorId), seq }) as ChatEvent

describe('who types', () => {
  it('is told when it begins and ends, to all who have the chat on screen, and not for each repetition', () => {
    const { typing, told, track, bob, cid } = chat()
    expect(typing.send(bob, true, 0)).toBe(true)
    expect(told()).toEqual([['bob'], [''], ['bob']])
    expect(typing.in(track.chatId)).toEqual(['bob'])
    typing.send(bob, true, 10)
    expect(told()).toEqual([[], [], []])
    typing.send(cid, true, 20)
    expect(told()).toEqual([['bob,cid'], ['cid'], ['bob']])
    typing.send(bob, false, 30)
    expect(told()).toEqual([['cid'], ['cid'], ['']])
    typing.send(cid, false, 40)
    expect(typing.in(track.chatId)).toEqual([])
    typing.send(cid, false, 50)
    expect(told()).toEqual([[''], [''], ['']])
  })

  it('is told to nobody who has it not on screen, has muted it, or is not as far', () => {
    const { typing, told, ann, bob, cid, track } = chat()
    ann.isOnScreen = false
    cid.isMuted = true
    typing.send(bob, true, 0)
    expect(told()).toEqual([[], [''], []])
    ann.isOnScreen = true
    ann.position = 4
    cid.isMuted = false
    cid.position = Number.POSITIVE_INFINITY
    typing.send(bob, false, 1)
    expect(told()).toEqual([[], [''], []])
    typing.receive(track, { userId: aUser('dan'), isActive: true, asOf: 11, now: 0 })
    expect(typing.in(track.chatId)).toEqual([])
    track.head = undefined
    typing.receive(track, { userId: aUser('dan'), isActive: true, asOf: 1, now: 0 })
    expect(typing.in(track.chatId)).toEqual([])
  })

  it('is over after six seconds, unless it is repeated', () => {
    const { typing, told, bob } = chat()
    typing.send(bob, true, 0)
    told()
    typing.sweep(TYPING_FOR - 1)
    expect(told()).toEqual([[], [], []])
    typing.send(bob, true, 1_000)
    typing.sweep(TYPING_FOR + 999)
    expect(told()).toEqual([[], [], []])
    typing.sweep(TYPING_FOR + 1_000)
    expect(told()).toEqual([[''], [''], ['']])
  })

  it('is over with the message, with the membership, and with the chat', () => {
    const { typing, told, track, bob } = chat()
    const again = () => {
      typing.send(bob, true, 0)
      told()
    }
    again()
    typing.passing(track, sent('ann', 11))
    expect(told()).toEqual([[], [], []])
    typing.passing(track, sent('bob', 11))
    expect(told()).toEqual([[''], [''], ['']])
    again()
    typing.passing(track, { type: 'member.removed', actorId: aUser('ann'), userId: aUser('bob'), seq: 12 } as ChatEvent)
    expect(told()).toEqual([[''], [''], ['']])
    again()
    typing.forget(track)
    expect([typing.in(track.chatId), told()]).toEqual([[], [[], [], []]])
  })

  it('is told before the event that ends it, to those who have all before', () => {
    const { typing, told, track, ann, bob } = chat()
    typing.send(bob, true, 0)
    told()
    ann.position = 4
    track.memberSeq = 12
    typing.passing(track, sent('bob', 5))
    expect(told()).toEqual([[''], [''], ['']])
  })

  it('is not told of those who are apart, and taken back from who was told of them before', () => {
    const { typing, told, apart, bob, cid } = chat({ apart: new Set(['bob']) })
    typing.send(bob, true, 0)
    expect(told()).toEqual([[], [''], ['bob']])
    typing.send(cid, true, 0)
    expect(told()).toEqual([['cid'], ['cid'], ['bob']])
    apart.add('cid')
    typing.send(cid, false, 0)
    typing.send(cid, true, 0)
    expect(told()).toEqual([[''], ['', 'cid'], ['bob', 'bob']])
  })

  it('is told in chats of up to two hundred members', () => {
    const { typing, told, track, bob } = chat({ memberCount: TYPING_MEMBERS })
    expect(typing.send(bob, true, 0)).toBe(true)
    expect(told()).toEqual([['bob'], [''], ['bob']])
    track.memberCount = TYPING_MEMBERS + 1
    expect(typing.send(bob, false, 0)).toBe(false)
    typing.receive(track, { userId: aUser('cid'), isActive: true, asOf: 1, now: 0 })
    expect([typing.in(track.chatId), told()]).toEqual([['bob'], [[], [], []]])
  })

  it('counts ten times a second, and again in the next', () => {
    const { typing, bob } = chat()
    const outcomes = Array.from({ length: 12 }, (_, i) => typing.send(bob, i % 2 === 0, 999))
    expect(outcomes).toEqual([...Array(10).fill(true), false, false])
    expect(typing.send(bob, true, 1_998)).toBe(false)
    expect(typing.send(bob, true, 1_999)).toBe(true)
  })
})
