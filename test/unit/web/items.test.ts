import { describe, expect, it } from 'vitest'
import { BARE } from '../../../src/client/copy/message.ts'
import type { Row } from '../../../src/client/index.ts'
import { type Item, itemsOf } from '../../../web/timeline/items.ts'

const NOON = new Date(2030, 4, 14, 12).getTime()
const MINUTE = 60_000

const row = (key: string, senderId: string, at: number): Row => ({
  key,
  state: 'sent',
  isMine: false,
  id: key,
  seq: 1,
  sender: { id: senderId, username: senderId, name: senderId },
  text: key,
  ...BARE,
  replyTo: undefined,
  version: 1,
  at,
  editedAt: undefined,
  deletedAt: undefined,
  problem: undefined,
})

const none = { told: [], hasNewer: false } as const

const told = (items: readonly Item[]) =>
  items.map((item) => (item.kind === 'message' ? `${item.isFirst ? '(' : ''}${item.key}${item.isLast ? ')' : ''}` : item.kind))

describe('a timeline', () => {
  it('groups what somebody says in one go, until another speaks or a while has passed', () => {
    const rows = [
      row('a', 'ann', NOON),
      row('b', 'ann', NOON + MINUTE),
      row('c', 'bo', NOON + 2 * MINUTE),
      row('d', 'bo', NOON + 9 * MINUTE),
    ]
    expect(told(itemsOf({ rows, divider: undefined, hasOlder: true, ...none }))).toEqual(['(a', 'b)', '(c)', '(d)'])
  })

  it('begins with the beginning and a day, which nobody knows while there is older', () => {
    const rows = [row('a', 'ann', NOON)]
    expect(told(itemsOf({ rows, divider: undefined, hasOlder: false, ...none }))).toEqual(['beginning', 'day', '(a)'])
    expect(told(itemsOf({ rows, divider: undefined, hasOlder: true, ...none }))).toEqual(['(a)'])
  })

  it('separates days, and what is new', () => {
    const rows = [row('a', 'ann', NOON - 13 * 60 * MINUTE), row('b', 'ann', NOON), row('c', 'ann', NOON + MINUTE)]
    expect(told(itemsOf({ rows, divider: 'c', hasOlder: true, ...none }))).toEqual(['(a)', 'day', '(b)', 'divider', '(c)'])
  })

  it('names everything differently, whatever the clocks say', () => {
    const rows = [row('a', 'ann', NOON), row('b', 'ann', NOON - 25 * 60 * MINUTE), row('c', 'ann', NOON)]
    const keys = itemsOf({ rows, divider: 'b', hasOlder: false, ...none }).map(({ key }) => key)
    expect(new Set(keys).size).toBe(keys.length)
  })
})
