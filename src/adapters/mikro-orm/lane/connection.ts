import type { PgClient, PgPool, Row } from '../database/connect.ts'
import { type PreparedStatements, preparedStatements, type Statement, type Wire } from './round.ts'

/** A connection of a lane's own, opened when it is first needed and again after it was lost. */
export interface LaneConnection {
  /**
   * Sends statements in one go, without waiting in between, and answers the rows of each. After the first that fails none is run:
   * rejects with its error, and then no transaction is left open.
   */
  round(statements: readonly Statement[]): Promise<readonly Row[][]>
  /** The connection was lost, in what rejected last. */
  isLost(): boolean
  abort(): void
  close(): Promise<void>
}

/** `pg` in its pipeline mode, which sends a round without waiting for the one before. */
interface Client extends Wire, Omit<PgClient, 'query'> {
  readonly connection: { readonly stream: { cork(): void; uncork(): void; destroy(): void } }
}
type Opened = { readonly client: Client; readonly statements: PreparedStatements }

/** Named statements keep the plan of the tables they were first run on, which may have been empty: no plan may rest on a scan. */
const SETTINGS = [
  'jit = off',
  'enable_seqscan = off',
  'enable_hashjoin = off',
  'enable_mergejoin = off',
  'plan_cache_mode = force_generic_plan',
  'statement_timeout = 10000',
  'idle_in_transaction_session_timeout = 5000',
  // Less than the second after which Postgres looks for a deadlock: what a transaction of the host's holds is waited for elsewhere.
  'lock_timeout = 250',
]
  .map((setting) => `set ${setting}`)
  .join('; ')

const FAREWELL_MS = 1_000
const ROLLBACK: Statement = { name: 'rollback', text: 'rollback' }

export function laneConnection({ Client, options, names }: PgPool): LaneConnection {
  let opened: Opened | undefined
  let opening: Promise<Opened> | undefined
  let isLost = false

  async function open(): Promise<Opened> {
    const made = new Client({ ...options, password: options.password, pipeline: true })
    const client = made as unknown as Client
    const lose = () => {
      isLost = true
      if (opened?.client === client) opened = undefined
    }
    // Without a listener of its own, a connection that Postgres ends would end the process.
    client.on('error', lose)
    client.on('end', lose)
    await client.connect()
    opened = { client, statements: preparedStatements(client, names) }
    await made.query(SETTINGS)
    return opened
  }
  const openOnce = () => (opening ??= open().finally(() => (opening = undefined)))

  function send({ client, statements }: Opened, round: readonly Statement[]): Promise<Row[][]> {
    const { stream } = client.connection
    stream.cork()
    const answer = statements.run(round)
    stream.uncork()
    return answer
  }

  /** Ends the transaction that may be open, and finds out whether anybody is still there. */
  async function end(): Promise<void> {
    const last = opened
    try {
      if (last) await send(last, [ROLLBACK])
      else isLost = true
    } catch {
      isLost = true
      opened = undefined
      last!.client.connection.stream.destroy()
    }
  }

  return {
    async round(statements) {
      isLost = false
      try {
        return await send(opened ?? (await openOnce()), statements)
      } catch (error) {
        await end()
        throw error
      }
    },
    isLost: () => isLost,
    abort: () => opened?.client.connection.stream.destroy(),
    async close() {
      const client = opened?.client
      opened = undefined
      // On a dead line the answer to a farewell never comes.
      const timer = setTimeout(() => client?.connection.stream.destroy(), FAREWELL_MS)
      await client?.end()
      clearTimeout(timer)
    },
  }
}
