import { describe, expect, it } from 'vitest'
import { RESUME_CURSORS } from '../../../src/adapters/wire/limits.ts'
import { localError, problemError } from '../../../src/client/calls/problem.ts'
import { type Copy, copies, startOver } from '../../../src/client/copy/copies.ts'
import { cursorAt, learn } from '../../../src/client/copy/cursor.ts'
import { itemOf } from '../../../src/client/copy/item.ts'
import { BARE } from '../../../src/client/copy/message.ts'
import { addPage } from '../../../src/client/copy/timeline.ts'
import type { Message } from '../../../src/client/index.ts'
import { cell } from '../../../src/client/platform/store.ts'
import { catchingUp } from '../../../src/client/sync/catch-up.ts'
import { forgetting } from '../../../src/client/sync/forget.ts'
import { HOLE, jumping } from '../../../src/client/sync/jump.ts'
import { naming } from '../../../src/client/sync/naming.ts'
import { recounted, remark } from '../../../src/client/sync/reading.ts'
import { resuming } from '../../../src/client/sync/resume.ts'
import { virtualClock } from '../../../src/client/testing/clock.ts'

const chat = (id: string, more: object = {}) => ({
  id,
  kind: 'group',
  name: id,
  created_at: '1970-01-01T00:00:00.000Z',
  member_count: 3,
  unread: 0,
  head_seq: 1,
  ...more,
})
const message = (seq: number, more: Partial<Message> = {}) =>
  ({
    ...BARE,
    id: `m${seq}`,
    seq,
    sender: { id: 'bob', username: 'bob', name: 'Bob' },
    at: seq,
    deletedAt: undefined,
    reactionsSeq: seq,
    ...more,
  }) as Message
const renamed = (seq: number) =>
  ({ chat_id: 'c', seq, at: '1970-01-01T00:00:00.000Z', actor_id: 'bob', type: 'chat.renamed', name: 'x' }) as never

/** Copies, and what is asked of them and told of them. */
function keeping() {
  const all = copies(cell<readonly string[]>([]))
  const done: string[] = []
  all.watch(({ id }, aspect) => done.push(`${id} ${aspect}`))
  const note =
    (what: string) =>
    (of: Copy | string, ...rest: readonly unknown[]) =>
      void done.push([what, typeof of === 'string' ? of : of.id, ...rest].join(' '))
  const known = (id: string, last: number, more: object = {}): Copy => {
    const copy = all.at(id)
    copy.cursor = cursorAt(last)
    copy.timeline.head = last
    copy.item = { ...itemOf(chat(id) as never), headSeq: last, ...more }
    return copy
  }
  const taken = () => done.splice(0)
  return { all, done, note, known, taken }
}

function level() {
  const kept = keeping()
  const { all, note } = kept
  const counted: unknown[] = []
  const parts = { gone: note('gone'), jump: note('jump'), catchUp: note('catch up'), refreshSoon: note('refresh'), hide: note('hide') }
  const sync = resuming({ copies: all, ...parts, recount: (_, unread) => void counted.push(unread) })
  return { ...kept, ...sync, counted }
}
const result = (heads: Record<string, number>, more: object = {}) =>
  ({ epoch: 'e', as_of: 'then', whole: false, heads, reads: {}, blocked: [], my: {}, ...more }) as never

