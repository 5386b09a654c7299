import { messageAt, messagesIn, type Span, type Timeline } from '../../copy/timeline.ts'
import type { RowMaker } from '../../outbox/rows.ts'
import type { Message, Row } from '../../types.ts'

interface Shown {
  readonly from: number
  readonly isLive: boolean
  readonly readByOthers: number | undefined
  readonly rows: readonly Row[]
}

const nothing: Shown = { from: 0, isLive: false, readByOthers: undefined, rows: [] }

/**
 * The rows of the messages of a window. Only what has changed since the last call is made again: the cost of an event does not grow
 * with the length of the window, but for one copy of the array.
 */
export function windowRows(timeline: Timeline, maker: RowMaker) {
  let shown = nothing

  const rowOf = (message: Message, readByOthers: number | undefined) => maker.ofMessage(message, readByOthers)

  function rebuilt(span: Span, readByOthers: number | undefined): readonly Row[] {
    return messagesIn(timeline, span).map((message) => rowOf(message, readByOthers))
  }

  /** Places of the user's own rows whose state depends on the read positions between. */
  function* readBetween(rows: readonly Row[], from: number | undefined, to: number | undefined): Generator<number> {
    if (from === to) return
    const [low, high] = [Math.min(from ?? 0, to ?? 0), Math.max(from ?? 0, to ?? 0)]
    for (let i = placeOf(rows, low + 1); i < rows.length && rows[i]!.seq! <= high; i++) if (rows[i]!.isMine) yield rows[i]!.seq!
  }

  /** New rows at the end are appended in one copy of exactly the right size: growing a copied array costs several times that. */
  function patched(seqs: Iterable<number>, { from, isLive }: Pick<Shown, 'from' | 'isLive'>, to: number, readByOthers: number | undefined) {
    const last = shown.rows.at(-1)?.seq ?? 0
    const appended: Row[] = []
    let rows: Row[] | undefined
    for (const seq of seqs) {
      const message = messageAt(timeline, seq)
      if (!message || seq < from || (!isLive && seq > to)) continue
      const row = rowOf(message, readByOthers)
      if (seq > last) {
        appended.push(row)
        continue
      }
      rows ??= shown.rows.slice()
      const i = placeOf(rows, seq)
      rows.splice(i, rows[i]?.seq === seq ? 1 : 0, row)
    }
    if (appended.length === 0) return rows ?? shown.rows
    return (rows ?? shown.rows).concat(appended.sort((a, b) => a.seq! - b.seq!))
  }

  return (span: Span | undefined, isLive: boolean, readByOthers: number | undefined): readonly Row[] => {
    const { changes } = timeline
    if (!span) shown = nothing
    else {
      const isSame = shown !== nothing && !changes.isWhole && shown.from === span.from && shown.isLive === isLive
      const seqs = isSame ? [...changes.seqs, ...readBetween(shown.rows, shown.readByOthers, readByOthers)] : []
      const { from, to } = span
      const rows = isSame ? patched(seqs, { from, isLive }, to, readByOthers) : rebuilt(span, readByOthers)
      shown = { from, isLive, readByOthers, rows }
    }
    changes.isWhole = false
    changes.seqs.clear()
    return shown.rows
  }
}

/** The index of the row with this `seq`, or of the first one after it. */
export function placeOf(rows: readonly Row[], seq: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (rows[middle]!.seq! < seq) low = middle + 1
    else high = middle
  }
  return low
}
