import { complaint } from '../complaint.ts'
import { openApplication } from '../container.ts'
import { DEMO_PASSWORD, seed } from '../seed.ts'
import { type Context, wholeNumber } from './context.ts'

interface PlantOptions {
  readonly users?: string
  readonly chats?: string
  readonly messages?: string
}

export async function plant({ config, terminal }: Context, options: PlantOptions): Promise<void> {
  const wanted = {
    users: wholeNumber('--users', options.users, 100_000),
    chats: wholeNumber('--chats', options.chats, 1_000_000),
    messages: wholeNumber('--messages', options.messages, 100_000_000),
  }
  const app = await openApplication({ config: { ...config, rateLimits: false }, log: terminal.logger(config) })
  try {
    if (app.store.kind === 'memory')
      throw complaint('What is in memory is gone when this command ends: set DATABASE_URL to sqlite: or postgres:')
    const made = await seed({ ...app.ports, api: app.api }, wanted, terminal.progress)
    terminal.answer({ ...made, place: app.store.place, password: DEMO_PASSWORD }, told(made, app.store.place))
  } finally {
    await app.close()
  }
}

const told = ({ users, chats, messages }: { users: number; chats: number; messages: number }, place: string) =>
  `There are ${users} people, ${chats} chats and ${messages} messages to look at in ${place}.\nSign in as user1@example.com … user${users}@example.com, password ${DEMO_PASSWORD}.`