describe('where a client goes on', () => {
  it('is named for chats that have moved since it was level, if those are not too many', () => {
    const { known, all, resumeFrom, resumed, startEpoch, epoch, learnHeads } = level()
    known('a', 3)
    known('b', 4)
    all.at('unknown')
    expect(resumeFrom()).toEqual({ cursors: { a: 3, b: 4 } })
    resumed(result({}))
    expect([epoch(), resumeFrom()]).toEqual(['e', { epoch: 'e', as_of: 'then', cursors: {} }])
    all.at('a').cursor!.last = 5
    expect(resumeFrom()).toEqual({ epoch: 'e', as_of: 'then', cursors: { a: 5 } })
    learnHeads({}, undefined)
    expect(resumeFrom()).toMatchObject({ as_of: 'then', cursors: { a: 5 } })
    learn(all.at('b').cursor!, 9)
    learnHeads({}, 'now')
    expect(resumeFrom()).toEqual({ epoch: 'e', as_of: 'now', cursors: { b: 4 } })
    startEpoch('e')
    expect(resumeFrom()).toHaveProperty('as_of')
    startEpoch('f')
    expect(resumeFrom()).toEqual({ epoch: 'f', cursors: { a: 5, b: 4 } })
  })

  it('is named for as many chats as the service takes, those with the latest activity', () => {
    const { known, resumeFrom, resumed, all } = level()
    for (let n = 0; n <= RESUME_CURSORS; n++) known(`c${n}`, 1, { createdAt: n })
    all.at('c0').item = undefined
    expect(Object.keys(resumeFrom().cursors!)).toEqual(Array.from({ length: RESUME_CURSORS }, (_, i) => `c${RESUME_CURSORS - i}`))
    resumed(result({}))
    for (const copy of all.all()) copy.cursor!.last++
    expect(resumeFrom()).not.toHaveProperty('as_of')
    all.at('c1').cursor!.last--
    expect(resumeFrom()).toHaveProperty('as_of')
    expect(Object.keys(resumeFrom().cursors!)).toHaveLength(RESUME_CURSORS)
  })
})

describe('what a service says when a client goes on', () => {
  it('begins new chats, leaps over what is far, and leaves the rest to be fetched', () => {
    const { known, all, taken, resumed } = level()
    const [near, far] = [known('near', 5), known('far', 5)]
    taken()
    resumed(result({ new: 7, near: 5 + HOLE, far: 6 + HOLE }))
    expect([all.at('new').cursor?.last, near.cursor?.head, far.cursor?.head]).toEqual([7, 5 + HOLE, 5])
    expect(taken()).toEqual([`jump far 6 ${6 + HOLE}`])
  })

  it('says who has read, which counts again only where the user has read elsewhere', () => {
    const { known, counted, taken, resumed } = level()
    const copy = known('c', 9, { readSeq: 4, readByOthersSeq: 2 })
    taken()
    const reads = (read_seq: number, read_by_others_seq: number | null) => ({
      reads: { c: { read_seq, read_by_others_seq, unread: 3, unread_mentions: 1 }, other: {} },
    })
    resumed(result({ c: 9 }, reads(4, null)))
    expect([counted, copy.item?.readByOthersSeq, taken()]).toEqual([[], 2, ['c item', 'c timeline']])
    resumed(result({ c: 9 }, reads(6, 5)))
    expect([counted, copy.item?.readSeq, copy.item?.readByOthersSeq]).toEqual([[{ unread: 3, unreadMentions: 1 }], 6, 5])
    taken()
    resumed(result({ c: 9 }))
    expect(taken()).toEqual([])
  })

  it('says which chats there are, if it names them all; but not of those that were opened since it was asked', () => {
    const { known, taken, resumed, resumeFrom } = level()
    known('a', 1)
    known('b', 1)
    resumeFrom()
    known('opened since', 1)
    taken()
    resumed(result({ a: 1 }))
    expect(taken()).toEqual([])
    resumed(result({ a: 1 }, { whole: true }))
    expect(taken()).toEqual(['a item', 'gone b not-found'])
  })

  it('says the user’s own states, all of them or those that have changed', () => {
    const { known, all, taken, resumed } = level()
    known('a', 1, { isArchived: true })
    known('b', 1, { isArchived: true })
    known('hidden', 1)
    all.at('was hidden').isHidden = true
    taken()
    resumed(result({ a: 1, b: 1 }, { my: { a: { marked_unread: true }, hidden: { hidden: true }, 'was hidden': {} } }))
    expect(all.at('a').item).toMatchObject({ isArchived: false, isMarkedUnread: true })
    expect(all.at('b').item).toMatchObject({ isArchived: true })
    expect(taken()).toEqual(['a item', 'hide hidden', 'refresh was hidden'])
    all.at('hidden').item!.isHidden = true
    resumed(result({ hidden: 1 }, { my: { hidden: { hidden: true } } }))
    expect(taken()).toEqual([])
    resumed(result({ a: 1, b: 1, hidden: 1, 'was hidden': 1 }, { whole: true }))
    expect(all.at('b').item).toMatchObject({ isArchived: false })
    expect(() => resumed({ epoch: 'e', heads: { a: 1 }, reads: {} } as never)).not.toThrow()
    const { own, all: others } = level()
    const over = others.record()
    own('x', { archived: true } as never)
    expect(others.at('x').recorded).toEqual([{ seq: 0, event: undefined, own: { archived: true } }])
    over()
  })

  it('says whom the user has blocked: chats with unread messages are asked for when that has changed', () => {
    const { known, all, taken, learnBlocked } = level()
    known('read', 5, { readSeq: 5 })
    known('unread', 5, { readSeq: 4 })
    all.at('unknown')
    taken()
    learnBlocked(['b', 'a'])
    expect([all.blocked.get(), taken()]).toEqual([['a', 'b'], ['refresh unread']])
    learnBlocked(['a', 'b'])
    expect(taken()).toEqual([])
    learnBlocked([])
    expect(taken()).toEqual(['refresh unread'])
  })

  it('says where logs are: what is behind is fetched, and what is not known is asked for', () => {
    const { known, all, taken, learnHeads } = level()
    known('level', 5)
    known('behind', 5)
    all.at('hidden').isHidden = true
    taken()
    learnHeads({ level: 5, behind: 6, new: 3, hidden: 2 }, undefined)
    expect(taken()).toEqual(['catch up behind', 'refresh new'])
    expect([all.at('new').cursor?.last, all.at('hidden').cursor?.last]).toEqual([3, 2])
  })
})

