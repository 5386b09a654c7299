import { copyFile, rename, rm, stat } from 'node:fs/promises'
import type { Connection, SqliteConnection } from '../../adapters/mikro-orm/connect.ts'
import { migrate } from '../../adapters/mikro-orm/migrate.ts'
import { EPOCH, mikroOrmSettings } from '../../adapters/mikro-orm/settings.ts'
import { newId } from '../../adapters/system/random.ts'
import { complaint } from '../complaint.ts'
import { connect, openLasting } from '../databases.ts'
import type { Context } from './context.ts'

/**
 * Puts a copy in place of the database; without a file, takes note that Postgres was restored by its own means. Either way the store gets
 * another name, by which clients find out that what they remember may be ahead of it. Nothing may be serving meanwhile.
 */
export async function restore({ config, terminal }: Context, _options: object, file: string | undefined): Promise<void> {
  const connection = await openLasting(config, 'What is in memory is gone when this command ends: set DATABASE_URL')
  try {
    if (file === undefined) {
      const epoch = await renamed(connection)
      return terminal.answer({ epoch }, 'The store has another name now: clients will compare what they have with what is here.')
    }
    if (connection.dialect === 'postgres') throw complaint('Restore with pg_restore, then run this command without a file.')
    const target = connection.file!
    const before = await putInPlace(connection, target, file)
    terminal.answer({ file: target, before }, `${file} is in place of ${target}. What was there before is ${before}.`)
  } finally {
    await connection.close()
  }
}

async function renamed(connection: Connection): Promise<string> {
  await migrate(connection)
  const epoch = newId()
  await mikroOrmSettings(connection).set(EPOCH, epoch)
  return epoch
}

async function putInPlace(present: SqliteConnection, target: string, file: string): Promise<string> {
  const draft = `${target}.restoring`
  await copyFile(file, draft).catch((error: Error) => {
    throw complaint(`${file} cannot be read: ${error.message}`)
  })
  try {
    await prepare(draft, file)
    present.database.pragma('wal_checkpoint(truncate)')
    await present.close()
    const before = `${target}.before-${(await stat(target)).mtimeMs.toFixed(0)}`
    await rename(target, before)
    for (const rest of ['-wal', '-shm']) await rm(target + rest, { force: true })
    await rename(draft, target)
    return before
  } finally {
    for (const rest of ['', '-wal', '-shm', '.lock']) await rm(draft + rest, { force: true })
  }
}

/** Sees to it that a copy is whole and ours, and brings it up to date. */
async function prepare(draft: string, file: string): Promise<void> {
  let copy: SqliteConnection | undefined
  try {
    copy = (await connect(`sqlite:${draft}`)) as SqliteConnection
    const ours = copy.database.prepare(`select count(*) as n from sqlite_master where name in ('chats', 'messages', 'settings')`).all()
    const [check] = copy.database.pragma('quick_check') as { quick_check: string }[]
    if (ours[0]?.n !== 3 || check?.quick_check !== 'ok') throw complaint(`${file} is no copy of a windi-chat database, or is damaged.`)
    await renamed(copy)
    copy.database.pragma('wal_checkpoint(truncate)')
  } catch (error) {
    if ((error as { code?: string }).code === 'SQLITE_NOTADB') throw complaint(`${file} is no database.`)
    throw error
  } finally {
    await copy?.close()
  }
}
