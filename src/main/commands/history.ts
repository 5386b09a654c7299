import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Imported } from '../../application/importing/history.ts'
import { complaint } from '../complaint.ts'
import type { Context } from './context.ts'
import { isZipped } from './dump-file.ts'
import { withApplication } from './operator.ts'

/** Adds what another system has, line by line, to what is there. */
export const addHistory = (context: Context, _options: object, file: string): Promise<void> =>
  withApplication(context, async ({ importHistory }) => {
    const { terminal } = context
    const told = ({ users, chats, messages, repeated, skipped }: Imported) =>
      `${users} users, ${chats} groups, ${messages} messages; ${repeated} were there already, ${skipped} have no text.`
    const imported = await importHistory(linesOf(file)).catch((error: unknown) => {
      throw complaint(`${file}: ${(error as Error).message}. Correct it and run this again: what stands before it is kept.`, {
        cause: error,
      })
    })
    terminal.answer({ ...imported }, told(imported))
  })

async function* linesOf(file: string): AsyncIterable<string> {
  const source = file === '-' ? process.stdin : createReadStream(file)
  const input = isZipped(file) ? pipeline(source, createGunzip(), () => {}) : source
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
}
