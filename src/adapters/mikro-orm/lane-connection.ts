import type { PgClient, PgPool, PgResult, Row } from './connect.ts'

export interface Statement {
  /** Of a prepared statement: always the same for the same text. */
  readonly name?: string
  readonly text: string
  readonly values?: readonly unknown[]
}

/** A connection of a lane's own, opened when it is first needed and again after it was lost. */
export interface LaneConnection {
  /**
   * Sends statements in one go, without waiting in between, and answers the rows of each. Rejects with the first error after all of them
   * have been answered, and then no transaction is left open.
   */
  round(statements: readonly Statement[]): Promise<readonly Row[][]>
  /** The connection was lost, in what rejected last. */
  isLost(): boolean
  abort(): void
  close(): Promise<void>
}

type Answer = (error: Error | null | undefined, result: PgResult) => void
/** `pg` in its pipeline mode, where every statement ends with a `Sync` of its own: an error never spoils the answers of others. */
interface Pipelined extends Omit<PgClient, 'query'> {
  query(statement: Statement, values: undefined, answer: Answer): void
  readonly connection: { readonly stream: { cork(): void; uncork(): void; destroy(): void } }
}

/** Named statements keep the plan of the tables they were first run on, which may have been empty: no plan may rest on a scan. */
const SETTINGS = [
  'jit = off',
  'enable_seqscan = off',
  'enable_hashjoin = off',
  'enable_mergejoin = off',
  'plan_cache_mode = force_generic_plan',
  'statement_timeout = 30000',
  'idle_in_transaction_session_timeout = 5000',
]
  .map((setting) => `set ${setting}`)
  .join('; ')

export function laneConnection({ Client, options }: PgPool): LaneConnection {
  let client: Pipelined | undefined
  let isLost = false

  async function connect(): Promise<Pipelined> {
    const fresh = new Client({ ...options, password: options.password, pipeline: true }) as unknown as Pipelined
    const lose = () => {
      isLost = true
      if (client === fresh) client = undefined
    }
    // Without a listener of its own, a connection that Postgres ends would end the process.
    fresh.on('error', lose)
    fresh.on('end', lose)
    await fresh.connect()
    client = fresh
    await send(fresh, [{ text: SETTINGS }])
    return fresh
  }

  /** Ends the transaction that may be open, and finds out whether anybody is still there. */
  async function end(): Promise<void> {
    const last = client
    try {
      if (last) await send(last, [{ text: 'rollback' }])
      else isLost = true
    } catch {
      isLost = true
      client = undefined
      last!.connection.stream.destroy()
    }
  }

  return {
    async round(statements) {
      isLost = false
      try {
        return await send(client ?? (await connect()), statements)
      } catch (error) {
        await end()
        throw error
      }
    },
    isLost: () => isLost,
    abort: () => client?.connection.stream.destroy(),
    async close() {
      const last = client
      client = undefined
      await last?.end()
    },
  }
}

function send(client: Pipelined, statements: readonly Statement[]): Promise<Row[][]> {
  return new Promise((resolve, reject) => {
    const rows: Row[][] = []
    let failure: Error | undefined
    let left = statements.length
    const { stream } = client.connection
    stream.cork()
    for (const [i, statement] of statements.entries())
      client.query(statement, undefined, (error, result) => {
        if (error) failure ??= error
        else rows[i] = result.rows
        if (--left > 0) return
        if (failure) reject(failure)
        else resolve(rows)
      })
    stream.uncork()
  })
}
