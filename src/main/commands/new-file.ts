import { rm } from 'node:fs/promises'
import { complaint } from '../complaint.ts'

/** What to say when a file could not be made. It is taken away: half of it would look like the whole. */
export async function undone(error: NodeJS.ErrnoException, file: string): Promise<Error> {
  if (error.code === 'EEXIST') return complaint(`${file} exists already, and is left alone.`)
  await rm(file, { force: true }).catch(() => undefined)
  return isTrouble(error) ? complaint(`${file} cannot be written: ${error.message}`) : error
}

/** Of the file system, as Node or SQLite tells it. */
const isTrouble = ({ syscall, code = '' }: NodeJS.ErrnoException): boolean => syscall !== undefined || code.startsWith('SQLITE_')