describe('catching up', () => {
  function following(answers: readonly unknown[]) {
    const kept = keeping()
    const clock = virtualClock(0)
    const asked: unknown[] = []
    const applied: number[] = []
    const rest = [...answers]
    const request = async (_: string, members: unknown) => {
      asked.push(members)
      const next = rest.shift()
      if (next instanceof Error) throw next
      return next
    }
    const platform = { later: clock.later, random: () => 1 }
    const parts = { apply: (_: Copy, event: { seq: number }) => void applied.push(event.seq), gone: kept.note('gone') }
    const follow = catchingUp({ copies: kept.all, request: request as never, platform }, parts)
    const settle = () => clock.advance(0)
    return { ...kept, ...follow, clock, asked, applied, settle }
  }

  it('goes on until nothing is missing, over numbers that are not for the user', async () => {
    const { known, receiveEvent, asked, applied, settle, all } = following([
      { events: [renamed(4), renamed(5)], head: 7 },
      { events: [renamed(6), renamed(7)], head: 7 },
    ])
    known('c', 1)
    receiveEvent(renamed(6))
    receiveEvent(renamed(6))
    await settle()
    expect([asked, applied]).toEqual([
      [
        { chat_id: 'c', after: 1 },
        { chat_id: 'c', after: 6 },
      ],
      [4, 5, 6, 7],
    ])
    expect([all.at('c').cursor?.last, all.at('c').isFetching]).toEqual([7, false])
    receiveEvent({ ...(renamed(5) as object), chat_id: 'new' } as never)
    expect([all.at('new').cursor?.last, applied.at(-1)]).toEqual([5, 5])
  })

  it('ends where a page brings nothing on, or the copy was given up meanwhile', async () => {
    const { known, catchUp, asked, settle, applied } = following([
      { events: [], head: 9 },
      { events: [], head: 9 },
    ])
    const copy = known('c', 1)
    learn(copy.cursor!, 5)
    catchUp(copy)
    await settle()
    expect([asked.length, copy.isFetching]).toEqual([1, false])
    const other = following([{ events: [renamed(2)], head: 2 }])
    const lost = other.known('c', 1)
    learn(lost.cursor!, 2)
    other.catchUp(lost)
    startOver(lost, undefined)
    await other.settle()
    expect([other.applied, applied, lost.cursor]).toEqual([[], [], undefined])
  })

  it('is tried again later unless the connection is lost, or there is no such chat', async () => {
    const overloaded = problemError({ status: 503, code: 'overloaded', title: '' } as never)
    const { known, catchUp, asked, clock, settle, applied } = following([overloaded, { events: [renamed(2)], head: 2 }])
    const copy = known('c', 1)
    learn(copy.cursor!, 2)
    catchUp(copy)
    await clock.advance(7_999)
    expect([asked.length, copy.isFetching]).toEqual([1, false])
    await clock.advance(1)
    expect([asked.length, applied]).toEqual([2, [2]])
    await settle()
    for (const [error, told] of [
      [localError('network', ''), []],
      [localError('closed', ''), []],
      [problemError({ status: 404, code: 'chat-not-found', title: '' } as never), ['gone c not-found']],
    ] as const) {
      const other = following([error])
      const lost = other.known('c', 1)
      learn(lost.cursor!, 2)
      other.taken()
      other.catchUp(lost)
      await other.clock.advance(60_000)
      expect([other.asked.length, other.taken()]).toEqual([1, told])
    }
  })
})

