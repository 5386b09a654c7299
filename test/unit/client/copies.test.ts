import { describe, expect, it } from 'vitest'
import type { ChatEvent } from '../../../src/client/calls/read-event.ts'
import { absorb, apply, closeHole, rename } from '../../../src/client/copy/absorb.ts'
import { copies, countUnread, isLost, peopleOf, RECORDED, record, recordedAbove, startOver } from '../../../src/client/copy/copies.ts'
import { cursorAt } from '../../../src/client/copy/cursor.ts'
import { activityOf, applyToItem, type Item, itemOf, passItem, readByOthers, readUpTo } from '../../../src/client/copy/item.ts'
import { addMembers, applyToMembers, emptyMembers, markMember } from '../../../src/client/copy/members.ts'
import { BARE, concerns, hasUnnamed, keyOf, later, named, reacted } from '../../../src/client/copy/message.ts'
import {
  addPage,
  emptyTimeline,
  forgetBelow,
  forgetOldest,
  KEPT,
  know,
  leave,
  liveSpan,
  messageAt,
  messagesFrom,
  messagesIn,
  spanAt,
} from '../../../src/client/copy/timeline.ts'
import { formIn, isOn, wished } from '../../../src/client/copy/wishes.ts'
import type { Message } from '../../../src/client/index.ts'
import { cell } from '../../../src/client/platform/store.ts'

const ann = { id: 'ann', username: 'ann', name: 'Ann' }
const bob = { id: 'bob', username: 'bob', name: 'Bob' }

const message = (seq: number, more: Partial<Message> = {}): Message => ({
  ...BARE,
  id: `m${seq}`,
  chatId: 'c',
  seq,
  sender: bob,
  clientMessageId: undefined,
  text: `text ${seq}`,
  reactionsSeq: seq,
  myReactionsSeq: seq,
  replyTo: undefined,
  version: 1,
  at: seq,
  editedAt: undefined,
  deletedAt: undefined,
  ...more,
})
const event = (seq: number, type: ChatEvent['type'], more: object): ChatEvent => ({ seq, at: seq, type, ...more }) as never
const sent = (seq: number, more: Partial<Message> = {}) => event(seq, 'message.sent', { message: message(seq, more) })
const edit = (seq: number, of: number, version: number, more: object = {}) =>
  event(seq, 'message.edited', { ...BARE, messageId: `m${of}`, messageSeq: of, text: 'edited', version, editedAt: seq, ...more })
const deletion = (seq: number, of: number, deletedAt = seq) =>
  event(seq, 'message.deleted', { messageId: `m${of}`, messageSeq: of, deletedAt })
const all = { kind: 'all' as const, start: 0, length: 4 }
const toAnn = { kind: 'user' as const, userId: 'ann', start: 0, length: 4 }
const thumb = (count: number, ...userIds: string[]) => ({ emoji: '👍', count, userIds })

