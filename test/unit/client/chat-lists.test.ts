import { describe, expect, it } from 'vitest'
import { localError } from '../../../src/client/calls/problem.ts'
import { cursorAt } from '../../../src/client/copy/cursor.ts'
import { itemOf } from '../../../src/client/copy/item.ts'
import type { RowMaker } from '../../../src/client/outbox/rows.ts'
import { virtualClock } from '../../../src/client/testing/clock.ts'
import type { ChatItem } from '../../../src/client/types.ts'
import { chatList } from '../../../src/client/views/chats.ts'
import { inOrder, showItem } from '../../../src/client/views/item.ts'
import { sortedList } from '../../../src/client/views/sorted-list.ts'
import { calls, settled, tellings, wireChat, world } from './views.ts'

const rows: RowMaker = { ofMessage: () => ({}) as never, ofSending: () => undefined }

/** The lists of somebody's chats, on calls that wait. */
function lists() {
  const { all } = world()
  const { asked, last, call } = calls()
  const clock = virtualClock()
  const shown = new Map<string, ChatItem>()
  const itemStore = (id: string) => ({
    subscribe: () => () => {},
    get() {
      const { item } = all.at(id)
      const before = shown.get(id)
      if (item && before?.unread === item.unread && before.isArchived === item.isArchived) return before
      if (item) shown.set(id, showItem(item, { typing: [], pending: [], rows }))
      return item && shown.get(id)
    },
  })
  const adopt = (chat: { readonly id: string }) => {
    const copy = all.at(chat.id)
    copy.item = itemOf(chat as never)
    copy.cursor ??= cursorAt(1)
    list.changed(copy)
    return copy
  }
  const list = chatList({
    copies: all,
    sync: { adopt } as never,
    call,
    rows,
    platform: { newId: () => 'new', later: clock.later, random: () => 0 },
    itemOf: itemStore,
    ready: Promise.resolve(),
  })
  const ids = () => list.get().items.map(({ id }) => id)
  const page = (next: string | null, ...names: string[]) => ({ items: names.map((name) => wireChat(name)), next })
  return { all, asked, last, list, ids, page, adopt, clock }
}

