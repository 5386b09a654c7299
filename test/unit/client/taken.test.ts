import { describe, expect, it } from 'vitest'
import { restore, take } from '../../../src/client/assembly/snapshot.ts'
import { type Copies, copies } from '../../../src/client/copy/copies.ts'
import { cursorAt, learn } from '../../../src/client/copy/cursor.ts'
import { itemOf } from '../../../src/client/copy/item.ts'
import { BARE } from '../../../src/client/copy/message.ts'
import { addPage, know } from '../../../src/client/copy/timeline.ts'
import type { Message } from '../../../src/client/index.ts'
import { cell } from '../../../src/client/platform/store.ts'

const message = (seq: number) =>
  ({ ...BARE, id: `m${seq}`, seq, sender: { id: 'bob', username: 'bob', name: 'Bob' }, at: seq }) as unknown as Message
const wire = { kind: 'group', name: 'Club', created_at: '1970-01-01T00:00:00.000Z', member_count: 3, unread: 0, head_seq: 1 }
const empty = () => copies(cell<readonly string[]>([]))

function known(all: Copies, id: string, last: number, createdAt = 0) {
  const copy = all.at(id)
  copy.cursor = cursorAt(last)
  copy.timeline.head = last
  copy.item = { ...itemOf({ id, ...wire } as never), headSeq: last, createdAt }
  return copy
}
const page = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => message(from + i))
const chatsOf = (snapshot: unknown) => (snapshot as { chats: { id: string; last: number; from: number; messages: Message[] }[] }).chats
const shown = (snapshot: unknown) =>
  chatsOf(snapshot).map(({ id, last, from, messages }) => [id, last, from, messages.map(({ seq }) => seq)])

describe('a snapshot', () => {
  it('is of the latest chats that are level, and is none where the store is not known', () => {
    const all = empty()
    for (let n = 0; n < 40; n++) known(all, `c${n}`, 1, n)
    learn(all.at('c39').cursor!, 2)
    all.at('c38').item = undefined
    all.at('c37').cursor = undefined
    expect(take(all, undefined)).toBeUndefined()
    const ids = Array.from({ length: 30 }, (_, i) => `c${36 - i}`)
    expect(chatsOf(take(all, 'e')).map(({ id }) => id)).toEqual(ids)
    expect(chatsOf(take(all, 'e', { chats: 2 })).map(({ id }) => id)).toEqual(ids.slice(0, 2))
  })

  it('has the newest messages of the live window, up to the last event, and where they begin', () => {
    const all = empty()
    addPage(known(all, 'few', 9, 5).timeline, page(5, 9), { from: 3, to: 9 })
    know(all.at('few').timeline, message(12))
    addPage(known(all, 'many', 90, 4).timeline, page(1, 90), { from: 1, to: 90 })
    addPage(known(all, 'old window', 9, 3).timeline, page(1, 4), { from: 1, to: 4 })
    known(all, 'never opened', 9, 2)
    addPage(known(all, 'empty window', 9, 1).timeline, [], { from: 10, to: 9 })
    expect(shown(take(all, 'e'))).toEqual([
      ['few', 9, 3, [5, 6, 7, 8, 9]],
      ['many', 90, 41, Array.from({ length: 50 }, (_, i) => i + 41)],
      ['old window', 9, 10, []],
      ['never opened', 9, 10, []],
      ['empty window', 9, 10, []],
    ])
    expect(shown(take(all, 'e', { messages: 2 })).slice(0, 2)).toEqual([
      ['few', 9, 8, [8, 9]],
      ['many', 90, 89, [89, 90]],
    ])
  })

  it('is put in place with all that it has, and opens no window where it has no messages', () => {
    const all = empty()
    all.blocked.set(['cid'])
    addPage(known(all, 'c', 9, 3).timeline, page(5, 9), { from: 3, to: 9 })
    addPage(known(all, 'new', 1, 2).timeline, [], { from: 1, to: 1 })
    known(all, 'never opened', 9, 1)
    const next = empty()
    const heard: string[] = []
    next.watch(({ id }, aspect) => heard.push(`${id} ${aspect}`))
    const epochs: string[] = []
    restore(next, take(all, 'e')!, (epoch) => epochs.push(epoch))
    expect([epochs, next.blocked.get(), next.at('c').cursor?.last, next.at('c').timeline.head, next.at('c').item?.name]).toEqual([
      ['e'],
      ['cid'],
      9,
      9,
      'Club',
    ])
    expect(['c', 'new', 'never opened'].map((id) => next.at(id).timeline.spans)).toEqual([[{ from: 3, to: 9 }], [{ from: 1, to: 1 }], []])
    expect(heard).toEqual(['c', 'new', 'never opened'].flatMap((id) => [`${id} item`, `${id} timeline`]))
  })
})
