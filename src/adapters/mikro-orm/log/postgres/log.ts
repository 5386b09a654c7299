import type { PgPool, Row } from '../../database/connect.ts'
import { laneConnection } from '../../lane/connection.ts'
import type { Store, Waiting } from '../../lane/lane.ts'
import type { Statement } from '../../lane/round.ts'
import { type Call, type Decided, decideAll, gather } from '../batch.ts'
import { writesOf } from '../writes.ts'
import { loneSends } from './alone.ts'
import { writing } from './changes.ts'
import { loading } from './loading.ts'
import { settle } from './settling.ts'
import { COMMIT, HEAD_MOVED, ROLLBACK } from './statements.ts'

type LogCall = Call & Waiting

interface Attempt extends Decided {
  readonly calls: readonly LogCall[]
}

const CONFLICTS = new Set(['23505', '40001', '40P01', HEAD_MOVED])

/** One lane: a batch is one transaction in two round trips. `done` receives what was committed, and answers the calls. */
export function postgresStore(
  pool: PgPool,
  take: Store<LogCall>['take'],
  done: (calls: readonly LogCall[], decided: Decided) => LogCall[],
): Store<LogCall> {
  const connection = laneConnection(pool)
  /** It may have been committed: the connection was lost before the answer. */
  let doubt: Attempt | undefined

  const lone = loneSends<LogCall>({
    read: async (statement) => (await connection.round([statement]))[0]!,
    write: async (statement, attempt) => (await write([statement], attempt))[0]!,
  })

  async function commit(batch: readonly LogCall[]): Promise<readonly LogCall[]> {
    if (!doubt) return run(batch)
    const verdict = await settle(connection, doubt.changed).catch((error: unknown) => {
      if (!connection.isLost()) doubt = undefined
      throw error
    })
    if (verdict === 'committed') {
      const { calls, ...decided } = doubt
      doubt = undefined
      return [...done(calls, decided), ...batch.filter((call) => !call.isOver && !calls.includes(call))]
    }
    if (verdict === 'failed') doubt = undefined
    return run(batch)
  }

  async function run(calls: readonly LogCall[]): Promise<readonly LogCall[]> {
    const decided = (await lone.run(calls)) ?? (await runTogether(calls))
    doubt = undefined
    return done(calls, decided)
  }

  async function runTogether(calls: readonly LogCall[]): Promise<Decided> {
    const wanted = gather(calls)
    const { statements, keep } = loading(wanted)
    keep(await connection.round(statements))
    const decided = decideAll(wanted, calls)
    const writes = writing(writesOf(decided.changed))
    if (writes.length === 0) await connection.round([ROLLBACK])
    else await write([...writes, COMMIT], { ...decided, calls })
    lone.forget(decided.changed)
    return decided
  }

  async function write(statements: readonly Statement[], attempt: Attempt): Promise<readonly Row[][]> {
    try {
      return await connection.round(statements)
    } catch (error) {
      if (connection.isLost()) doubt = attempt
      throw error
    }
  }

  return {
    take,
    commit,
    trouble: (error) => (connection.isLost() ? 'away' : CONFLICTS.has((error as { code: string }).code) ? 'conflict' : 'other'),
    abort: connection.abort,
    close: connection.close,
  }
}