describe('a hole', () => {
  it('of so many events is read, of more is forgotten; what is not above the copy is no hole', async () => {
    const kept = keeping()
    const asked: unknown[] = []
    const clock = virtualClock(0)
    const told: unknown[] = []
    const call = async (_: string, request: unknown) => (asked.push(request), { items: [] })
    const needs = {
      copies: kept.all,
      call: call as never,
      platform: { later: clock.later, random: () => 0 },
      emit: ((...of: unknown[]) => told.push(of)) as never,
      me: () => 'ann',
    }
    const jump = jumping(needs, { apply: () => {}, refreshSoon: kept.note('refresh') })
    const watched = (id: string) => {
      const copy = kept.known(id, 5)
      addPage(copy.timeline, [message(5)], { from: 5, to: 5 })
      kept.taken()
      return copy
    }
    const [read, forgotten, level] = [watched('read'), watched('forgotten'), watched('level')]
    jump(level, 4, 5)
    expect([kept.taken(), level.generation]).toEqual([[], 0])
    jump(read, 6, 5 + HOLE)
    expect(kept.taken()).toEqual(['refresh read', 'read members'])
    jump(forgotten, 6, 6 + HOLE)
    await clock.advance(0)
    expect(asked).toEqual([{ params: { chat_id: 'read' }, query: { after: 5, limit: 100 } }])
    expect([read.timeline.spans, forgotten.timeline.spans]).toEqual([[{ from: 5, to: 5 + HOLE }], []])
    expect([read.cursor?.last, read.generation, kept.all.isRecording(), told.length]).toEqual([5 + HOLE, 1, false, 2])
    const unknown = kept.all.at('unknown')
    jump(unknown, 1, 9)
    expect([unknown.cursor?.last, asked.length]).toEqual([9, 1])
  })
})

describe('giving up a copy', () => {
  it('leaves on screen what is shown until it is loaded again, or nothing where the chat is gone', () => {
    const kept = keeping()
    const told: unknown[] = []
    const absent: unknown[] = []
    const { reset, gone, hide } = forgetting({
      copies: kept.all,
      emit: (...of: unknown[]) => told.push(of),
      gone: kept.note('refuse'),
      absent: (ids) => absent.push(ids),
    })
    const copy = kept.known('c', 5, { readSeq: 4, readByOthersSeq: 3, partner: { id: 'bob' } })
    kept.taken()
    reset(copy)
    expect([copy.cursor, copy.item, kept.taken()]).toEqual([
      undefined,
      expect.objectContaining({ name: 'c', headSeq: 0, readSeq: 0, readByOthersSeq: undefined }),
      ['c timeline', 'c item'],
    ])
    copy.typing = ['bob']
    copy.members.marks.set('cid', 1)
    gone('c', 'removed')
    expect([copy.item, copy.typing, copy.members.isWhole, absent, told]).toEqual([
      undefined,
      [],
      false,
      [['bob', 'cid']],
      [['gone', { chatId: 'c', reason: 'removed' }]],
    ])
    expect(kept.taken()).toEqual(['c timeline', 'c item', 'c item', 'c timeline', 'c members', 'c typing', 'refuse c'])
    gone('unknown', 'left')
    expect([kept.taken(), absent.length, told.length]).toEqual([['refuse unknown'], 1, 2])
    const other = kept.known('d', 5)
    hide(other)
    expect([other.item, other.isHidden, other.generation, kept.taken(), told[2]]).toEqual([
      undefined,
      true,
      1,
      ['d item', 'd timeline', 'd members'],
      ['gone', { chatId: 'd', reason: 'hidden' }],
    ])
  })
})

