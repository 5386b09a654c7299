import type { PgQuery, PostgresDatabase, SqliteHandle } from '../../../src/adapters/mikro-orm/database/connect.ts'

/** What reading costs, in a unit that does not depend on the machine or its load. */
export interface Cost {
  /** Pages that Postgres touched, in all statements of a read. */
  readonly buffers: number
  readonly statements: readonly string[]
}

/**
 * Runs a read and counts the pages that each of its statements touches, by running them again as `execute` of a prepared statement: with the
 * generic plan and the settings that they are run with.
 */
export async function buffersOf({ pool, apart }: PostgresDatabase, read: () => Promise<unknown>): Promise<Cost> {
  const asked: PgQuery[] = []
  const overheard = [pool, apart.pool].map((one) => overhear(one, asked))
  await read().finally(() => {
    for (const stop of overheard) stop()
  })
  const client = await pool.connect()
  try {
    let buffers = 0
    const statements: string[] = []
    for (const { text, values = [] } of asked.filter(({ text }) => /^\s*(select|with)/i.test(text))) {
      await client.query(`prepare counted as ${text}`)
      const { rows } = await client.query(
        `explain (analyze, buffers, format json) execute counted${values.length > 0 ? `(${values.map(literal).join(', ')})` : ''}`,
      )
      await client.query('deallocate counted')
      const [{ Plan: plan }] = rows[0]!['QUERY PLAN'] as [{ Plan: Record<string, number> }]
      const here = plan['Shared Hit Blocks']! + plan['Shared Read Blocks']!
      buffers += here
      statements.push(`${here}: ${text.replace(/\s+/g, ' ').slice(0, 160)}`)
    }
    return { buffers, statements }
  } finally {
    client.release()
  }
}

/** Notes every query of a pool until it is told to stop. */
function overhear(pool: PostgresDatabase['pool'], asked: PgQuery[]): () => void {
  const query = pool.query
  Object.assign(pool, {
    query: (one: PgQuery | string) => {
      if (typeof one !== 'string') asked.push(one)
      return query.call(pool, one)
    },
  })
  return () => void Object.assign(pool, { query })
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'number') return String(value)
  const text = Array.isArray(value) ? `{${value.map((item) => JSON.stringify(String(item))).join()}}` : (value as string)
  return `'${text.replaceAll("'", "''")}'`
}

/** The longest that a single statement holds the thread, in steps of a loop in SQLite: processors differ, and others use them too. */
export interface Holding {
  longest(read: () => Promise<unknown>): Promise<{ readonly held: number; readonly statement: string }>
}

const STEPS = 20_000
const LOOP = `with recursive s (n) as (select 1 union all select n + 1 from s where n < ${STEPS}) select sum(n) from s`

/** To be called before anything is prepared on a handle. */
export function holdingOf(handle: SqliteHandle): Holding {
  const prepare = handle.prepare.bind(handle)
  let held = 0
  let statement = ''
  Object.assign(handle, {
    prepare(text: string) {
      const prepared = prepare(text)
      for (const way of ['all', 'run'] as const) {
        const run = (prepared[way] as (...given: unknown[]) => unknown).bind(prepared)
        Object.assign(prepared, {
          [way]: (...given: unknown[]) => {
            const start = performance.now()
            try {
              return run(...given)
            } finally {
              const took = performance.now() - start
              if (took > held) [held, statement] = [took, text]
            }
          },
        })
      }
      return prepared
    },
  })
  const loop = prepare(LOOP)
  return {
    /** The least of three tries, each beside a loop of its own, counts: others may have had the processor in between. */
    async longest(read) {
      let best: { held: number; statement: string } | undefined
      for (let i = 0; i < 3; i++) {
        const start = performance.now()
        loop.all()
        const stepMs = (performance.now() - start) / STEPS
        held = 0
        await read()
        const here = { held: held / stepMs, statement: `${held.toFixed(1)} ms: ${statement.replace(/\s+/g, ' ').slice(0, 160)}` }
        if (!best || here.held < best.held) best = here
      }
      return best!
    },
  }
}
