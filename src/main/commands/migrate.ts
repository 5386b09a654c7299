import { newId } from '../../adapters/system/random.ts'
import { databaseOf } from '../settings/database.ts'
import { openStore } from '../stores.ts'
import type { Context } from './context.ts'

export async function migrateStore({ config, terminal }: Context): Promise<void> {
  const log = terminal.logger(config)
  const store = await openStore({ ...databaseOf(config), newId, warn: (message) => log.warn(message) })
  try {
    const migrations = await store.migrate()
    const text = migrations.length === 0 ? 'The tables were up to date.' : `Done: ${migrations.join(', ')}.`
    terminal.answer({ migrations }, text)
  } finally {
    await store.close()
  }
}