describe('two reports of one message', () => {
  it('say together what the newer one says, and that it is deleted as soon as one of them does', () => {
    const old = message(1, { clientMessageId: 'k' })
    const newer = message(1, { text: 'newer', version: 2, editedAt: 5 })
    for (const made of [later(old, newer), later(newer, old)]) expect(made).toMatchObject({ text: 'newer', version: 2, editedAt: 5 })
    expect(later(old, newer).clientMessageId).toBe('k')
    const gone = message(1, { text: undefined, deletedAt: 9 })
    for (const made of [later(newer, gone), later(gone, newer)]) expect(made).toMatchObject({ text: undefined, version: 2, deletedAt: 9 })
    expect(later(gone, { ...gone, deletedAt: 7 }).deletedAt).toBe(7)
    expect(later({ ...gone, deletedAt: 7 }, gone).deletedAt).toBe(7)
    expect(later(old, message(1))).toBe(old)
  })

  it('have no name once one of them has none', () => {
    const erased = message(1, { sender: { id: 'bob', username: undefined, name: undefined } })
    expect(later(message(1), erased).sender.name).toBeUndefined()
    expect(later(erased, message(1)).sender.name).toBeUndefined()
  })

  it('have the sums of the later one, of two of one number those with less, and the user’s own of the later one', () => {
    const two = message(1, { reactions: [thumb(2, 'ann', 'bob')], reactionsSeq: 3, myReactions: ['👍'], myReactionsSeq: 2 })
    const one = message(1, { reactions: [thumb(1, 'ann')], reactionsSeq: 3, myReactions: [], myReactionsSeq: 3 })
    for (const made of [later(one, two), later(two, one)])
      expect(made).toMatchObject({ reactions: [thumb(1, 'ann')], reactionsSeq: 3, myReactions: [], myReactionsSeq: 3 })
    const newest = message(1, { reactions: [thumb(5, 'ann')], reactionsSeq: 4, myReactionsSeq: 1 })
    for (const made of [later(one, newest), later(newest, one)])
      expect(made).toMatchObject({ reactions: [thumb(5, 'ann')], reactionsSeq: 4, myReactionsSeq: 3 })
  })
})

