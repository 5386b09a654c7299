import { describe, expect, it } from 'vitest'
import { localError, problemError } from '../../../src/client/calls/problem.ts'
import { virtualClock } from '../../../src/client/testing/clock.ts'
import { readMarker } from '../../../src/client/views/read-marker.ts'
import { screen } from '../../../src/client/views/screen.ts'
import { typingSender } from '../../../src/client/views/typing.ts'
import { calls, settled, world } from './views.ts'

/** A chat and who looks at it. */
function looked({ isUp = true, isKnown = true } = {}) {
  const { all, at } = world()
  const copy = at('chat')
  const clock = virtualClock()
  const { asked, last, request } = calls()
  const deeds: unknown[] = []
  const touched: string[] = []
  all.watch((_, aspect) => void touched.push(aspect))
  let up = isUp
  const subject = screen({
    copy,
    copies: all,
    request,
    send: (type, given) => void deeds.push([type, given]),
    me: () => 'me',
    isUp: () => up,
    known: () => (isKnown ? Promise.resolve() : Promise.reject(localError('network', 'Nobody answers.'))),
    present: (ids) => void deeds.push(['present', ids]),
    remark: () => void deeds.push('remark'),
    opened: () => void deeds.push('opened'),
    show: (place) => void deeds.push(['show', place]),
    closed: () => void deeds.push('closed'),
    later: clock.later,
  })
  const joined = { readers: [], typing: [], online: [] }
  return { ...subject, copy, clock, asked, last, deeds, touched, joined, goDown: () => void (up = false), goUp: () => void (up = true) }
}

describe('a chat that is opened', () => {
  it('is joined once for however many look, and left when nobody does any more', async () => {
    const { open, isOn, asked, last, deeds, copy, joined, touched } = looked()
    const [close, closeToo] = [open(), open({ at: 'unread' })]
    expect(isOn()).toBe(true)
    await settled()
    expect(asked.map(({ what, given }) => [what, given])).toEqual([['join_chat', { chat_id: 'chat' }]])
    expect(deeds).toEqual(['opened', ['show', 'latest'], ['show', 'unread']])
    await last().answer(joined)
    close()
    close()
    await settled()
    expect(isOn()).toBe(true)
    deeds.length = touched.length = 0
    copy.typing = ['bob']
    closeToo()
    expect([isOn(), deeds]).toEqual([false, []])
    await settled()
    expect([deeds, copy.typing, touched]).toEqual([[['leave_chat', { chat_id: 'chat' }], 'closed'], [], ['typing', 'item']])
    open()
    await settled()
    expect([asked.length, deeds.includes('opened')]).toEqual([2, true])
  })

  it('takes over who is there, who types and how far others have read', async () => {
    const { open, last, copy, deeds, touched } = looked()
    open()
    await settled()
    deeds.length = touched.length = 0
    const readers = [
      { user_id: 'bob', read_seq: 3 },
      { user_id: 'me', read_seq: 9 },
    ]
    await last().answer({ readers, typing: ['bob'], online: ['cid'] })
    expect([copy.typing, [...copy.members.marks], deeds]).toEqual([['bob'], [['bob', 3]], [['present', ['cid']], 'remark']])
    expect(touched).toEqual(['typing', 'members', 'item'])
  })

  it('that is closed and opened in one turn stays as it was', async () => {
    const { open, asked, deeds, isOn } = looked()
    const close = open()
    await settled()
    deeds.length = 0
    close()
    open()
    await settled()
    expect([asked.length, isOn(), deeds]).toEqual([1, true, [['show', 'latest']]])
    const again = open()
    again()
    await settled()
    expect([isOn(), deeds.includes('closed')]).toEqual([true, false])
  })

  it('that is closed twice in one turn is closed once', async () => {
    const { open, deeds } = looked()
    const close = open()
    await settled()
    deeds.length = 0
    close()
    open()()
    await settled()
    expect(deeds.filter((deed) => deed === 'closed')).toEqual(['closed'])
  })

  it('is shown also where it could not be known, without having come on screen', async () => {
    const { open, deeds } = looked({ isKnown: false })
    open()
    await settled()
    expect(deeds).toEqual([['show', 'latest']])
  })

  it('is joined with the connection, again with each, and not where nobody looks', async () => {
    const { open, join, asked, goUp } = looked({ isUp: false })
    open()
    await settled()
    expect(asked).toHaveLength(0)
    goUp()
    join()
    await settled()
    expect(asked).toHaveLength(1)
    const other = looked()
    other.join()
    await settled()
    expect(other.asked).toHaveLength(0)
  })

  it('is not left over a connection that is not up, nor if it is not known', async () => {
    for (const change of ['down', 'unknown'] as const) {
      const { open, deeds, copy, goDown } = looked()
      const close = open()
      await settled()
      if (change === 'down') goDown()
      else copy.item = undefined
      close()
      await settled()
      expect(deeds).toEqual(['opened', ['show', 'latest'], 'closed'])
    }
  })
})

