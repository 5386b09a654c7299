import type { Announce } from '../../application/ports/log.ts'
import { mikroOrmChats } from './chats/chats.ts'
import { type Connection, connect } from './database/connect.ts'
import { migrate } from './database/migrate.ts'
import { mikroOrmLog } from './log/log.ts'
import { mikroOrmPeople } from './people/people.ts'
import { mikroOrmSessions } from './people/sessions.ts'
import { mikroOrmReceipts } from './receipts/receipts.ts'

type Warn = (message: string) => void

/** The store ports over one connection whose tables are up to date. `announce` hears of what commits. */
export function mikroOrmPorts(connection: Connection, announce: Announce, warn: Warn = () => {}) {
  const log = mikroOrmLog(connection, announce, { warn })
  const receipts = mikroOrmReceipts(connection, { warn })
  const close = async () => {
    await Promise.all([log.close(), receipts.close()])
  }
  return {
    log,
    receipts,
    chats: mikroOrmChats(connection),
    people: mikroOrmPeople(connection),
    sessions: mikroOrmSessions(connection),
    waiting: log.waiting,
    close,
  }
}

/**
 * A store in a database, for `embed`: `sqlite:FILE`, `sqlite::memory:` or `postgres://…`. Its tables are made or brought up to date.
 *
 * @example
 * const chat = embed(await database('sqlite:chat.db'))
 */
export async function database(url: string, { warn = () => {} }: { readonly warn?: Warn } = {}) {
  const connection = await connect(url, { warn })
  await migrate(connection)
  return (announce: Announce) => {
    const ports = mikroOrmPorts(connection, announce, warn)
    const close = async () => {
      await ports.close()
      await connection.close()
    }
    return { ...ports, close }
  }
}
