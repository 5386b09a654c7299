import type { Row } from '../../src/client/index.ts'
import { heightOfAttachments } from '../files/shapes.ts'
import { dayOf } from '../i18n/times.ts'
import type { Told } from '../state/told.ts'

export interface MessageItem {
  readonly kind: 'message'
  readonly key: string
  readonly row: Row
  /** The first, and the last, of what one user has said in one go. */
  readonly isFirst: boolean
  readonly isLast: boolean
  /** Deleted messages in a row are one line, of the last of them: so many, and the number of the first. */
  readonly deleted: { readonly count: number; readonly from: number } | undefined
}

/** What stands in a timeline, from top to bottom. */
export type Item =
  | MessageItem
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'system'; readonly key: string; readonly told: readonly Told[] }
  | { readonly kind: 'divider'; readonly key: string }
  | { readonly kind: 'beginning'; readonly key: string }

export interface Shown {
  readonly rows: readonly Row[]
  readonly told: readonly Told[]
  readonly divider: string | undefined
  readonly hasOlder: boolean
  readonly hasNewer: boolean
}

const PAUSE_MS = 5 * 60_000

/**
 * Days, the divider and groups are made from the rows alone. What comes before the first row is not known while there is older, what
 * comes behind the last not while there is newer.
 */
export function itemsOf({ rows, told, divider, hasOlder, hasNewer }: Shown): Item[] {
  const items: Item[] = hasOlder ? [] : [{ kind: 'beginning', key: 'beginning' }]
  const first = rows[0]?.seq ?? 0
  let next = hasOlder ? told.findIndex(({ seq }) => seq > first) : 0
  if (next < 0) next = told.length
  const tell = (below: number): boolean => {
    const from = next
    while (next < told.length && told[next]!.seq < below) next++
    if (next > from) items.push({ kind: 'system', key: `system:${told[from]!.seq}`, told: told.slice(from, next) })
    return next > from
  }
  let lastMessage = -1
  rows.forEach((row, i) => {
    const before = rows[i - 1]
    const isNewDay = before ? dayOf(before.at) !== dayOf(row.at) : !hasOlder
    if (isNewDay) items.push({ kind: 'day', key: `day:${row.key}`, at: row.at })
    const isAfterSystem = tell(row.seq ?? Number.POSITIVE_INFINITY)
    if (row.key === divider) items.push({ kind: 'divider', key: 'divider' })
    const isFirst = !before || isNewDay || isAfterSystem || row.key === divider || !areTogether(before, row)
    const last = items[lastMessage]
    if (isFirst && last?.kind === 'message') items[lastMessage] = { ...last, isLast: true }
    const isLast = i === rows.length - 1
    const run = deletedWith(items.at(-1), row)
    if (run && last?.kind === 'message') items[lastMessage] = { ...last, key: row.key, row, isLast, deleted: run }
    else lastMessage = items.push({ kind: 'message', key: row.key, row, isFirst, isLast, deleted: deletedWith(undefined, row) }) - 1
  })
  if (!hasNewer) tell(Number.POSITIVE_INFINITY)
  return items
}

/** The run of deleted messages that a row ends; undefined if it is none, or begins one where `before` is given. */
function deletedWith(before: Item | undefined, { text, seq }: Row): MessageItem['deleted'] {
  if (text !== undefined || seq === undefined) return undefined
  if (!before) return { count: 1, from: seq }
  return before.kind === 'message' && before.deleted ? { ...before.deleted, count: before.deleted.count + 1 } : undefined
}

/** Whether an item shows the message with this number. */
export const shows = (item: Item, seq: number): item is MessageItem =>
  item.kind === 'message' && (item.row.seq === seq || (item.deleted !== undefined && item.deleted.from <= seq && seq < item.row.seq!))

const areTogether = (a: Row, b: Row) => a.sender.id === b.sender.id && b.at - a.at < PAUSE_MS && dayOf(a.at) === dayOf(b.at)

const LETTERS_A_LINE = 56

/** About how high it will be, in pixels, until it has been measured. */
export function heightOf(item: Item, isGroup: boolean): number {
  if (item.kind === 'beginning') return 118
  if (item.kind === 'system') return 8 + 24 * Math.min(item.told.length, 4)
  if (item.kind !== 'message') return 44
  const { text = '', attachments } = item.row
  const lines = text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / LETTERS_A_LINE)), 0)
  const name = isGroup && item.isFirst && !item.row.isMine ? 21 : 0
  const files = 16 * heightOfAttachments(attachments)
  return (
    name +
    14 +
    files +
    21.3 * (text === '' && files > 0 ? 0.8 : Math.min(lines, 200)) +
    (item.isFirst ? 10 : 2) +
    (item.row.replyTo ? 50 : 0)
  )
}
