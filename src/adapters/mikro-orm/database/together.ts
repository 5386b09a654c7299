import { numbered, type Statement } from './built.ts'
import type { Database } from './connect.ts'
import { preparing } from './preparing.ts'
import { isLost, type Parameter, patiently, unavailable } from './query.ts'

type Text = readonly [text: string, parameters: readonly Parameter[]]
/** A statement of the builder, or a text with `$1`, `$2` …. */
export type InTransaction = Statement | Text

/**
 * Runs statements in one transaction and returns how many rows the first of them changed. If that is none, the others are not run. For calls
 * whose speed does not matter.
 */
export function togetherOn(database: Database): (statements: readonly InTransaction[]) => Promise<number> {
  return (statements) => {
    const texts = statements.map((statement): Text => ('toQuery' in statement ? numbered(statement.toQuery()) : statement))
    return database.dialect === 'sqlite' ? onSqlite(database.handle, texts) : onPostgres(database.pool, texts)
  }
}

function onSqlite(handle: Parameters<typeof preparing>[0], texts: readonly Text[]): Promise<number> {
  const { inTransaction, write } = preparing(handle)
  const run = ([text, parameters]: Text) => write(text, Object.fromEntries(parameters.map((value, i) => [i + 1, asValue(value)])))
  return patiently(() =>
    inTransaction(() => {
      const [first, ...others] = texts
      const changed = run(first!)
      if (changed > 0) for (const other of others) run(other)
      return changed
    }),
  )
}

const asValue = (value: Parameter) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value)

/** Clients that report the loss of their connection to nobody: the statement that meets it fails. */
const quiet = new WeakSet<object>()

async function onPostgres(pool: Extract<Database, { dialect: 'postgres' }>['pool'], texts: readonly Text[]): Promise<number> {
  const client = await pool.connect().catch(unavailable)
  if (!quiet.has(client)) client.on('error', () => {})
  quiet.add(client)
  let isBroken = false
  const run = async ([text, values]: Text) => (await client.query({ text, values })).rowCount ?? 0
  try {
    await client.query('begin')
    const [first, ...others] = texts
    const changed = await run(first!)
    if (changed > 0) for (const other of others) await run(other)
    await client.query('commit')
    return changed
  } catch (error) {
    isBroken = isLost(error)
    if (!isBroken) await client.query('rollback')
    return unavailable(error)
  } finally {
    client.release(isBroken)
  }
}
