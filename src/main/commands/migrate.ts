import type { Database } from '../../adapters/mikro-orm/database/connect.ts'
import { isDividedOtherwise, LEAST_PARTITIONS, MOST_PARTITIONS } from '../../adapters/mikro-orm/database/partitions.ts'
import { newId } from '../../adapters/system/random.ts'
import { complaint } from '../complaint.ts'
import { databaseOf } from '../settings/database.ts'
import { openStore } from '../stores.ts'
import { type Context, wholeNumber } from './context.ts'

/** Brings the tables up to date; given a number of partitions, divides the large ones. */
export async function migrateStore({ config, terminal }: Context, options: { readonly partitions?: string }): Promise<void> {
  const log = terminal.logger(config)
  const partitions = wholeNumber('--partitions', options.partitions, MOST_PARTITIONS, LEAST_PARTITIONS)
  const store = await openStore({ ...databaseOf(config), newId, warn: (message) => log.warn(message) })
  try {
    const migrations = await store.migrate()
    const divided = partitions === undefined ? undefined : await divide(store.connection, partitions)
    const texts = [
      migrations.length === 0 ? 'The tables were up to date.' : `Done: ${migrations.join(', ')}.`,
      ...(divided === undefined
        ? []
        : [divided.length === 0 ? 'They were divided before.' : `Divided by ${partitions}: ${divided.join(', ')}.`]),
    ]
    terminal.answer({ migrations, ...(divided && { divided }) }, texts.join('\n'))
  } finally {
    await store.close()
  }
}

async function divide(connection: Database | undefined, partitions: number): Promise<readonly string[]> {
  if (connection?.dialect !== 'postgres') throw complaint('Only tables of Postgres can be divided.')
  const { partition } = await import('../../adapters/mikro-orm/database/migrate.ts')
  return partition(connection, partitions).catch((error: unknown) => {
    throw isDividedOtherwise(error) ? complaint(error.message) : error
  })
}
