import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { complaint } from '../complaint.ts'
import type { Context } from './context.ts'
import { undone } from './new-file.ts'
import { OPERATOR, userWith, withApplication } from './operator.ts'

/** Writes everything about one user to a new file, a JSON object on each line. */
export const exportUser = ({ config, terminal }: Context, _options: object, login: string, file: string): Promise<void> =>
  withApplication({ config, terminal }, async ({ api, ports }) => {
    const { id, username } = await userWith(ports, login)
    let rows = 0
    async function* lines() {
      for await (const row of await api.exportAccount(OPERATOR, id)) {
        rows++
        yield `${JSON.stringify(row)}\n`
      }
    }
    await pipeline(Readable.from(lines()), createWriteStream(file, { flags: 'wx', mode: 0o600 })).catch(async (error: unknown) => {
      throw await undone(error as NodeJS.ErrnoException, file)
    })
    if (rows === 0) throw complaint(`Nothing is stored about ${login}.`)
    terminal.answer({ id, file, rows }, `${rows} rows about ${username ?? id} are in ${file}.`)
  })
