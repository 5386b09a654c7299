import type { Cells } from './columns.ts'
import type { Row, SqliteHandle, Statement } from './connect.ts'

/** Statements of a SQLite handle, each prepared once, and transactions that begin and end within one turn of the event loop. */
export function preparing(handle: SqliteHandle) {
  const prepared = new Map<string, Statement>()
  const prepare = (text: string): Statement => {
    let statement = prepared.get(text)
    if (!statement) prepared.set(text, (statement = handle.prepare(text)))
    return statement
  }
  return {
    rows: (text: string, cells: Cells): Row[] => prepare(text).all(cells),
    write: (text: string, cells: Cells): number => prepare(text).run(cells).changes,
    inTransaction: <T>(work: () => T): T => inTransaction(handle, work),
  }
}

/** Runs a transaction within one turn of the event loop. */
export function inTransaction<T>(handle: SqliteHandle, work: () => T): T {
  if (handle.inTransaction) throw Object.assign(new Error(OCCUPIED), { code: 'SQLITE_BUSY' })
  handle.exec('begin immediate')
  try {
    const result = work()
    handle.exec('commit')
    return result
  } catch (error) {
    if (handle.inTransaction) handle.exec('rollback')
    throw error
  }
}

/** A transaction of this process that takes longer than a turn has the handle. */
const OCCUPIED = 'another transaction has the handle'

/** What a failed transaction means for the lane: `busy` while another process, or a longer transaction of this one, writes. */
export function sqliteTrouble(error: unknown): 'conflict' | 'busy' | 'other' {
  const { code = '', message } = error as { readonly code?: string; readonly message?: string }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED') || message === OCCUPIED) return 'busy'
  return code.startsWith('SQLITE_CONSTRAINT') ? 'conflict' : 'other'
}