describe('the list of chats', () => {
  it('is loading, then ready, with what is unread in all of them', async () => {
    const { list, last, page, ids, asked } = lists()
    expect(list.get()).toMatchObject({ status: 'idle', items: [], hasMore: false, isLoadingMore: false })
    expect(list.archived.get().status).toBe('idle')
    const told = tellings(list)
    void list.reload()
    expect(list.get().status).toBe('loading')
    await settled()
    expect(told()).toBe(1)
    void list.reload()
    await settled()
    expect(asked.map(({ given }) => given)).toEqual([{ query: { cursor: undefined, limit: 100, archived: undefined } }])
    await last().answer(page(null, 'a', 'b'))
    expect(list.get()).toMatchObject({ status: 'ready', unread: 2, unreadMentions: 0, hasMore: false, problem: undefined })
    expect([ids(), told()]).toEqual([['b', 'a'], 2])
    expect(list.archived.get().status).toBe('idle')
  })

  it('goes on page by page, one at a time, and is loaded again with as many as there were', async () => {
    const { list, last, page, ids, asked } = lists()
    void list.reload()
    await settled()
    await last().answer(page('after b', 'a', 'b'))
    expect(list.get().hasMore).toBe(true)
    const told = tellings(list)
    void list.loadMore()
    void list.loadMore()
    expect(list.get().isLoadingMore).toBe(true)
    await settled()
    expect([asked.length, last().given, told()]).toEqual([2, { query: { cursor: 'after b', limit: 100, archived: undefined } }, 1])
    await last().answer(page('after c', 'c'))
    expect(list.get()).toMatchObject({ isLoadingMore: false, hasMore: true })
    expect([ids(), told()]).toEqual([['c', 'b', 'a'], 2])
    void list.reload()
    expect(list.get()).toMatchObject({ status: 'ready', hasMore: false })
    await settled()
    await last().answer(page('after b', 'a', 'b'))
    await last().answer(page('after c', 'c'))
    expect(asked.slice(2).map(({ given }) => (given.query as { cursor?: string }).cursor)).toEqual([undefined, 'after b'])
    void list.reload()
    await settled()
    await last().answer(page(null, 'a'))
    await settled()
    const before = asked.length
    await list.loadMore()
    expect([asked.length, list.get().isLoadingMore]).toEqual([before, false])
  })

  it('that could not be loaded says why, and is tried again by itself, later each time', async () => {
    const { list, last, page, asked, clock } = lists()
    void list.reload()
    await settled()
    await last().fail()
    expect(list.get()).toMatchObject({ status: 'failed', problem: { code: 'network' } })
    await clock.advance(499)
    expect(asked).toHaveLength(1)
    await clock.advance(1)
    expect([asked.length, list.get().status]).toEqual([2, 'loading'])
    await last().answer(page(null, 'a'))
    expect(list.get()).toMatchObject({ status: 'ready', problem: undefined })
    void list.reload()
    await settled()
    await last().fail(localError('signed-out', 'Nobody is signed in.'))
    expect(list.get()).toMatchObject({ status: 'ready', problem: { code: 'signed-out' } })
    await clock.advance(60_000)
    expect(asked).toHaveLength(3)
    void list.reload()
    await settled()
    await last().fail(new TypeError('a defect'))
    expect(list.get().problem).toBeUndefined()
  })

  it('that could be loaded again meanwhile is not tried again', async () => {
    const { list, last, page, asked, clock } = lists()
    void list.reload()
    await settled()
    await last().fail()
    void list.reload()
    await settled()
    await last().answer(page(null, 'a'))
    await clock.advance(60_000)
    expect(asked).toHaveLength(2)
  })

  it('takes over no chat that was lost while it was asked for', async () => {
    const { all, list, last, page, ids } = lists()
    void list.reload()
    await settled()
    Object.assign(all.at('a'), { generation: 1 })
    Object.assign(all.at('b'), { isHidden: true })
    await last().answer(page(null, 'a', 'b', 'c'))
    expect(ids()).toEqual(['c'])
  })

  it('has the archived ones beside it, loaded when they are wanted', async () => {
    const { list, last, page, ids, asked, adopt } = lists()
    void list.reload()
    await settled()
    await last().answer(page(null, 'a'))
    void list.archived.loadMore()
    expect(list.archived.get()).toMatchObject({ status: 'loading', isLoadingMore: true })
    await settled()
    expect(last().given).toEqual({ query: { cursor: undefined, limit: 100, archived: true } })
    await last().answer({ items: [wireChat('old', { me: { archived: true } })], next: 'more' })
    const archived = () => list.archived.get().items.map(({ id }) => id)
    expect([ids(), archived(), list.archived.get().hasMore]).toEqual([['a'], ['old'], true])
    void list.archived.loadMore()
    await settled()
    expect(last().given).toEqual({ query: { cursor: 'more', limit: 100, archived: true } })
    await last().answer({ items: [], next: null })
    adopt(wireChat('a', { me: { archived: true } }))
    adopt(wireChat('hidden', { me: { hidden: true } }))
    expect([ids(), archived().toSorted()]).toEqual([[], ['a', 'old']])
    const before = asked.length
    void list.reload()
    await settled()
    expect(asked.slice(before).map(({ given }) => (given.query as { archived?: boolean }).archived)).toEqual([undefined, true])
  })

  it('asks for nothing archived with a reload before it was wanted', async () => {
    const { list, asked } = lists()
    void list.reload()
    await settled()
    expect(asked).toHaveLength(1)
  })
})

