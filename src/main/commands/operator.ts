import type { User } from '../../domain/identity.ts'
import { type SessionId, SYSTEM_ID, type UserId } from '../../domain/ids.ts'
import { complaint } from '../complaint.ts'
import { type Opened, openApplication } from '../container.ts'
import { openUpToDate } from '../databases.ts'
import { type Context, wholeNumber } from './context.ts'

/** Who runs a command: somebody who has the database and the settings, and so may do all that staff may. */
export const OPERATOR = { userId: SYSTEM_ID, sessionId: SYSTEM_ID as string as SessionId, via: 'key', scopes: ['admin'] } as const

/** Runs work on the database of the settings, whether or not it is being served. */
export async function withApplication({ config, terminal }: Context, work: (app: Opened) => Promise<void>): Promise<void> {
  await (await openUpToDate(config, 'What is in memory is known to nobody but the process that serves it.')).close()
  const app = await openApplication({ config: { ...config, rateLimits: false }, log: terminal.logger(config) })
  try {
    // A command ends too soon to deliver anything: what it changes is told to the processes that do.
    await app.relay.stop()
    await work(app)
    // What is done every second where the database is served: renamed users are told of.
    await app.hub.announceUsers().catch(() => undefined)
  } finally {
    await app.close()
  }
}

/** The user with a username, an email or an id. */
export async function userWith({ people }: Pick<Opened['ports'], 'people'>, login: string): Promise<User> {
  const found = (await people.get(login as UserId)) ?? (await people.credentials(login.trim().toLowerCase()))?.user
  if (!found) throw complaint(`There is no user ${login}.`)
  return found
}

export interface PageOptions {
  readonly limit?: string
  readonly cursor?: string
}

const PAGE = 50
const PAGE_MAX = 1_000

/** Which page of a list the command line asks for. */
export const pageAsked = ({ limit, cursor }: PageOptions) => ({
  limit: wholeNumber('--limit', limit, PAGE_MAX, 1) ?? PAGE,
  count: false,
  cursor,
})

/** A page for people: a line per item, and how to see the next one. */
export const pageText = (lines: readonly string[], next: string | null, none: string): string =>
  [lines.length === 0 ? none : lines.join('\n'), ...(next === null ? [] : [`\nThere are more: --cursor ${next}`])].join('\n')