describe('a message', () => {
  it('takes over reactions by what is newer of the sums and of the user’s own', () => {
    const before = message(1, { reactions: [thumb(1, 'bob')], reactionsSeq: 5, myReactions: ['❤️'], myReactionsSeq: 5 })
    const reaction = (seq: number, reactionsSeq: number) =>
      ({
        seq,
        reactionsSeq,
        reactions: [thumb(2, 'ann', 'bob')],
        mine: [
          { emoji: '👍', on: true },
          { emoji: '❤️', on: false },
        ],
      }) as never
    expect(reacted(before, reaction(6, 6))).toMatchObject({ reactions: [thumb(2, 'ann', 'bob')], reactionsSeq: 6, myReactions: ['👍'] })
    expect(reacted(before, reaction(5, 5))).toMatchObject({ reactions: [thumb(2, 'ann', 'bob')], myReactions: ['❤️'], myReactionsSeq: 5 })
    expect(reacted(before, reaction(6, 4))).toMatchObject({
      reactions: [thumb(1, 'bob')],
      reactionsSeq: 5,
      myReactions: ['👍'],
      myReactionsSeq: 6,
    })
    expect(reacted(before, reaction(5, 4))).toBe(before)
    const gone = message(1, { deletedAt: 2 })
    expect(reacted(gone, reaction(6, 6))).toBe(gone)
  })

  it('is the same while nobody in it is named otherwise', () => {
    const forwarded = message(1, { sender: ann, forwardedFrom: { sender: bob, at: 1 } })
    expect(named(forwarded, bob)).toBe(forwarded)
    expect(named(forwarded, { id: 'cid', username: 'c', name: 'C' })).toBe(forwarded)
    expect(named(forwarded, { ...bob, username: 'bobby' })).toMatchObject({
      sender: ann,
      forwardedFrom: { sender: { username: 'bobby' }, at: 1 },
    })
    expect(named(message(1), { ...bob, name: 'Robert' })).toMatchObject({ sender: { name: 'Robert' }, forwardedFrom: undefined })
  })

  it('has the sender’s key, or its id; may have reactions of nobody named; and may mention the user', () => {
    expect([keyOf(message(1)), keyOf(message(1, { clientMessageId: 'k' }))]).toEqual(['m1', 'k'])
    const reactions = [thumb(2, 'ann', 'bob')]
    expect([hasUnnamed(message(1, { reactions })), hasUnnamed(message(1, { reactions: [...reactions, thumb(3, 'ann')] }))]).toEqual([
      false,
      true,
    ])
    const mentions = [{ ...toAnn, userId: 'cid' }, toAnn]
    const about = [{ mentions }, { mentions: [all] }, { mentions: [] }, { mentions, sender: ann }, { mentions, deletedAt: 1 }]
    expect(about.map((more) => concerns(message(1, more), 'ann'))).toEqual([true, true, false, false, false])
  })

  it('loses its text, its name and the reactions of those who are erased', () => {
    const timeline = emptyTimeline(0)
    addPage(timeline, [], { from: 1, to: 0 })
    apply(timeline, 1, sent(1, { reactions: [thumb(1, 'ann')] }))
    apply(timeline, 2, sent(2, { sender: ann, reactions: [thumb(2, 'bob', 'ann'), { emoji: '❤️', count: 1, userIds: ['bob'] }] }))
    apply(timeline, 3, sent(3, { sender: ann }))
    const third = timeline.messages.get('m3')
    apply(timeline, 4, event(4, 'author.erased', { userId: 'bob' }))
    const nameless = { id: 'bob', name: undefined, username: undefined }
    expect(timeline.messages.get('m1')).toMatchObject({ text: undefined, deletedAt: 4, reactions: [], sender: nameless })
    expect(timeline.messages.get('m2')).toMatchObject({ text: 'text 2', reactions: [thumb(1, 'ann')], sender: ann })
    expect(timeline.messages.get('m3')).toBe(third)
  })

  it('shows what the user wishes until the service has told it', () => {
    const liked = message(1, { reactions: [{ emoji: '❤️', count: 1, userIds: ['bob'] }], myReactionsSeq: 3 })
    expect([formIn(liked, '❤'), formIn(liked, '👍')]).toEqual(['❤️', '👍'])
    const wish = (on: boolean, until?: number) => ({ on, until, done: undefined })
    const shown = (of: Message, emoji: string, one: ReturnType<typeof wish>) => wished(of, new Map([[emoji, one]]), 'ann')
    expect(shown(liked, '❤️', wish(true))).toMatchObject({ reactions: [{ count: 2, userIds: ['bob', 'ann'] }], myReactions: ['❤️'] })
    expect(shown(liked, '👍', wish(true)).reactions.map(({ emoji, count }) => [emoji, count])).toEqual([
      ['❤️', 1],
      ['👍', 1],
    ])
    expect(shown(liked, '👍', wish(false))).toBe(liked)
    expect(shown(liked, '❤️', wish(true, 3))).toBe(liked)
    expect(shown(liked, '❤️', wish(true, 4))).not.toBe(liked)
    const gone = { ...liked, deletedAt: 4 }
    expect(shown(gone, '❤️', wish(true))).toBe(gone)
    const own = { ...liked, myReactions: ['❤️'], reactions: [{ emoji: '❤️', count: 1, userIds: ['ann'] }] }
    expect(shown(own, '❤️', wish(false))).toMatchObject({ reactions: [], myReactions: [] })
    expect([isOn(own, '❤️', undefined), isOn(own, '❤️', wish(false)), isOn(own, '❤️', wish(false, 3))]).toEqual([true, false, true])
  })
})

const chat = { id: 'c', kind: 'group', name: 'Club', created_at: '1970-01-01T00:00:00.005Z', member_count: 3, unread: 0, head_seq: 1 }
const itemAt = (more: Partial<Item> = {}): Item => ({ ...itemOf(chat as never), ...more })
const self = { id: 'ann', blocked: ['cid'] }

