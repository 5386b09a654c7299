import { writeSync } from 'node:fs'
import { driversOf } from '../drivers.ts'

type Method = (this: { readonly source?: string }, ...given: unknown[]) => unknown
type Methods = Record<string, Method>

/** A statement that is not counted says so. */
export const UNCOUNTED = '/* not counted */'

export interface Statements {
  /** The first statement that is counted, unless `begins` is called before. */
  readonly from: RegExp | undefined
  /** The process stands still at the statement with this number: half of all before they run it, half when they have. Undefined: never. */
  readonly at: number | undefined
  /** Another text in place of that of a statement. */
  readonly rewritten: (text: string) => string
}

/** Tells the parent process something at once, whatever happens next. */
export const tell = (line: string): void => void writeSync(1, `${line}\n`)

/** The process does nothing more, nor does it let go of anything: it is there to be killed. */
function standStill(): void {
  tell('here')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

/** Counts the statements of both drivers, in transactions or not, and stands still in the middle of one. */
export function countStatements({ from, at = Number.POSITIVE_INFINITY, rewritten }: Statements): { begins(): void } {
  let count = -1
  const counted = (text: string | undefined, run: () => unknown): unknown => {
    if (text?.includes(UNCOUNTED)) return run()
    if (count < 0 && text !== undefined && from?.test(text)) count = 0
    const isIt = count >= 0 && ++count === at
    if (isIt && at % 2 === 0) standStill()
    const answer = run()
    if (isIt) standStill()
    return answer
  }

  const Sqlite = driversOf('@mikro-orm/sqlite')('better-sqlite3') as {
    readonly prototype: { prepare(text: string): object }
    new (file: string): { prepare(text: string): object; close(): void }
  }
  const sqlite = new Sqlite(':memory:')
  const statement = Object.getPrototypeOf(sqlite.prepare('select 1')) as Methods
  for (const name of ['run', 'all', 'get', 'iterate']) {
    const method = statement[name]!
    statement[name] = function (...given) {
      return counted(this.source, () => method.apply(this, given))
    }
  }
  sqlite.close()
  const { prepare } = Sqlite.prototype
  Sqlite.prototype.prepare = function (text) {
    return prepare.call(this, rewritten(text))
  }

  const { Client } = driversOf('@mikro-orm/postgresql')('pg') as { readonly Client: { readonly prototype: Methods } }
  const query = Client.prototype.query!
  Client.prototype.query = function (first, ...others) {
    const text = typeof first === 'string' ? first : (first as { readonly text?: string }).text
    const changed =
      text === undefined ? first : typeof first === 'string' ? rewritten(text) : Object.assign(first as object, { text: rewritten(text) })
    return counted(text, () => query.call(this, changed, ...others))
  }
  return { begins: () => void (count = Math.max(count, 0)) }
}
