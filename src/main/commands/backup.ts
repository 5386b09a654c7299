import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { SqliteHandle } from '../../adapters/mikro-orm/database/connect.ts'
import { complaint } from '../complaint.ts'
import { openPresent } from '../databases.ts'
import type { Context } from './context.ts'
import { undone } from './new-file.ts'

/**
 * Copies an SQLite database as it is at one moment, while it is being served. What was acknowledged before the command is in the copy.
 * The secret is not: whoever has it can be anybody. Only its owner can read the copy, for passwords are in it as hashes.
 */
export async function backUp({ config, terminal }: Context, _options: object, file: string): Promise<void> {
  const connection = await openPresent(config, 'What is in memory cannot be copied by another process.')
  try {
    if (connection.dialect === 'postgres') throw complaint('Postgres makes its own copies: pg_dump --format=custom')
    const bytes = await copy(connection.handle, resolve(file)).catch(async (error) => {
      throw await undone(error, file)
    })
    terminal.answer({ file: resolve(file), bytes }, `Copied ${connection.file} to ${file} (${bytes.toLocaleString('en')} bytes).`)
  } finally {
    await connection.close()
  }
}

/** Makes the file, and answers its size when it is on the disk. */
async function copy(database: SqliteHandle, file: string): Promise<number> {
  await (await open(file, 'wx', 0o600)).close()
  database.prepare('vacuum into :file').run({ file })
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
    return (await handle.stat()).size
  } finally {
    await handle.close()
  }
}
