import { readdirSync, readFileSync } from 'node:fs'
import { sql } from '../../test/support/sql.ts'

/** Linux counts processor time in hundredths of a second. */
const TICK_US = 10_000

/** Microseconds of processor time that all processes of a Postgres have used; undefined where there is no `/proc` to tell. */
export type PostgresCpu = () => number | undefined

export async function postgresCpu(url: string): Promise<PostgresCpu> {
  const [row] = await sql(url, "select pid from pg_stat_activity where backend_type = 'checkpointer'")
  // The server is the parent of all. Those that have ended are counted with it.
  const server = statOf(String(row!.pid))?.parent
  if (server === undefined) return () => undefined
  return () => {
    let ticks = 0
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue
      const stat = statOf(pid)
      if (stat?.parent === server) ticks += stat.own
      else if (pid === server) ticks += stat!.own + stat!.ofChildren
    }
    return ticks * TICK_US
  }
}

/** The fields of proc(5) that follow the name, which may hold blanks and brackets. */
function statOf(pid: string): { parent: string; own: number; ofChildren: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const [user, system, childUser, childSystem] = fields.slice(11, 15).map(Number) as [number, number, number, number]
    return { parent: fields[1]!, own: user + system, ofChildren: childUser + childSystem }
  } catch {
    return undefined
  }
}
