import type { PgPool, Row } from '../../database/connect.ts'
import { type LaneConnection, laneConnection } from '../../lane/connection.ts'
import type { Store, Waiting } from '../../lane/lane.ts'
import type { Statement } from '../../lane/round.ts'
import { type Call, type Decided, decideAll, gather } from '../batch.ts'
import { writesOf } from '../writes.ts'
import { loneSends } from './alone.ts'
import { writing } from './changes.ts'
import { besideHeld, parted } from './held.ts'
import { loading, type Mode } from './loading.ts'
import { settle } from './settling.ts'
import { COMMIT, HASTE, HEAD_MOVED, ROLLBACK } from './statements.ts'

type LogCall = Call & Waiting

interface Attempt extends Decided {
  readonly calls: readonly LogCall[]
}

interface Ran {
  readonly calls: readonly LogCall[]
  readonly decided: Decided
}

const CONFLICTS = new Set(['23505', '40001', '40P01', HEAD_MOVED])
/** A lock was not to be had in time. */
const HELD = '55P03'
const codeOf = (error: unknown): string => (error as { readonly code?: string }).code ?? ''

/** Writes batches, and finds out what became of one of which nobody knows: the connection was lost before the answer. */
function doubting(connection: LaneConnection, isHeld: (error: unknown) => boolean) {
  let doubt: Attempt | undefined
  return {
    clear: () => void (doubt = undefined),
    async write(statements: readonly Statement[], attempt: Attempt): Promise<readonly Row[][]> {
      try {
        return await connection.round(statements)
      } catch (error) {
        if (connection.isLost()) doubt = attempt
        throw error
      }
    },
    /** The batch in doubt, if it was committed. */
    async settled(): Promise<Attempt | undefined> {
      if (!doubt) return undefined
      const verdict = await settle(connection, doubt.changed).catch((error: unknown) => {
        // Somebody who holds a chat says nothing of the batch: it is asked again later.
        if (!connection.isLost() && !isHeld(error)) doubt = undefined
        throw error
      })
      const attempt = doubt
      if (verdict !== 'unknown') doubt = undefined
      return verdict === 'committed' ? attempt : undefined
    },
  }
}

/** Begins a transaction, locks the chats that the calls name, and reads what they want. */
async function readTogether(
  { round }: LaneConnection,
  calls: readonly LogCall[],
  { mode, before }: { readonly mode: Mode; readonly before: readonly Statement[] },
) {
  const wanted = gather(calls)
  const { statements, keep } = loading(wanted, mode)
  const [begin, ...others] = statements
  const [begun, ...answers] = await round([begin!, ...before, ...others])
  return { wanted, passedOver: keep([begun!, ...answers.slice(before.length)]) }
}

/** One lane: a batch is one transaction in two round trips. `done` receives what was committed, and answers the calls. */
export function postgresStore(
  pool: PgPool,
  take: Store<LogCall>['take'],
  done: (calls: readonly LogCall[], decided: Decided) => LogCall[],
): Store<LogCall> {
  const connection = laneConnection(pool)
  const isHeld = (error: unknown): boolean => !connection.isLost() && codeOf(error) === HELD
  const doubt = doubting(connection, isHeld)
  const held = besideHeld({
    isHeld,
    patiently: (calls) => run(calls),
    skipping: (calls, isHasty) => runTogether(calls, 'skipping', isHasty ? [HASTE] : []).then(answer),
  })

  const lone = loneSends<LogCall>({
    read: async (statement) => (await connection.round([statement]))[0]!,
    write: async (statement, attempt) => (await doubt.write([statement], attempt))[0]!,
  })

  async function commit(batch: readonly LogCall[]): Promise<readonly LogCall[]> {
    const committed = await doubt.settled()
    if (!committed) return held.admit(batch)
    const { calls, ...decided } = committed
    return [...done(calls, decided), ...batch.filter((call) => !call.isOver && !calls.includes(call))]
  }

  async function run(calls: readonly LogCall[]): Promise<readonly LogCall[]> {
    const decided = await lone.run(calls)
    return answer(decided ? { calls, decided } : await runTogether(calls, 'patient'))
  }

  function answer({ calls, decided }: Ran): readonly LogCall[] {
    doubt.clear()
    return done(calls, decided)
  }

  async function runTogether(given: readonly LogCall[], mode: Mode, before: readonly Statement[] = []): Promise<Ran> {
    const { wanted, passedOver } = await readTogether(connection, given, { mode, before })
    const [waiting, calls] = parted(given, ({ scope }) => passedOver.has(scope.chat))
    held.aside(waiting)
    const decided = decideAll(wanted, calls)
    const writes = writing(writesOf(decided.changed))
    if (writes.length === 0) await connection.round([ROLLBACK])
    else await doubt.write([...writes, COMMIT], { ...decided, calls })
    lone.forget(decided.changed)
    return { calls, decided }
  }

  return {
    take,
    commit,
    trouble: (error) => (connection.isLost() ? 'away' : isHeld(error) ? 'busy' : CONFLICTS.has(codeOf(error)) ? 'conflict' : 'other'),
    abort: connection.abort,
    attach: held.attach,
    async close() {
      held.close()
      await connection.close()
    },
  }
}
