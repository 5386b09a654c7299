import type { Row } from '../../src/client/index.ts'
import { dayOf } from '../i18n/times.ts'

export interface MessageItem {
  readonly kind: 'message'
  readonly key: string
  readonly row: Row
  /** The first, and the last, of what somebody has said in one go. */
  readonly isFirst: boolean
  readonly isLast: boolean
}

/** What stands in a timeline, from top to bottom. */
export type Item =
  | MessageItem
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'divider'; readonly key: string }
  | { readonly kind: 'beginning'; readonly key: string }

export interface Shown {
  readonly rows: readonly Row[]
  readonly divider: string | undefined
  readonly hasOlder: boolean
}

const PAUSE_MS = 5 * 60_000

/** Days, the divider and groups are made from the rows alone. What comes before the first row is not known while there is older. */
export function itemsOf({ rows, divider, hasOlder }: Shown): Item[] {
  const items: Item[] = hasOlder ? [] : [{ kind: 'beginning', key: 'beginning' }]
  rows.forEach((row, i) => {
    const before = rows[i - 1]
    const after = rows[i + 1]
    const isNewDay = before ? dayOf(before.at) !== dayOf(row.at) : !hasOlder
    if (isNewDay) items.push({ kind: 'day', key: `day:${row.key}`, at: row.at })
    if (row.key === divider) items.push({ kind: 'divider', key: 'divider' })
    items.push({
      kind: 'message',
      key: row.key,
      row,
      isFirst: !before || isNewDay || row.key === divider || !areTogether(before, row),
      isLast: !after || after.key === divider || !areTogether(row, after),
    })
  })
  return items
}

const areTogether = (a: Row, b: Row) => a.sender.id === b.sender.id && b.at - a.at < PAUSE_MS && dayOf(a.at) === dayOf(b.at)

const LETTERS_A_LINE = 56

/** About how high it will be, in pixels, until it has been measured. */
export function heightOf(item: Item, isGroup: boolean): number {
  if (item.kind === 'beginning') return 150
  if (item.kind !== 'message') return 44
  const text = item.row.text ?? ''
  const lines = text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / LETTERS_A_LINE)), 0)
  const name = isGroup && item.isFirst && !item.row.isMine ? 21 : 0
  return name + 14 + 21.3 * Math.min(lines, 200) + (item.isFirst ? 10 : 2) + (item.row.replyTo ? 50 : 0)
}
