import { describe, expect, it } from 'vitest'
import { livePresence, PRESENCE_MEMBERS } from '../../../src/application/live/presence.ts'
import type { Reader, Track } from '../../../src/application/live/tracks.ts'
import type { Published } from '../../../src/application/ports/bus.ts'
import type { ChatEvent } from '../../../src/domain/event.ts'
import { handClock } from '../../support/waiting.ts'
import { aReader, aSeat, aTrack, aUser } from './audience.ts'

const MINUTE = 60_000
const event = (given: object) => ({ seq: 11, ...given }) as unknown as ChatEvent
const joined = (name: string) => event({ type: 'member.added', actorId: aUser('ann'), person: { id: aUser(name) }, role: 'member' })
const left = (name: string) => event({ type: 'member.left', actorId: aUser(name), userId: aUser(name) })

/** What this process knows of who is there, with what it asks and answers. */
function place(...here: string[]) {
  const clock = handClock()
  const connected = new Set(here.map(aUser))
  const apart = new Set<string>()
  const hidden = new Set<string>()
  const published: Published[] = []
  const presence = livePresence({
    bus: { publish: (all: readonly Published[]) => void published.push(...all) } as never,
    clock: clock.now,
    node: 'here',
    isHere: (userId) => connected.has(userId),
    circles: { areTogether: (one, other) => !apart.has(one) && !apart.has(other), isNoticeable: (userId) => !hidden.has(userId) },
  })
  let no = 0
  const said = () => published.splice(0).map(({ notice }) => (notice.type === 'presence' ? notice.userIds.join() : notice.type))
  const there = (track: Track, ...userIds: string[]) =>
    presence.receive(track, { type: 'presence', chatId: track.chatId, node: 'there', no: ++no, userIds: userIds.map(aUser) })
  return { clock, presence, connected, apart, hidden, said, there }
}
const told = ({ handed }: ReturnType<typeof aReader>) =>
  handed.splice(0).map((delivery) => (delivery.type === 'presence' ? `${delivery.online ? '+' : '-'}${delivery.userId}` : delivery.type))

/** Ann has a chat on screen. */
function onScreen(at: ReturnType<typeof place>, given: Partial<Track> = {}) {
  const track = aTrack('chat', given)
  const ann = aReader('ann')
  const seat = aSeat(ann, track)
  at.presence.shown(track)
  return { track, ann, seat }
}

describe('who comes and goes', () => {
  it('is told to those who have a chat of theirs on screen, and once that they are gone', () => {
    const at = place('ann')
    const { track, ann } = onScreen(at)
    at.connected.add(aUser('bob'))
    at.presence.came(aUser('bob'), [track])
    at.presence.came(aUser('ann'), [track])
    expect(told(ann)).toEqual(['+bob'])
    at.connected.delete(aUser('bob'))
    at.presence.went(aUser('bob'), [track])
    at.presence.went(aUser('bob'), [track])
    expect(told(ann)).toEqual(['-bob'])
  })

  it.each([
    ['has not on screen', { isOnScreen: false }],
    ['has muted', { isMuted: true }],
  ])('is not told of a chat that the reader %s', (_, given) => {
    const at = place('ann')
    const { track, ann, seat } = onScreen(at)
    Object.assign(seat, given)
    at.presence.came(aUser('bob'), [track])
    expect(told(ann)).toEqual([])
  })

  it('is told in chats of up to a hundred members, in which both have written', () => {
    for (const [given, isTold] of [
      [{ memberCount: PRESENCE_MEMBERS }, true],
      [{ memberCount: PRESENCE_MEMBERS + 1 }, false],
      [{ isStrange: true }, false],
    ] as const) {
      const at = place('ann')
      const { track, ann } = onScreen(at, given)
      expect(at.said()).toEqual(isTold ? ['who-is-there'] : [])
      at.presence.asked(track)
      expect(at.said()).toEqual(isTold ? ['ann'] : [])
      at.there(track, 'cid')
      at.presence.came(aUser('bob'), [track])
      expect(told(ann)).toEqual(isTold ? ['+cid', '+bob'] : [])
    }
  })

  it('is not told of those who are apart or hide it, and taken back when that becomes so', () => {
    const at = place('ann', 'bob', 'cid')
    const { track, ann } = onScreen(at)
    at.apart.add('bob')
    at.hidden.add('cid')
    for (const name of ['bob', 'cid']) at.presence.came(aUser(name), [track])
    expect([told(ann), at.presence.onlineFor(ann, ['ann', 'bob', 'cid'].map(aUser))]).toEqual([[], ['ann']])
    at.apart.clear()
    at.hidden.clear()
    for (const name of ['bob', 'cid']) at.presence.came(aUser(name), [track])
    expect(told(ann)).toEqual(['+bob', '+cid'])
    at.hidden.add('cid')
    at.presence.reconsider(aUser('cid'), [])
    at.presence.reconsider(aUser('cid'), [])
    at.apart.add('bob')
    at.presence.reconsider(aUser('dan'), [ann])
    expect(told(ann)).toEqual(['-cid', '-bob'])
  })

  it('is not told to a connection that has closed', () => {
    const at = place('ann')
    const { track, ann } = onScreen(at)
    at.presence.came(aUser('bob'), [track])
    at.presence.closed(ann)
    told(ann)
    at.presence.went(aUser('bob'), [track])
    expect(told(ann)).toEqual([])
  })

  it('is told of those as well who were there when the chat was put on screen, but not of the reader', () => {
    const at = place('ann', 'bob')
    const { track, ann } = onScreen(at)
    expect(at.presence.onlineFor(ann, ['ann', 'bob', 'cid'].map(aUser))).toEqual(['ann', 'bob'])
    for (const name of ['ann', 'bob']) {
      at.connected.delete(aUser(name))
      at.presence.went(aUser(name), [track])
    }
    expect(told(ann)).toEqual(['-bob'])
  })
})

