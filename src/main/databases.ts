import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { type ConnectOptions, connect as connectAnyhow, type Database, databaseFile } from '../adapters/mikro-orm/database/connect.ts'
import { pendingMigrations, unknownMigrations } from '../adapters/mikro-orm/database/migrate.ts'
import { database as openAnyhow } from '../adapters/mikro-orm/ports.ts'
import { complaint } from './complaint.ts'
import type { Config } from './config.ts'
import { tablesOf } from './settings/database.ts'

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
export async function openDatabase(databaseUrl: string, options?: ConnectOptions): Promise<Database> {
  try {
    return await connect(databaseUrl, options)
  } catch (error) {
    throw complaint(`The database cannot be opened (DATABASE_URL): ${reasonOf(error)}`, { cause: error })
  }
}

/** Complains of tables that a newer program has changed: this one would write what that one cannot read. */
export async function refuseNewer(database: Database): Promise<void> {
  const unknown = await unknownMigrations(database)
  if (unknown.length === 0) return
  throw complaint(`A newer version has changed the tables (${unknown.join(', ')}). Start that version, or restore a backup from before it.`)
}

/** The same for a command, which shares no memory with what serves: then it complains in the words of `why`. */
export async function openLasting(config: Config, why: string, options?: ConnectOptions): Promise<Database> {
  if (/^(sqlite::)?memory:$/.test(config.databaseUrl)) throw complaint(why)
  return openDatabase(config.databaseUrl, { ...tablesOf(config), ...options })
}

/** The same for a command that begins nothing: a file that is not there is complained of, and not made. */
export async function openPresent(config: Config, why: string, options?: ConnectOptions): Promise<Database> {
  const file = databaseFile(config.databaseUrl)
  if (file !== undefined && !existsSync(file)) throw complaint(`There is no database at ${file} (DATABASE_URL).`)
  return openLasting(config, why, options)
}

/** The same for a command that reads the tables as they are meant to be, and leaves them alone. */
export async function openUpToDate(config: Config, why: string): Promise<Database> {
  const connection = await openPresent(config, why)
  try {
    if ((await pendingMigrations(connection)).length === 0) return connection
    throw complaint('The tables are not up to date: run windi-chat migrate first.')
  } catch (error) {
    await connection.close()
    throw error
  }
}

/** Takes a file away, with all that was put beside it. */
export async function removeDatabase(file: string): Promise<void> {
  for (const rest of ['', '-wal', '-shm', '.lock']) await rm(file + rest, { force: true })
}

const reasonOf = (error: unknown): string => {
  const { message, code } = error as NodeJS.ErrnoException
  return message || (code ?? 'for no known reason')
}