describe('a connection that is new', () => {
  it('has what failed loaded again, of both lists, and what is ready not', async () => {
    const { list, last, page, asked } = lists()
    list.repair()
    await settled()
    expect(asked).toHaveLength(0)
    void list.reload()
    void list.archived.loadMore()
    await settled()
    await asked[0]!.answer(page(null, 'a'))
    await asked[1]!.fail(localError('signed-out', 'Nobody is signed in.'))
    list.repair()
    await settled()
    expect([asked.length, (last().given.query as { archived?: boolean }).archived]).toEqual([3, true])
  })

  it('waits until nothing is being loaded, and looks then', async () => {
    const { list, last, asked } = lists()
    void list.reload()
    await settled()
    list.repair()
    await last().fail(localError('signed-out', 'Nobody is signed in.'))
    expect([asked.length, list.get().status]).toEqual([2, 'loading'])
    await last().fail(localError('signed-out', 'Nobody is signed in.'))
    expect([asked.length, list.get().status]).toEqual([2, 'failed'])
  })

  it('has the list loaded again once when there is a chat that it does not know', async () => {
    const { all, list, last, page, asked } = lists()
    void list.reload()
    await settled()
    await last().answer(page(null, 'a'))
    all.at('new').cursor = cursorAt(1)
    Object.assign(all.at('left'), { cursor: cursorAt(1), isHidden: true })
    all.at('heard of')
    list.repair()
    await settled()
    expect(asked).toHaveLength(2)
    await last().answer(page(null, 'a'))
    list.repair()
    await settled()
    expect(asked).toHaveLength(2)
  })
})

describe('items of lists', () => {
  const item = (id: string, given: Partial<ChatItem> = {}) => ({ id, createdAt: 0, ...given }) as ChatItem
  it('stay sorted while few or many change, and are the same list while none does', () => {
    const sorted = sortedList<{ id: string; n: number }>((a, b) => a.n - b.n)
    const all = Array.from({ length: 100 }, (_, i) => ({ id: `${i}`, n: (i * 37) % 100 }))
    const first = sorted.update(all.map((one) => [one.id, one]))
    expect(first.map(({ n }) => n)).toEqual(Array.from({ length: 100 }, (_, n) => n))
    expect(sorted.update(all.map((one) => [one.id, one]))).toBe(first)
    const moved = { id: '0', n: 50.5 }
    const next = sorted.update([[moved.id, moved]])
    expect([next[50], first[0]!.n]).toEqual([moved, 0])
    expect(sorted.update([['0', undefined]])).toHaveLength(99)
    const few = sorted.update(all.slice(1, 65).map((one) => [one.id, { ...one, n: one.n + 100 }]))
    expect(few.map(({ n }) => n)).toEqual(few.map(({ n }) => n).toSorted((a, b) => a - b))
    const none = sorted.update(all.map(({ id }) => [id, undefined]))
    expect(none).toEqual([])
  })

  it('come pinned first, then by what was said or is being sent last, then by id', () => {
    const chats = [
      item('a', { createdAt: 5 }),
      item('b', { createdAt: 5 }),
      item('said', { createdAt: 1, lastMessage: { at: 7 } as never }),
      item('sending', { createdAt: 1, lastMessage: { at: 2 } as never, lastRow: { at: 8 } as never }),
      item('pinned', { createdAt: 1, pinnedAt: 3 }),
      item('pinned too', { createdAt: 2, pinnedAt: 1 }),
    ]
    const expected = ['pinned too', 'pinned', 'sending', 'said', 'b', 'a']
    expect(chats.toSorted(inOrder).map(({ id }) => id)).toEqual(expected)
    expect(
      chats
        .toReversed()
        .toSorted(inOrder)
        .map(({ id }) => id),
    ).toEqual(expected)
    expect(inOrder(chats[0]!, chats[0]!)).toBe(0)
  })

  it('show the last of what is on its way, else what was said', () => {
    const ofSending = (sending: unknown) => (sending === 'sent' ? undefined : ({ key: sending } as never))
    const makers: RowMaker = { ofMessage: () => ({ key: 'said' }) as never, ofSending: ofSending }
    const plain = itemOf(wireChat('a') as never)
    const show = (pending: readonly string[], given = {}) =>
      showItem({ ...plain, ...given }, { typing: [], pending: pending as never, rows: makers }).lastRow?.key
    expect(show(['one', 'two', 'sent'], { lastMessage: {} })).toBe('two')
    expect(show(['sent'], { lastMessage: {} })).toBe('said')
    expect(show([])).toBeUndefined()
    expect(showItem(plain, { typing: ['bob'], pending: [], rows: makers })).not.toHaveProperty('headSeq')
  })
})