describe('another process', () => {
  it('is asked about a chat when it is put on screen, and every twenty seconds as long as it is', () => {
    const at = place('ann')
    const { track, seat } = onScreen(at)
    at.presence.shown(track)
    expect(at.said()).toEqual(['who-is-there'])
    at.clock.advance(19_999)
    at.presence.sweep()
    expect(at.said()).toEqual([])
    at.clock.advance(1)
    at.presence.sweep()
    at.presence.sweep()
    expect(at.said()).toEqual(['who-is-there'])
    seat.isOnScreen = false
    at.clock.advance(20_000)
    at.presence.sweep()
    expect(at.said()).toEqual([])
    seat.isOnScreen = true
    at.presence.shown(track)
    expect(at.said()).toEqual(['who-is-there'])
  })

  it('is answered for a minute after it has asked, with those who are here and may be noticed, each once', () => {
    const at = place('ann', 'bob', 'cid')
    const track = aTrack()
    const other = aTrack('other')
    for (const name of ['ann', 'bob', 'ann', 'cid', 'dan']) aSeat(aReader(name), track)
    at.hidden.add('cid')
    at.presence.came(aUser('bob'), [track])
    expect(at.said()).toEqual([])
    at.presence.asked(track)
    expect(at.said()).toEqual(['ann,bob'])
    at.presence.came(aUser('bob'), [track, other])
    at.clock.advance(MINUTE - 1)
    at.presence.sweep()
    at.presence.went(aUser('bob'), [track])
    expect(at.said()).toEqual(['ann,bob', 'ann,bob'])
    at.clock.advance(1)
    at.presence.sweep()
    at.presence.came(aUser('bob'), [track])
    expect(at.said()).toEqual([])
    at.presence.wanted(track)
    at.presence.came(aUser('bob'), [track])
    expect(at.said()).toEqual(['ann,bob'])
    at.presence.forget(track)
    at.presence.came(aUser('bob'), [track])
    expect(at.said()).toEqual([])
  })

  it('is believed for a minute, the latest answer of each', () => {
    const at = place('ann')
    const { track, ann } = onScreen(at)
    const answer = (no: number, ...userIds: string[]) =>
      at.presence.receive(track, { type: 'presence', chatId: track.chatId, node: 'there', no, userIds: userIds.map(aUser) })
    answer(2, 'bob', 'cid')
    answer(1)
    answer(2)
    expect(told(ann)).toEqual(['+bob', '+cid'])
    answer(3, 'cid', 'dan')
    expect(told(ann)).toEqual(['+dan', '-bob'])
    at.clock.advance(MINUTE - 1)
    at.presence.sweep()
    expect(told(ann)).toEqual([])
    at.clock.advance(1)
    at.presence.sweep()
    expect(told(ann)).toEqual(['-cid', '-dan'])
  })

  it('may leave while the user is still here, or at a third one, or in another chat', () => {
    const at = place('ann', 'bob')
    const { track, ann } = onScreen(at)
    const other = aTrack('other')
    aSeat(ann, other)
    at.presence.shown(other)
    at.there(track, 'bob', 'cid')
    at.there(other, 'cid')
    at.presence.receive(track, { type: 'presence', chatId: track.chatId, node: 'third', no: 1, userIds: [aUser('dan')] })
    told(ann)
    at.there(track)
    expect(told(ann)).toEqual([])
    at.there(other)
    expect(told(ann)).toEqual(['-cid'])
  })

  it('is not heard about a chat that is not on screen', () => {
    const at = place('ann')
    const track = aTrack()
    const ann = aReader('ann')
    aSeat(ann, track)
    at.there(track, 'bob')
    expect([told(ann), at.presence.onlineFor(ann, [aUser('bob')])]).toEqual([[], []])
  })

  it('is forgotten with the chat, and when it is on screen no more', () => {
    const at = place('ann')
    const { track, ann, seat } = onScreen(at)
    at.there(track, 'bob')
    seat.isOnScreen = false
    at.presence.sweep()
    expect(told(ann)).toEqual(['+bob', '-bob'])
    seat.isOnScreen = true
    at.presence.shown(track)
    at.there(track, 'bob')
    at.presence.forget(track)
    expect(told(ann)).toEqual(['+bob', '-bob'])
  })
})

describe('who becomes a member, or is one no longer', () => {
  it('is told if it is here; the chat is asked about if it is small enough by now', () => {
    const at = place('ann', 'bob')
    const { track, ann } = onScreen(at, { isStrange: true })
    track.isStrange = false
    at.presence.passing(track, joined('bob'))
    expect([told(ann), at.said()]).toEqual([['+bob'], ['who-is-there']])
    at.presence.passing(track, joined('cid'))
    expect([told(ann), at.said()]).toEqual([[], []])
  })

  it('does not have a chat asked about that is not on screen, nor does anything else that happens', () => {
    const at = place('ann', 'bob')
    const track = aTrack()
    const ann: Reader = aReader('ann')
    const seat = aSeat(ann, track, { isOnScreen: false })
    at.presence.passing(track, joined('bob'))
    seat.isOnScreen = true
    at.presence.passing(track, left('cid'))
    expect(at.said()).toEqual([])
  })

  it('is gone with the membership, wherever it was', () => {
    const at = place('ann')
    const { track, ann } = onScreen(at)
    at.there(track, 'bob')
    at.presence.passing(track, left('cid'))
    expect(told(ann)).toEqual(['+bob'])
    at.presence.passing(track, left('bob'))
    expect(told(ann)).toEqual(['-bob'])
  })
})
