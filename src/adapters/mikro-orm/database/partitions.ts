import type { PostgresDatabase, Row } from './connect.ts'
import type { Names } from './drivers.ts'

/** The tables that grow with every message. */
const LARGE = ['messages', 'events', 'marks'] as const
export const [LEAST_PARTITIONS, MOST_PARTITIONS] = [2, 1_024]

/** A table that is divided stays so. */
export const isDividedOtherwise = (error: unknown): error is Error => (error as { readonly code?: unknown }).code === DIVIDED
const DIVIDED = 'divided-otherwise'

type Run = (text: string) => Promise<readonly Row[]>

/**
 * Divides the large tables into so many partitions by the hash of `chat_id`, each of which Postgres keeps, indexes and cleans by itself.
 * Rows are copied, and nobody reads or writes meanwhile. Everything or nothing is done. Returns the tables that were divided.
 *
 * @throws what `isDividedOtherwise` knows, if a table has another number of partitions already.
 */
export async function divide({ pool }: PostgresDatabase, partitions: number): Promise<readonly string[]> {
  if (!Number.isInteger(partitions) || partitions < LEAST_PARTITIONS || partitions > MOST_PARTITIONS)
    throw new RangeError(`${partitions} is no number of partitions: from ${LEAST_PARTITIONS} to ${MOST_PARTITIONS}`)
  const client = await pool.connect()
  const run: Run = async (text) => ((await client.query(text)) as { readonly rows: readonly Row[] }).rows
  let isBroken = true
  try {
    await run('begin; set local statement_timeout = 0; set local lock_timeout = 0; set local idle_in_transaction_session_timeout = 0')
    const divided: string[] = []
    for (const table of LARGE) if (await divideTable(run, pool.names, table, partitions)) divided.push(table)
    await run('commit')
    isBroken = false
    return divided
  } finally {
    client.release(isBroken)
  }
}

async function divideTable(run: Run, names: Names, table: (typeof LARGE)[number], partitions: number): Promise<boolean> {
  const [{ kind, count } = {}] = await run(
    `select relkind as kind, (select count(*)::int from pg_inherits where inhparent = c.oid) as count from pg_class c where oid = '{${table}}'::regclass`,
  )
  if (kind === 'p') {
    if (count !== partitions)
      throw Object.assign(new Error(`${table} has ${count as number} partitions already, and cannot have ${partitions}`), { code: DIVIDED })
    return false
  }
  await run(`lock table {${table}} in access exclusive mode`)
  const made = await madeFor(run, table)
  const old = `{${table}_undivided}`
  await run(`alter table {${table}} rename to ${names(old).split('.').at(-1)}`)
  await run(`create table {${table}} (like ${old} including defaults including storage) partition by hash (chat_id)`)
  for (let i = 0; i < partitions; i++)
    await run(`create table {${table}_${i}} partition of {${table}} for values with (modulus ${partitions}, remainder ${i})`)
  await run(`insert into {${table}} select * from ${old}`)
  await run(`drop table ${old}`)
  for (const statement of made) await run(statement)
  await run(`analyze {${table}}`)
  return true
}

/** The statements that make the constraints, indexes and triggers of a table. */
async function madeFor(run: Run, table: string): Promise<readonly string[]> {
  const of = `'{${table}}'::regclass`
  const rows = await run(
    `select 0 as place, 'alter table {${table}} add constraint ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid) as text
       from pg_constraint where conrelid = ${of} and contype in ('p', 'u', 'c')
     union all select 1, pg_get_indexdef(indexrelid) from pg_index i where indrelid = ${of}
       and not exists (select 1 from pg_constraint where conindid = i.indexrelid)
     union all select 2, pg_get_triggerdef(oid) from pg_trigger where tgrelid = ${of} and not tgisinternal order by place`,
  )
  // What is unique in all partitions holds what divides them.
  return rows.map(({ text }) => (text as string).replace('PRIMARY KEY (id)', 'PRIMARY KEY (id, chat_id)'))
}