describe('the item of a chat', () => {
  const none = () => undefined
  const applied = (item: Item, one: ChatEvent, known: (id: string) => Message | undefined = none) =>
    [applyToItem(item, one, self, known), item] as const

  it('is what the service says, with what is usual where it says nothing', () => {
    expect(itemOf(chat as never)).toMatchObject({
      role: 'member',
      readSeq: 0,
      unreadMentions: 0,
      isArchived: false,
      isHidden: false,
      isMarkedUnread: false,
    })
    expect(
      itemOf({ ...chat, me: { role: 'admin', read_seq: 4, archived: true, hidden: true, marked_unread: true } } as never),
    ).toMatchObject({
      role: 'admin',
      readSeq: 4,
      isArchived: true,
      isHidden: true,
      isMarkedUnread: true,
    })
    expect([activityOf(itemAt()), activityOf(itemAt({ lastMessage: message(9) }))]).toEqual([5, 9])
  })

  it('counts a message unless it is read, deleted, the user’s own, or of somebody blocked', () => {
    const item = itemAt({ readSeq: 3, isArchived: true, isHidden: true })
    const cid = { id: 'cid', username: 'cid', name: 'Cid' }
    const messages = [
      sent(2),
      sent(3),
      sent(4, { mentions: [all] }),
      sent(5, { sender: ann }),
      sent(6, { sender: cid, mentions: [all] }),
      sent(7, { deletedAt: 8 }),
      sent(8),
    ]
    for (const one of messages) applyToItem(item, one, self, none)
    expect(item).toMatchObject({ unread: 2, unreadMentions: 1, headSeq: 8, isArchived: false, isHidden: false, lastMessage: { id: 'm8' } })
    expect(applied(item, sent(8))).toEqual([true, expect.objectContaining({ unread: 2 })])
    passItem(item, 7)
    expect(item.headSeq).toBe(8)
    passItem(item, 9)
    expect(item.headSeq).toBe(9)
  })

  it('counts an edited message anew by whom it mentions, where it knows what it was', () => {
    const before = (more: Partial<Message> = {}) =>
      itemAt({ headSeq: 5, readSeq: 3, unread: 1, unreadMentions: 1, lastMessage: message(5, more) })
    expect(applied(before(), edit(6, 5, 2, { mentions: [toAnn] }))).toMatchObject([
      true,
      { unreadMentions: 2, lastMessage: { text: 'edited' } },
    ])
    expect(applied(before({ mentions: [all] }), edit(6, 5, 2))).toMatchObject([true, { unreadMentions: 0 }])
    expect(applied(before(), edit(6, 4, 2, { mentions: [all] }))).toMatchObject([
      false,
      { unreadMentions: 1, lastMessage: { text: 'text 5' } },
    ])
    expect(applied(before(), edit(6, 4, 2, { mentions: [all] }), () => message(4))).toMatchObject([true, { unreadMentions: 2 }])
    expect(applied(before(), edit(6, 3, 2, { mentions: [all] }))).toMatchObject([true, { unreadMentions: 1 }])
    expect(applied(before({ version: 2 }), edit(6, 5, 2, { mentions: [all] }))).toMatchObject([false, { lastMessage: { text: 'text 5' } }])
    expect(applied(before({ sender: ann }), edit(6, 5, 2, { mentions: [all] }))).toMatchObject([true, { unreadMentions: 1 }])
  })

  it('counts a deleted message no longer, where it knows that it was counted', () => {
    const before = (more: Partial<Message> = {}) =>
      itemAt({ headSeq: 5, readSeq: 3, unread: 1, unreadMentions: 1, lastMessage: message(5, { mentions: [all], ...more }) })
    expect(applied(before(), deletion(6, 5))).toMatchObject([
      true,
      { unread: 0, unreadMentions: 0, lastMessage: { text: undefined, deletedAt: 6 } },
    ])
    expect(applied(before({ mentions: [] }), deletion(6, 5))).toMatchObject([true, { unread: 0, unreadMentions: 1 }])
    expect(applied(before(), deletion(6, 4))).toMatchObject([false, { unread: 1 }])
    expect(applied(before(), deletion(6, 3))).toMatchObject([true, { unread: 1 }])
    expect(applied(before({ deletedAt: 2 }), deletion(6, 5))).toMatchObject([false, { unread: 1, lastMessage: { deletedAt: 2 } }])
    expect(applied(before({ sender: ann }), deletion(6, 5))).toMatchObject([true, { unread: 1 }])
    const counted = { ...before(), unread: 0, unreadMentions: 0 }
    expect(applied(counted, deletion(6, 5))).toMatchObject([true, { unread: 0, unreadMentions: 0 }])
  })

  it('follows members and the user’s own role and mute', () => {
    const item = itemAt({ readByOthersSeq: 1 })
    const events = [
      event(2, 'member.added', {}),
      event(3, 'member.role_changed', { userId: 'bob', role: 'owner' }),
      event(4, 'member.muted', { userId: 'bob', until: 9 }),
      event(5, 'member.left', { userId: 'cid' }),
    ]
    for (const one of events) expect(applied(item, one)[0]).toBe(true)
    expect(item).toMatchObject({ memberCount: 3, role: 'member', mutedUntil: undefined, readByOthersSeq: 1 })
    applyToItem(item, event(6, 'member.role_changed', { userId: 'ann', role: 'admin' }), self, none)
    applyToItem(item, event(7, 'member.muted', { userId: 'ann', until: 9 }), self, none)
    for (const seq of [8, 9]) applyToItem(item, event(seq, 'member.removed', { userId: 'x' }), self, none)
    expect(item).toMatchObject({ memberCount: 1, role: 'admin', mutedUntil: 9, readByOthersSeq: undefined })
  })

  it('asks the service after an erasure unless nothing of it can be uncounted', () => {
    const erasure = event(9, 'author.erased', { userId: 'bob' })
    expect(applied(itemAt({ partner: { ...bob, lastSeenAt: 3 } as never }), erasure)).toMatchObject([
      true,
      { partner: { id: 'bob', name: undefined, username: undefined } },
    ])
    expect(applied(itemAt({ partner: { ...ann, lastSeenAt: 3 } as never }), erasure)).toMatchObject([true, { partner: ann }])
    expect(applied(itemAt({ unread: 1 }), erasure)[0]).toBe(false)
    expect(applied(itemAt({ lastMessage: message(3) }), erasure)).toMatchObject([true, { lastMessage: { text: undefined } }])
    expect(applied(itemAt({ lastMessage: message(3, { sender: ann, reactions: [thumb(3, 'ann')] }) }), erasure)[0]).toBe(false)
  })

  it('has read positions that never go back', () => {
    const item = itemAt({ readSeq: 3 })
    expect([readUpTo(item, 3), readUpTo(item, 4), readUpTo(item, 2), item.readSeq]).toEqual([false, true, false, 4])
    readByOthers(item, 5)
    readByOthers(item, 4)
    expect(item.readByOthersSeq).toBe(5)
  })
})

