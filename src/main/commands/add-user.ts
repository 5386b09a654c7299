import { text } from 'node:stream/consumers'
import { newSecret } from '../../adapters/system/random.ts'
import { complaint } from '../complaint.ts'
import { openApplication } from '../container.ts'
import type { Context } from './context.ts'

interface AddUserOptions {
  readonly name: string
  readonly email: string
  readonly username?: string
  readonly password?: string
  readonly passwordStdin?: boolean
}

export async function addUser({ config, terminal }: Context, options: AddUserOptions): Promise<void> {
  const { name, email, username } = options
  const given = options.passwordStdin ? firstLine(await text(process.stdin)) : options.password
  const password = given ?? newSecret().slice(0, 20)
  const app = await openApplication({ config: { ...config, rateLimits: false }, log: terminal.logger(config) })
  try {
    if (app.store.kind === 'memory')
      throw complaint('What is in memory is gone when this command ends: set DATABASE_URL to sqlite: or postgres:')
    const { user, sessionId } = await app.api.register({ address: 'command line' }, { name, email, password, username })
    await app.api.logout({ userId: user.id, sessionId })
    const made = given === undefined ? { password } : {}
    const answer = { id: user.id, username: user.username, name: user.name, email: user.email, ...made }
    terminal.answer(
      answer,
      `Added ${user.name}, who signs in as ${user.username} or ${user.email}${given === undefined ? `, password ${password}` : ''}.`,
    )
  } finally {
    await app.close()
  }
}

const firstLine = (input: string) => input.split(/\r?\n/, 1)[0]!
