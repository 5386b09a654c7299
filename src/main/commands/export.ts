import { createWriteStream } from 'node:fs'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { type Dump, readDump } from '../../adapters/mikro-orm/dump/dump.ts'
import { openUpToDate } from '../databases.ts'
import type { Terminal } from '../terminal.ts'
import type { Context } from './context.ts'
import { DUMP_FORMAT, isZipped } from './dump-file.ts'
import { configuredBlobs, copyBytes, digestsOf, folderBlobs, saidMissing } from './file-bytes.ts'
import { undone } from './new-file.ts'

/**
 * Writes all people, chats and messages to a file that `import` reads, into whichever database: JSON, a row on a line, gzipped if its name
 * ends so; with `--files`, the bytes of all files into a folder. The service may go on meanwhile. Only its owner can read the file, for passwords are in it as hashes.
 */
export async function exportStore({ config, terminal }: Context, { files }: { readonly files?: string }, file: string): Promise<void> {
  const connection = await openUpToDate(config, 'What is in memory cannot be read by another process.')
  try {
    const { counts } = await readDump(connection, async (dump) => {
      const target = createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true })
      const lines = Readable.from(linesOf(dump, terminal))
      try {
        await (isZipped(file) ? pipeline(lines, createGzip(), target) : pipeline(lines, target))
      } catch (error) {
        throw await undone(error as NodeJS.ErrnoException, file)
      }
      return dump
    })
    const to = files === undefined ? undefined : folderBlobs(files)
    const bytes = to && (await copyBytes({ from: configuredBlobs(config), to, digests: digestsOf(connection), folder: files! }))
    const held = bytes ? ` ${files} holds the bytes of ${bytes.copied} files.${saidMissing(bytes.missing)}` : ''
    terminal.answer(
      { file: resolve(file), ...counts, ...(bytes && { files: { copied: bytes.copied, missing: bytes.missing } }) },
      `${file} holds ${counts.users} people, ${counts.chats} chats and ${counts.messages} messages.${held}`,
    )
  } finally {
    await connection.close()
  }
}

async function* linesOf({ counts, rows }: Dump, { progress }: Terminal): AsyncIterable<string> {
  const total = Object.values(counts).reduce((sum, n) => sum + n, 0)
  yield `${JSON.stringify({ windi_chat: DUMP_FORMAT, rows: counts })}\n`
  let done = 0
  for await (const each of rows) {
    yield `${JSON.stringify(each)}\n`
    progress('rows', ++done, total)
  }
}
