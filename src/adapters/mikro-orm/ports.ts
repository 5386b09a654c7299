import type { OnCommit } from '../../application/ports/log.ts'
import { mikroOrmAccounts } from './accounts/ports.ts'
import { mikroOrmChats } from './chats/chats.ts'
import { mikroOrmOwn } from './chats/own.ts'
import { mikroOrmConsents } from './consents/consents.ts'
import { mikroOrmExports } from './consents/exports.ts'
import { mikroOrmReports } from './consents/reports.ts'
import { mikroOrmCommits } from './database/commits.ts'
import { connect, type Database } from './database/connect.ts'
import type { Place } from './database/drivers.ts'
import type { HostDatabase } from './database/host.ts'
import { migrate } from './database/migrate.ts'
import { mikroOrmFiles } from './files/files.ts'
import { mikroOrmInlets } from './inlets/inlets.ts'
import { mikroOrmLog } from './log/log.ts'
import { mikroOrmNotices } from './notices/notices.ts'
import { mikroOrmExpiries } from './order/expiries.ts'
import { mikroOrmBans, mikroOrmInvitations } from './order/order.ts'
import { mikroOrmRequests } from './order/requests.ts'
import { mikroOrmKeys } from './people/keys.ts'
import { mikroOrmPeople } from './people/people.ts'
import { mikroOrmSessions } from './people/sessions.ts'
import { mikroOrmReceipts } from './receipts/receipts.ts'
import { mikroOrmConsumers } from './relay/consumers.ts'
import { watching } from './within/watching.ts'
import { mikroOrmWithin } from './within/within.ts'

type Warn = (message: string) => void

/** The store ports over one connection whose tables are up to date. `onCommit` hears of what commits. */
export function mikroOrmPorts(database: Database, onCommit: OnCommit, warn: Warn = () => {}) {
  const log = mikroOrmLog(database, onCommit, { warn })
  const receipts = mikroOrmReceipts(database, { warn })
  const watch = watching(database, log.read, onCommit)
  const close = async () => {
    watch.close()
    await Promise.all([log.close(), receipts.close()])
  }
  return {
    log,
    receipts,
    own: mikroOrmOwn(database),
    chats: mikroOrmChats(database),
    people: mikroOrmPeople(database),
    sessions: mikroOrmSessions(database),
    consumers: mikroOrmConsumers(database),
    consents: mikroOrmConsents(database),
    reports: mikroOrmReports(database),
    exports: mikroOrmExports(database),
    notices: mikroOrmNotices(database),
    inlets: mikroOrmInlets(database),
    bans: mikroOrmBans(database),
    invitations: mikroOrmInvitations(database),
    expiries: mikroOrmExpiries(database),
    requests: mikroOrmRequests(database),
    keys: mikroOrmKeys(database),
    files: mikroOrmFiles(database),
    commits: mikroOrmCommits(database),
    ...mikroOrmAccounts(database),
    waiting: log.waiting,
    within: mikroOrmWithin(database, log, watch),
    close,
  }
}

/**
 * A store in a database, for `embed` and `openChat`: `sqlite:FILE`, `sqlite::memory:`, `postgres://…`, or the database that your program
 * uses already: a pool of `pg`, a MikroORM, a handle of `better-sqlite3`. Then the tables are in the schema `windi_chat`, or their names
 * begin with `windi_`. The tables are made or brought up to date.
 *
 * @example
 * const chat = embed(await database('sqlite:chat.db'))
 */
export async function database(source: string | HostDatabase, { warn = () => {}, ...place }: { readonly warn?: Warn } & Place = {}) {
  const database = await connect(source, { warn, ...place })
  await migrate(database)
  const open = (onCommit: OnCommit) => {
    const ports = mikroOrmPorts(database, onCommit, warn)
    const close = async () => {
      await ports.close()
      await database.close()
    }
    return { ...ports, close }
  }
  return Object.assign(open, { connection: database })
}