describe('the members of a chat', () => {
  const wire = (id: string, more: object = {}) => ({
    user: { id, username: id, name: id, last_seen_at: null },
    role: 'member',
    joined_at: '1970-01-01T00:00:00.001Z',
    ...more,
  })

  it('are those of all pages, and follow events as far as they are loaded', () => {
    const members = emptyMembers()
    addMembers(members, [wire('old')] as never, { isFirst: true, isLast: true })
    addMembers(members, [wire('ann', { muted_until: '1970-01-01T00:00:00.009Z' })] as never, { isFirst: true, isLast: false })
    const ids = () => [...members.loaded.keys()]
    const cid = { seq: 5, person: { id: 'cid', name: 'Cid' }, role: 'member' }
    expect(applyToMembers(members, event(5, 'member.added', cid), 'ann')).toBe(true)
    expect([ids(), members.loaded.get('ann')?.mutedUntil, members.marks.get('cid')]).toEqual([['ann'], 9, 5])
    addMembers(members, [wire('bob')] as never, { isFirst: false, isLast: true })
    expect(applyToMembers(members, event(6, 'member.added', { person: ann, role: 'admin' }), 'ann')).toBe(true)
    expect(applyToMembers(members, event(7, 'member.added', { ...cid }), 'ann')).toBe(true)
    expect([ids(), members.marks.has('ann')]).toEqual([['ann', 'bob', 'cid'], false])
    expect(applyToMembers(members, event(8, 'member.muted', { userId: 'bob', until: 20 }), 'ann')).toBe(true)
    expect(applyToMembers(members, event(9, 'member.role_changed', { userId: 'bob', role: 'owner' }), 'ann')).toBe(true)
    expect(members.loaded.get('bob')).toMatchObject({ mutedUntil: 20, role: 'owner', person: { name: 'bob' } })
    expect(applyToMembers(members, event(10, 'author.erased', { userId: 'bob' }), 'ann')).toBe(true)
    expect(members.loaded.get('bob')?.person).toMatchObject({ id: 'bob', name: undefined, username: undefined })
    expect(applyToMembers(members, event(11, 'member.left', { userId: 'cid' }), 'ann')).toBe(true)
    expect([ids(), members.marks.size]).toEqual([['ann', 'bob'], 0])
    expect(applyToMembers(members, sent(12), 'ann')).toBe(false)
  })

  it('have read up to the farthest that was told of them, from where they came on', () => {
    const members = emptyMembers()
    applyToMembers(members, event(1, 'chat.created', { members: [{ person: ann }, { person: bob }] }), 'ann')
    expect([...members.marks]).toEqual([['bob', 1]])
    for (const seq of [4, 3]) markMember(members, 'bob', seq)
    markMember(members, 'cid', 2)
    expect([...members.marks]).toEqual([
      ['bob', 4],
      ['cid', 2],
    ])
  })
})

