import { constants, createReadStream, createWriteStream, existsSync } from 'node:fs'
import { access, chmod, mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Database, databaseFile, type SqliteDatabase } from '../../adapters/mikro-orm/database/connect.ts'
import { migrate } from '../../adapters/mikro-orm/database/migrate.ts'
import { EPOCH, mikroOrmSettings } from '../../adapters/mikro-orm/database/settings.ts'
import { newId } from '../../adapters/system/random.ts'
import { complaint } from '../complaint.ts'
import { connect, openLasting, openPresent, removeDatabase } from '../databases.ts'
import type { Context } from './context.ts'

const IN_MEMORY = 'What is in memory is gone when this command ends: set DATABASE_URL'

/**
 * Puts a copy in place of the database; without a file, takes note that Postgres was restored by its own means. Either way the store gets
 * another name, by which clients find out that what they remember may be ahead of it. Refuses while somebody else has the database open:
 * what they write would be lost.
 */
export const restore = (context: Context, _options: object, file: string | undefined): Promise<void> =>
  file === undefined ? takeNote(context) : replace(context, file)

async function takeNote({ config, terminal }: Context): Promise<void> {
  const connection = await openPresent(config, IN_MEMORY, { applicationName: 'windi-chat restore' })
  try {
    await keepToOneself(connection)
    const epoch = await renamed(connection)
    terminal.answer({ epoch }, 'The store has another name now: clients will compare what they have with what is here.')
  } finally {
    await connection.close()
  }
}

async function replace({ config, terminal }: Context, file: string): Promise<void> {
  const target = databaseFile(config.databaseUrl)
  const present = target !== undefined && !existsSync(target) ? undefined : await openLasting(config, IN_MEMORY)
  try {
    if (target === undefined) throw complaint('Restore with pg_restore, then run this command without a file.')
    if (present) await keepToOneself(present)
    const before = await putInPlace(target, { file, prefix: config.databasePrefix }, present)
    const told = before === undefined ? '' : ` What was there before is ${before}.`
    terminal.answer({ file: target, before: before ?? null }, `${file} is in place of ${target}.${told}`)
  } finally {
    await present?.close()
  }
}

/** Holds a file until it is closed. On Postgres others may come, and are looked for. Refuses when somebody is there. */
async function keepToOneself(connection: Database): Promise<void> {
  const refused = (what: string) => complaint(`${what}: stop everything that serves from there first. Nothing was restored.`)
  if (connection.dialect === 'postgres') {
    const { rows } = await connection.pool.query(OTHERS)
    if (rows.length > 0) throw refused('The database is in use by windi-chat')
    return
  }
  try {
    // Readers of a write-ahead log do not mind a lock; leaving its mode takes the file for oneself.
    connection.handle.pragma('journal_mode = delete')
    connection.handle.pragma('locking_mode = exclusive')
    connection.handle.exec('begin exclusive; commit')
  } catch (error) {
    throw (error as { code?: string }).code === 'SQLITE_BUSY' ? refused(`${connection.file} is in use by another process`) : error
  }
}

const OTHERS = `select 1 from pg_stat_activity where datname = current_database() and application_name = 'windi-chat' limit 1`

async function renamed(connection: Database): Promise<string> {
  await migrate(connection)
  const epoch = newId()
  await mikroOrmSettings(connection).set(EPOCH, epoch)
  return epoch
}

interface Copied {
  readonly file: string
  /** What the names of its tables begin with. */
  readonly prefix: string | undefined
}

/** Answers where that is now which was there before. */
async function putInPlace(target: string, { file, prefix }: Copied, present: Database | undefined): Promise<string | undefined> {
  await access(file, constants.R_OK).catch((error: Error) => {
    throw complaint(`${file} cannot be read: ${error.message}`)
  })
  const draft = `${target}.restoring`
  await removeDatabase(draft)
  try {
    await mkdir(dirname(target), { recursive: true, mode: 0o700 })
    await pipeline(createReadStream(file), createWriteStream(draft, { mode: 0o600 }))
    await prepare(draft, file, prefix)
    await present?.close()
    const before = present && (await setAside(target))
    for (const rest of ['-wal', '-shm']) await rm(target + rest, { force: true })
    await rename(draft, target)
    return before
  } finally {
    await removeDatabase(draft)
  }
}

async function setAside(target: string): Promise<string> {
  const before = `${target}.before-${(await stat(target)).mtimeMs.toFixed(0)}`
  await rename(target, before)
  await chmod(before, 0o600)
  return before
}

/** Sees to it that a copy is whole and ours, and brings it up to date. */
async function prepare(draft: string, file: string, prefix: string | undefined): Promise<void> {
  let copy: SqliteDatabase | undefined
  try {
    copy = (await connect(`sqlite:${draft}`, { prefix })) as SqliteDatabase
    const ours = copy.handle.prepare(`select count(*) as n from sqlite_master where name in ('{chats}', '{messages}', '{settings}')`).all()
    const [check] = copy.handle.pragma('quick_check') as { quick_check: string }[]
    if (ours[0]?.n !== 3 || check?.quick_check !== 'ok') throw complaint(`${file} is no copy of a windi-chat database, or is damaged.`)
    await renamed(copy)
    copy.handle.pragma('wal_checkpoint(truncate)')
  } catch (error) {
    if ((error as { code?: string }).code === 'SQLITE_NOTADB') throw complaint(`${file} is no database.`)
    throw error
  } finally {
    await copy?.close()
  }
}
