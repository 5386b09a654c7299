import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { z } from 'zod'
import { type Database, databaseFile } from '../../adapters/mikro-orm/database/connect.ts'
import { migrate } from '../../adapters/mikro-orm/database/migrate.ts'
import { type DumpedRow, type RowCounts, writeDump } from '../../adapters/mikro-orm/dump/dump.ts'
import { complaint } from '../complaint.ts'
import { openLasting, removeDatabase } from '../databases.ts'
import type { Terminal } from '../terminal.ts'
import type { Context } from './context.ts'
import { DUMP_FORMAT, isZipped } from './dump-file.ts'
import { configuredBlobs, copyBytes, digestsOf, folderBlobs, saidMissing } from './file-bytes.ts'

/**
 * Fills an empty database with what `export` has written, whichever database that came from: all of it, or nothing. Nothing may be
 * serving meanwhile. People sign in anew: sessions are of the installation that signed them.
 */
export async function importStore({ config, terminal }: Context, { files }: { readonly files?: string }, file: string): Promise<void> {
  const target = databaseFile(config.databaseUrl)
  const isNew = target !== undefined && !existsSync(target)
  const connection = await openLasting(config, 'What is in memory is gone when this command ends: set DATABASE_URL')
  let counts: RowCounts | undefined
  try {
    counts = await fill(connection, file, terminal)
    const from = files === undefined ? undefined : folderBlobs(files)
    const bytes = from && (await copyBytes({ from, to: configuredBlobs(config), digests: digestsOf(connection), folder: files! }))
    const held = bytes ? ` ${bytes.copied} files have their bytes.${saidMissing(bytes.missing)}` : ''
    const answer = { ...counts, ...(bytes && { file_bytes: { copied: bytes.copied, missing: bytes.missing } }) }
    terminal.answer(answer, `There are ${counts.users} people, ${counts.chats} chats and ${counts.messages} messages now.${held}`)
  } finally {
    await connection.close()
    if (isNew && !counts) await removeDatabase(target)
  }
}

async function fill(connection: Database, file: string, terminal: Terminal): Promise<RowCounts> {
  const refused = (what: string) => complaint(`Nothing was imported from ${file}: ${what}.`)
  await migrate(connection)
  const lines = linesOf(file, refused)[Symbol.asyncIterator]()
  const first = await lines.next()
  const head = Head.safeParse(parsed(first.value ?? ''))
  if (!head.success) throw refused('it was not made by windi-chat export')
  const { rows: counts } = head.data
  const rows = rowsOf({ [Symbol.asyncIterator]: () => lines }, counts, refused, terminal)
  await writeDump(connection, { counts, rows }, refused)
  return counts
}

const Head = z.strictObject({ windi_chat: z.int().min(1).max(DUMP_FORMAT), rows: z.record(z.string(), z.int()) })
const Line = z.strictObject({ table: z.string(), row: z.record(z.string(), z.unknown()) })

async function* linesOf(file: string, refused: (what: string) => Error): AsyncIterable<string> {
  try {
    const source = createReadStream(file)
    const input = isZipped(file) ? pipeline(source, createGunzip(), () => {}) : source
    yield* createInterface({ input, crlfDelay: Infinity })
  } catch (error) {
    throw refused((error as Error).message)
  }
}

async function* rowsOf(
  lines: AsyncIterable<string>,
  counts: RowCounts,
  refused: (what: string) => Error,
  { progress }: Terminal,
): AsyncIterable<DumpedRow> {
  const total = Object.values(counts).reduce((sum, n) => sum + n, 0)
  let done = 0
  for await (const text of lines) {
    const line = Line.safeParse(parsed(text))
    if (!line.success) throw refused(`line ${done + 2} is no row`)
    yield line.data
    progress('rows', ++done, total)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