describe('others who type', () => {
  it('are asked after once nothing was heard of them for twenty seconds', async () => {
    const { open, typed, copy, clock, asked, last, joined } = looked()
    const close = open()
    await settled()
    await last().answer(joined)
    copy.typing = ['bob']
    typed()
    await clock.advance(15_000)
    typed()
    await clock.advance(19_999)
    expect(asked).toHaveLength(1)
    await clock.advance(1)
    expect(asked).toHaveLength(2)
    await last().answer(joined)
    typed()
    await clock.advance(60_000)
    expect(asked).toHaveLength(2)
    copy.typing = ['bob']
    typed()
    close()
    await clock.advance(60_000)
    expect(asked).toHaveLength(2)
  })

  it('are not asked after where nobody looks, nor any more once they have stopped', async () => {
    const { open, typed, copy, clock, asked } = looked()
    copy.typing = ['bob']
    typed()
    await clock.advance(60_000)
    open()
    await settled()
    typed()
    copy.typing = []
    typed()
    await clock.advance(60_000)
    expect(asked).toHaveLength(1)
  })
})

describe('a user who types', () => {
  const typing = () => {
    const clock = virtualClock()
    const told: boolean[] = []
    return { clock, told, ...typingSender(clock, (isActive) => void told.push(isActive)) }
  }
  it('is told at once, every three seconds while it goes on, and when it is over', async () => {
    const { clock, told, set } = typing()
    set(false)
    set(true)
    expect(told).toEqual([true])
    await clock.advance(2_999)
    set(true)
    expect(told).toEqual([true])
    await clock.advance(1)
    set(true)
    expect(told).toEqual([true, true])
    set(false)
    set(false)
    expect(told).toEqual([true, true, false])
    await clock.advance(60_000)
    expect(told).toHaveLength(3)
  })

  it('counts as gone after five seconds without a change, and begins anew then', async () => {
    const { clock, told, set } = typing()
    set(true)
    await clock.advance(4_999)
    set(true)
    await clock.advance(4_999)
    expect(told).toEqual([true, true])
    await clock.advance(1)
    expect(told).toEqual([true, true, false])
    set(true)
    expect(told).toEqual([true, true, false, true])
  })

  it('is not told as gone where the message says it', async () => {
    const { clock, told, set, sent } = typing()
    set(true)
    sent()
    await clock.advance(60_000)
    set(true)
    expect(told).toEqual([true, true])
  })
})

describe('how far a user has read', () => {
  function reader(isUp = true) {
    const { all, at } = world()
    const copy = at('chat', { unread: 5 })
    copy.timeline.head = 10
    const { asked, last, request } = calls()
    const state = { isUp }
    const recounted: string[] = []
    const touched: string[] = []
    all.watch((_, aspect) => void touched.push(aspect))
    const subject = readMarker({ copy, copies: all, request, isUp: () => state.isUp, recount: ({ id }) => void recounted.push(id) })
    return { copy, asked, last, state, recounted, touched, seqs: () => asked.map(({ given }) => given.seq), ...subject }
  }

  it('is sent one position at a time, the furthest, and nothing that was read before', async () => {
    const { mark, last, seqs, recounted, touched, copy } = reader()
    mark(3)
    mark(5)
    mark(7)
    mark(6)
    expect([seqs(), copy.item?.readSeq]).toEqual([[3], 7])
    expect([recounted.length, touched]).toEqual([3, ['item', 'item', 'item']])
    await last().answer()
    expect(seqs()).toEqual([3, 7])
    await last().answer()
    mark(undefined)
    expect(seqs()).toEqual([3, 7, 10])
    await last().answer()
    mark(20)
    expect([seqs(), copy.item?.readSeq]).toEqual([[3, 7, 10], 10])
  })

  it('waits for a connection, and for the chat to be known', async () => {
    const { mark, flush, seqs, state, last } = reader(false)
    mark(3)
    expect(seqs()).toEqual([])
    state.isUp = true
    flush()
    expect(seqs()).toEqual([3])
    await last().answer()
    flush()
    expect(seqs()).toEqual([3])
    const unknown = reader()
    unknown.copy.item = undefined
    unknown.mark(3)
    unknown.flush()
    expect(unknown.seqs()).toEqual([])
  })

  it('is sent again after what passes, and not after a refusal', async () => {
    const { mark, flush, seqs, last } = reader()
    mark(3)
    await last().fail()
    flush()
    expect(seqs()).toEqual([3, 3])
    await last().fail(problemError({ type: 'about:blank', title: 'No', status: 404, code: 'chat-not-found', request_id: '' }))
    flush()
    expect(seqs()).toEqual([3, 3])
    mark(4)
    expect(seqs()).toEqual([3, 3, 4])
  })

  it('means nothing any more when the log begins again', async () => {
    const { mark, clear, flush, seqs, state } = reader(false)
    mark(3)
    clear()
    state.isUp = true
    flush()
    await settled()
    expect(seqs()).toEqual([])
  })
})
