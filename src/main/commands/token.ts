import type { SessionId } from '../../domain/ids.ts'
import { complaint } from '../complaint.ts'
import { openApplication } from '../container.ts'
import { openUpToDate } from '../databases.ts'
import type { Context } from './context.ts'

interface TokenOptions {
  readonly login: string
}

/** Signs somebody in without a password, as the operator may, who has the secret and the database. */
export async function issueToken({ config, terminal }: Context, { login }: TokenOptions): Promise<void> {
  await (await openUpToDate(config, 'What is in memory is known to nobody but the process that serves it.')).close()
  const app = await openApplication({ config, log: terminal.logger(config) })
  const { people, sessions, tokens, clock, newId } = app.ports
  try {
    const found = await people.credentials(login.trim().toLowerCase())
    if (!found) throw complaint(`Nobody signs in as ${login}.`)
    const now = clock()
    const id = newId() as SessionId
    const expiresAt = now + config.accessTtl
    await sessions.add({
      id,
      userId: found.user.id,
      deviceName: 'windi-chat token',
      createdAt: now,
      lastUsedAt: now,
      expiresAt,
      endedAt: undefined,
      generation: 0,
      spentAt: [],
    })
    const token = await tokens.access({ userId: found.user.id, sessionId: id, expiresAt })
    terminal.answer(
      { access_token: token, token_type: 'bearer', expires_in: Math.floor(config.accessTtl / 1_000), user_id: found.user.id },
      token,
    )
  } finally {
    await app.close()
  }
}