describe('a timeline', () => {
  const page = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => message(from + i))
  const ids = (messages: readonly Message[]) => messages.map(({ id }) => id)
  const filled = (...spans: readonly (readonly [number, number])[]) => {
    const timeline = emptyTimeline(20)
    for (const [from, to] of spans) addPage(timeline, page(from, to), { from, to })
    return timeline
  }

  it('joins windows that touch, and keeps apart those that do not', () => {
    const timeline = filled([1, 3], [10, 12], [5, 6])
    expect(timeline.spans).toEqual([
      { from: 1, to: 3 },
      { from: 5, to: 6 },
      { from: 10, to: 12 },
    ])
    addPage(timeline, page(4, 4), { from: 4, to: 4 })
    expect(timeline.spans).toEqual([
      { from: 1, to: 6 },
      { from: 10, to: 12 },
    ])
    addPage(timeline, page(2, 9), { from: 2, to: 9 })
    expect(timeline.spans).toEqual([{ from: 1, to: 12 }])
    expect(ids(messagesIn(timeline, timeline.spans[0]!))).toEqual(ids(page(1, 12)))
  })

  it('finds windows and messages by their places', () => {
    const timeline = filled([1, 3], [10, 12])
    expect([0, 1, 3, 4, 12, 13, Number.POSITIVE_INFINITY].map((seq) => spanAt(timeline, seq)?.from)).toEqual([
      undefined,
      1,
      1,
      undefined,
      10,
      undefined,
      10,
    ])
    expect([0, 1, 3, 4, 13].map((seq) => messageAt(timeline, seq)?.id)).toEqual([undefined, 'm1', 'm3', undefined, undefined])
    expect(ids(messagesFrom(timeline, 3))).toEqual(['m3', 'm10', 'm11', 'm12'])
    expect(ids(messagesIn(timeline, timeline.spans[0]!))).toEqual(['m1', 'm2', 'm3'])
    expect(liveSpan(timeline)).toBeUndefined()
    addPage(timeline, page(15, 20), { from: 15, to: 20 })
    know(timeline, message(25))
    expect(ids(messagesIn(timeline, liveSpan(timeline)!)).slice(-2)).toEqual(['m20', 'm25'])
  })

  it('begins a new window after numbers that were left out, if anybody looks at it', () => {
    const timeline = filled([15, 20])
    leave(timeline, 20)
    expect(timeline.spans).toHaveLength(1)
    leave(timeline, 30)
    expect([timeline.head, timeline.spans, liveSpan(timeline)?.from]).toEqual([
      30,
      [
        { from: 15, to: 20 },
        { from: 31, to: 30 },
      ],
      31,
    ])
    const unseen = emptyTimeline(5)
    leave(unseen, 9)
    expect([unseen.head, unseen.spans]).toEqual([9, []])
    closeHole(unseen, { from: 6, to: 9 }, [sent(7)])
    expect([unseen.spans, unseen.order]).toEqual([[], []])
    closeHole(timeline, { from: 21, to: 30 }, [sent(22), edit(23, 20, 2)])
    expect(timeline.spans).toEqual([{ from: 15, to: 30 }])
    expect([messageAt(timeline, 22)?.id, messageAt(timeline, 20)?.text]).toEqual(['m22', 'edited'])
  })

  it('forgets what is below a place, and the oldest of too many', () => {
    const timeline = filled([1, 3], [10, 20])
    forgetBelow(timeline, 12)
    expect([timeline.spans, timeline.order.length, timeline.messages.size]).toEqual([[{ from: 12, to: 20 }], 9, 9])
    forgetOldest(timeline, 20)
    expect(timeline.order.length).toBe(9)
    forgetOldest(timeline, 4)
    expect([timeline.spans, timeline.order]).toEqual([[{ from: 17, to: 20 }], ['m17', 'm18', 'm19', 'm20']])
    for (let seq = 21; seq <= 17 + KEPT; seq++) apply(timeline, seq, sent(seq))
    expect(timeline.order.length).toBe(KEPT * 0.9)
    expect(liveSpan(timeline)).toEqual({ from: 18 + KEPT * 0.1, to: 17 + KEPT })
  })

  it('lists what has changed, or that much has', () => {
    const timeline = filled([15, 20])
    const { changes } = timeline
    expect(changes.isWhole).toBe(true)
    const clean = () => void Object.assign(changes, { isWhole: false, seqs: (changes.seqs.clear(), changes.seqs) })
    clean()
    apply(timeline, 21, sent(21))
    apply(timeline, 22, deletion(22, 16))
    expect([...changes.seqs]).toEqual([21, 16])
    clean()
    know(timeline, message(20))
    absorb(timeline, edit(23, 20, 1))
    absorb(timeline, edit(23, 99, 2))
    absorb(timeline, deletion(24, 16, 30))
    expect([changes.seqs.size, changes.isWhole]).toEqual([0, false])
    absorb(timeline, deletion(24, 16, 3))
    expect([messageAt(timeline, 16)?.deletedAt, [...changes.seqs]]).toEqual([3, [16]])
    expect([rename(timeline, { ...ann, name: 'Anna' }), rename(timeline, bob), rename(timeline, { ...bob, name: 'Rob' })]).toEqual([
      false,
      false,
      true,
    ])
    clean()
    for (let seq = 100; seq < 1_100; seq++) apply(timeline, seq, sent(seq))
    expect([changes.seqs.size, changes.isWhole]).toEqual([1_000, false])
    apply(timeline, 1_100, sent(1_100))
    expect([changes.seqs.size, changes.isWhole]).toEqual([0, true])
  })

  it('takes a new message only where its window is known', () => {
    const timeline = filled([1, 3])
    apply(timeline, 21, sent(21))
    expect([timeline.head, timeline.order.length]).toEqual([21, 3])
    absorb(timeline, sent(22))
    expect(timeline.order.length).toBe(4)
    apply(timeline, 20, undefined)
    expect(timeline.head).toBe(21)
  })
})

