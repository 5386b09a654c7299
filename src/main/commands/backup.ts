import { open, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { complaint } from '../complaint.ts'
import { openLasting } from '../databases.ts'
import type { Context } from './context.ts'

/**
 * Copies an SQLite database as it is at one moment, while it is being served. What was acknowledged before the command is in the copy.
 * The secret is not: whoever has it can be anybody.
 */
export async function backUp({ config, terminal }: Context, _options: object, file: string): Promise<void> {
  const connection = await openLasting(config, 'What is in memory cannot be copied by another process.')
  try {
    if (connection.dialect === 'postgres') throw complaint('Postgres makes its own copies: pg_dump --format=custom')
    if (await exists(file)) throw complaint(`${file} exists already, and is left alone.`)
    connection.database.prepare('vacuum into :file').run({ file: resolve(file) })
    await toDisk(file)
    const { size } = await stat(file)
    terminal.answer({ file: resolve(file), bytes: size }, `Copied ${connection.file} to ${file} (${size.toLocaleString('en')} bytes).`)
  } finally {
    await connection.close()
  }
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  )

async function toDisk(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  await handle.sync()
  await handle.close()
}
