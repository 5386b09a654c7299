import { newId, newSecret } from '../../adapters/system/random.ts'
import { complaint } from '../complaint.ts'
import { secretsOf, withNext, withNextInUse } from '../secret.ts'
import { databaseOf } from '../settings/database.ts'
import { openStore } from '../stores.ts'
import type { Context } from './context.ts'
import { withApplication } from './operator.ts'

const RESTART = 'Restart every process, then'

/** Makes the next secret: from their next start on processes take tokens of it, and go on to sign with the one before. */
export const addSecret = (context: Context): Promise<void> =>
  change(context, (text) => withNext(text, newSecret()), `A second secret is there. ${RESTART} run: windi-chat secret use`)

/** Signs with the next secret: from their next start on processes do, and still take tokens of the one before. */
export const useSecret = (context: Context): Promise<void> =>
  change(
    context,
    (text) => {
      const turned = withNextInUse(text)
      if (turned === undefined) throw complaint('There is no second secret: run windi-chat secret add first, and restart every process.')
      return turned
    },
    `The new secret signs. ${RESTART} the one before is taken until the next windi-chat secret add.`,
  )

async function change(context: Context, turn: (text: string) => string, said: string): Promise<void> {
  const { config, terminal } = context
  if (config.jwtSecret !== undefined)
    throw complaint('JWT_SECRET is set: write the secrets there, one a line. The first one signs, both are taken.')
  // What only the secret before opens is sealed with the present one, before a new one takes the other's place.
  await withApplication(context, async ({ resealFactors }) => void (await resealFactors()))
  const log = terminal.logger(config)
  const store = await openStore({ ...databaseOf(config), newId, warn: (message) => log.warn(message) })
  try {
    const text = turn(await store.secretPlace.keep(newSecret()))
    await store.secretPlace.replace(text)
    terminal.answer({ secrets: secretsOf(text).length }, said)
  } finally {
    await store.close()
  }
}