describe('copies', () => {
  const known = () => copies(cell<readonly string[]>([]))

  it('keep what is applied while anything is loaded, and forget it once nothing is', () => {
    const every = known()
    const copy = every.at('c')
    expect([every.at('c') === copy, every.find('c') === copy, every.find('d'), every.isRecording()]).toEqual([true, true, undefined, false])
    const [first, second] = [every.record(), every.record()]
    record(copy, { seq: 5, event: undefined })
    first()
    first()
    expect([every.isRecording(), copy.recorded.length]).toEqual([true, 1])
    second()
    expect([every.isRecording(), copy.recorded.length]).toEqual([false, 0])
  })

  it('know what was applied above a place, unless it was too much', () => {
    const copy = known().at('c')
    expect(recordedAbove(copy, 3)).toEqual([])
    copy.cursor = cursorAt(5)
    expect(recordedAbove(copy, 5)).toEqual([])
    expect(recordedAbove(copy, 4)).toBeUndefined()
    const own = { seq: 0, event: undefined, own: {} }
    record(copy, own)
    expect(recordedAbove(copy, 4)).toBeUndefined()
    for (const seq of [4, 5]) record(copy, { seq, event: undefined })
    expect(recordedAbove(copy, 4)).toEqual([own, { seq: 5, event: undefined }])
    for (let seq = 6; seq < 3_000; seq++) record(copy, { seq, event: undefined })
    expect([copy.recorded.length, recordedAbove(copy, 4)]).toEqual([RECORDED + 1, undefined])
  })

  it('begin again at a place or at none; then what was asked before says nothing', () => {
    const copy = known().at('c')
    expect(isLost(copy)).toBe(false)
    copy.members.marks.set('bob', 3)
    record(copy, { seq: 5, event: undefined })
    startOver(copy, 7)
    expect([copy.cursor?.last, copy.timeline.head, copy.members.marks.size, copy.recorded, copy.generation]).toEqual([7, 7, 0, [], 1])
    expect(isLost(copy)).toBe(false)
    startOver(copy, undefined)
    expect([copy.cursor, copy.timeline.head, isLost(copy)]).toEqual([undefined, 0, true])
    copy.item = itemAt()
    expect(isLost(copy)).toBe(false)
    copy.isHidden = true
    expect(isLost(copy)).toBe(true)
  })

  it('count what is unread where all of it is known', () => {
    const copy = known().at('c')
    expect(countUnread(copy, self)).toBeUndefined()
    copy.item = itemAt({ readSeq: 2 })
    expect(countUnread(copy, self)).toBeUndefined()
    addPage(copy.timeline, [message(4), message(5, { mentions: [all] }), message(6, { sender: ann }), message(7, { deletedAt: 8 })], {
      from: 4,
      to: 7,
    })
    expect(countUnread(copy, self)).toBeUndefined()
    copy.item.readSeq = 3
    expect(countUnread(copy, self)).toEqual({ unread: 2, unreadMentions: 1 })
    copy.item.readSeq = 4
    expect(countUnread(copy, self)).toEqual({ unread: 1, unreadMentions: 1 })
  })

  it('tell those who look at a chat, and those who look at all', () => {
    const every = known()
    const heard: string[] = []
    every.watch(({ id }, aspect) => heard.push(`all: ${id} ${aspect}`))
    every.at('c').watchers.add((aspect) => heard.push(`c: ${aspect}`))
    every.touch(every.at('c'), 'item', 'typing')
    every.touch(every.at('d'), 'members')
    expect(heard).toEqual(['c: item', 'all: c item', 'c: typing', 'all: c typing', 'all: d members'])
  })

  it('name the people of a chat as far as they are known', () => {
    const copy = known().at('c')
    expect(peopleOf(copy)).toEqual([])
    copy.item = itemAt({ partner: bob as never })
    copy.members.marks.set('cid', 1)
    copy.members.loaded.set('dan', {} as never)
    expect(peopleOf(copy)).toEqual(['bob', 'cid', 'dan'])
  })
})
