import { type Connection, type ConnectOptions, connect as connectAnyhow } from '../adapters/mikro-orm/connect.ts'
import { database as openAnyhow } from '../adapters/mikro-orm/ports.ts'
import { complaint } from './complaint.ts'
import type { Config } from './config.ts'

const HINT = 'npm brings one along: `npm start` and `npx windi-chat` use the one in node_modules, whatever else is installed.'

/** Version 10 of Node-API came with Node 22: the driver of SQLite would end an older one without a word, and MikroORM wants 22.17. */
function needNode22(): void {
  const { napi, node } = process.versions
  if (Number(napi) < 10) throw complaint(`databases need Node 22.17 or later, and this is ${node}.\n${HINT}`)
}

export const connect: typeof connectAnyhow = async (...given) => {
  needNode22()
  return connectAnyhow(...given)
}

export const database: typeof openAnyhow = async (...given) => {
  needNode22()
  return openAnyhow(...given)
}

/** Opens the database of the settings, or complains of it. */
export async function openDatabase(databaseUrl: string, options?: ConnectOptions): Promise<Connection> {
  try {
    return await connect(databaseUrl, options)
  } catch (error) {
    throw complaint(`The database cannot be opened (DATABASE_URL): ${reasonOf(error)}`, { cause: error })
  }
}

/** The same for a command, which shares no memory with what serves: then it complains in the words of `why`. */
export async function openLasting({ databaseUrl }: Config, why: string): Promise<Connection> {
  if (/^(sqlite::)?memory:$/.test(databaseUrl)) throw complaint(why)
  return openDatabase(databaseUrl)
}

const reasonOf = (error: unknown): string => {
  const { message, code } = error as NodeJS.ErrnoException
  return message || (code ?? 'for no known reason')
}
