import type { Commits } from '../../../application/ports/commits.ts'
import type { Database } from './connect.ts'
import { queryOn } from './query.ts'

/** Which transactions have ended: from shared memory, without a page. It has those of other databases of the same server, too. */
const POSTGRES = 'select pg_current_snapshot()::text as stamp'

/** What other connections have committed, in the words of https://www.sqlite.org/pragma.html#pragma_data_version, and what this one has changed. */
const SQLITE = "select data_version || '.' || total_changes() as stamp from pragma_data_version"

/** A transaction that is open is no commit yet: it is one when it ends. */
export function mikroOrmCommits(database: Database): Commits {
  const query = queryOn(database)
  const text = database.dialect === 'postgres' ? POSTGRES : SQLITE
  return { stamp: async () => (await query(text, []))[0]!.stamp as string }
}