describe('names', () => {
  it('are told where they change something, and once', () => {
    const { all, known, taken } = keeping()
    const names = naming(all)
    const bob = { id: 'bob', username: 'bob', name: 'Bob', kind: 'person' } as never
    const partner = known('partner', 1, { partner: { ...(bob as object), lastSeenAt: 7 } })
    const member = known('member', 1)
    member.members.loaded.set('bob', { person: { ...(bob as object) } } as never)
    const deleted = known('deleted', 1, { partner: { id: 'bob', name: undefined } })
    const last = known('last', 1, { lastMessage: message(1) })
    known('other', 1)
    taken()
    names.sent({ id: 'bob', username: 'bob', name: 'Rob' })
    expect(taken()).toEqual(['partner item', 'partner members', 'member item', 'member members'])
    names.sent({ id: 'bob', username: 'bob', name: 'Rob' })
    expect([taken(), partner.item?.partner, deleted.item?.partner?.name]).toEqual([
      [],
      expect.objectContaining({ name: 'Rob', lastSeenAt: 7 }),
      undefined,
    ])
    names.shown({ id: 'bob', username: 'robert', name: 'Robert' } as never)
    expect(taken()).toEqual(['partner item', 'partner members', 'member item', 'member members', 'last item', 'last timeline'])
    expect([member.members.loaded.get('bob')?.person.username, last.item?.lastMessage?.sender.name]).toEqual(['robert', 'Robert'])
    names.sent({ id: 'bob', username: 'robert', name: 'Robert' })
    expect(taken()).toEqual([])
  })
})

describe('reading', () => {
  it('of all others is known once it is known of each of them', () => {
    const { all, known, taken } = keeping()
    const copy = known('c', 5)
    taken()
    remark(all, all.at('unknown'))
    expect(taken()).toEqual([])
    copy.members.marks.set('bob', 4)
    remark(all, copy)
    expect([copy.item?.readByOthersSeq, taken()]).toEqual([undefined, ['c timeline', 'c item']])
    copy.members.marks.set('cid', 3)
    remark(all, copy)
    expect(copy.item?.readByOthersSeq).toBe(3)
    const alone = known('alone', 5, { memberCount: 1 })
    remark(all, alone)
    expect(alone.item?.readByOthersSeq).toBeUndefined()
  })

  it('leaves nothing unread at the head, and else what is known here, or was counted elsewhere', () => {
    const { all, known } = keeping()
    const self = { id: 'ann', blocked: [] }
    const elsewhere = { unread: 8, unreadMentions: 2 }
    expect(recounted(all.at('unknown'), self, elsewhere)).toBe(false)
    const copy = known('c', 5, { readSeq: 5, unread: 3 })
    expect([recounted(copy, self, elsewhere), copy.item?.unread]).toEqual([false, 0])
    copy.item!.readSeq = 3
    expect([recounted(copy, self, elsewhere), copy.item]).toEqual([true, expect.objectContaining(elsewhere)])
    expect([recounted(copy, self), copy.item?.unread]).toEqual([true, 8])
    addPage(copy.timeline, [message(4), message(5)], { from: 4, to: 5 })
    expect([recounted(copy, self, elsewhere), copy.item?.unread]).toEqual([false, 2])
    copy.item!.headSeq = 6
    expect(recounted(copy, self)).toBe(true)
  })
})
