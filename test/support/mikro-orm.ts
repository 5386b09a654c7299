import { randomUUIDv7 } from 'node:crypto'
import { mikroOrmAccounts } from '../../src/adapters/mikro-orm/accounts/ports.ts'
import { mikroOrmChats } from '../../src/adapters/mikro-orm/chats/chats.ts'
import { mikroOrmOwn } from '../../src/adapters/mikro-orm/chats/own.ts'
import { mikroOrmConsents } from '../../src/adapters/mikro-orm/consents/consents.ts'
import { mikroOrmExports } from '../../src/adapters/mikro-orm/consents/exports.ts'
import { mikroOrmReports } from '../../src/adapters/mikro-orm/consents/reports.ts'
import { connect, type Database } from '../../src/adapters/mikro-orm/database/connect.ts'
import { migrate } from '../../src/adapters/mikro-orm/database/migrate.ts'
import { queryOn } from '../../src/adapters/mikro-orm/database/query.ts'
import { mikroOrmFiles } from '../../src/adapters/mikro-orm/files/files.ts'
import { mikroOrmInlets } from '../../src/adapters/mikro-orm/inlets/inlets.ts'
import { type LogOptions, mikroOrmLog } from '../../src/adapters/mikro-orm/log/log.ts'
import { mikroOrmNotices } from '../../src/adapters/mikro-orm/notices/notices.ts'
import { mikroOrmExpiries } from '../../src/adapters/mikro-orm/order/expiries.ts'
import { mikroOrmBans, mikroOrmInvitations } from '../../src/adapters/mikro-orm/order/order.ts'
import { mikroOrmRequests } from '../../src/adapters/mikro-orm/order/requests.ts'
import { mikroOrmKeys } from '../../src/adapters/mikro-orm/people/keys.ts'
import { mikroOrmPeople } from '../../src/adapters/mikro-orm/people/people.ts'
import { mikroOrmSessions } from '../../src/adapters/mikro-orm/people/sessions.ts'
import { mikroOrmReceipts } from '../../src/adapters/mikro-orm/receipts/receipts.ts'
import { mikroOrmConsumers } from '../../src/adapters/mikro-orm/relay/consumers.ts'
import type { AccountsHarness } from '../../src/contracts/store-harness.ts'
import type { ChatEvent } from '../../src/domain/event.ts'
import { freshDatabase } from './databases.ts'
import { type HostTables, hostPostgres, hostSqlite } from './host-tables.ts'

export type OrmStore = AccountsHarness & { close(): Promise<void> }

/** A store over a database that is there, its tables brought up to date. */
export async function openUrl(url: string, options: LogOptions = {}): Promise<OrmStore> {
  const connection = await connect(url)
  await migrate(connection)
  return portsOver(connection, options)
}

/** A store over a database whose tables are up to date. */
export function portsOver(connection: Database, options: LogOptions = {}): OrmStore {
  const announced: (readonly ChatEvent[])[] = []
  const log = mikroOrmLog(connection, (events) => announced.push(events), options)
  const receipts = mikroOrmReceipts(connection)
  return {
    log,
    receipts,
    own: mikroOrmOwn(connection),
    chats: mikroOrmChats(connection),
    people: mikroOrmPeople(connection),
    sessions: mikroOrmSessions(connection),
    consumers: mikroOrmConsumers(connection),
    consents: mikroOrmConsents(connection),
    reports: mikroOrmReports(connection),
    exports: mikroOrmExports(connection),
    notices: mikroOrmNotices(connection),
    inlets: mikroOrmInlets(connection),
    bans: mikroOrmBans(connection),
    invitations: mikroOrmInvitations(connection),
    expiries: mikroOrmExpiries(connection),
    requests: mikroOrmRequests(connection),
    keys: mikroOrmKeys(connection),
    files: mikroOrmFiles(connection),
    ...mikroOrmAccounts(connection),
    newId: randomUUIDv7,
    announced,
    async appendUnknown({ chatId, seq, at, actorId, kind }) {
      const { change } = queryOn(connection)
      await change('insert into {events} (chat_id, seq, type, actor_id, at, payload) values ($1, $2, $3, $4, $5, $6)', [
        chatId,
        seq,
        kind,
        actorId,
        at,
        '{"of":"tomorrow","people":[1,null]}',
      ])
      await change('update {chats} set head_seq = $2, head_at = $3 where id = $1', [chatId, seq, at])
    },
    async close() {
      await Promise.all([log.close(), receipts.close()])
      await connection.close()
    },
  }
}

/**
 * A store in the database of a program that has tables called as the store's are: with columns of its own, so that a statement which meets
 * them fails. `close` looks whether they are as they were.
 */
export async function openBeside(kind: 'sqlite' | 'postgres', options: LogOptions = {}): Promise<OrmStore & { readonly host: HostTables }> {
  const host = await (kind === 'sqlite' ? hostSqlite() : hostPostgres())
  const connection = await connect(host.database)
  await migrate(connection)
  const store = portsOver(connection, options)
  const close = async () => {
    await store.close()
    await host.close()
  }
  return { ...store, close, host }
}

export const openSqlite = (): Promise<OrmStore> => openUrl('sqlite::memory:')

/** On a database of its own, which goes with it. */
export async function openPostgres(options: LogOptions = {}): Promise<OrmStore & { readonly url: string }> {
  const { url, drop } = await freshDatabase()
  const store = await openUrl(url, options)
  const close = async () => {
    await store.close()
    await drop()
  }
  return { ...store, url, close }
}
