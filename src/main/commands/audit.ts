import { presentDeed } from '../../adapters/wire/present/admin.ts'
import { presentPage } from '../../adapters/wire/present/pages.ts'
import { windowOf } from '../../adapters/wire/windows.ts'
import type { Deed } from '../../domain/deed.ts'
import type { ChatId } from '../../domain/ids.ts'
import type { Context } from './context.ts'
import { OPERATOR, type PageOptions, pageAsked, pageText, userWith, withApplication } from './operator.ts'

interface AuditOptions extends PageOptions {
  readonly user?: string
  readonly chat?: string
}

export const listAudit = ({ config, terminal }: Context, options: AuditOptions): Promise<void> =>
  withApplication({ config, terminal }, async ({ api, ports }) => {
    const userId = options.user === undefined ? undefined : await idOf(ports, options.user)
    const filters = { userId, chatId: options.chat as ChatId | undefined }
    const page = await api.listDeeds(OPERATOR, filters, windowOf('listDeeds', filters, pageAsked(options)))
    const answer = presentPage(page, { list: 'listDeeds', filters }, presentDeed)
    terminal.answer(answer, pageText(page.items.map(line), answer.next, 'There are no such deeds.'))
  })

/** Deleted users have deeds, too: who is not found by login is looked for by id. */
const idOf = async (ports: Parameters<typeof userWith>[0], login: string) =>
  /^[0-9a-f-]{36}$/i.test(login) ? (login as Deed['userId']) : (await userWith(ports, login)).id

const line = ({ at, name, actorId, keyId, userId, chatId, facts = {} }: Deed) =>
  [
    new Date(at).toISOString(),
    name,
    `by ${keyId === undefined ? (actorId ?? 'the command line') : `key ${keyId}`}`,
    ...(userId === undefined ? [] : [`user ${userId}`]),
    ...(chatId === undefined ? [] : [`chat ${chatId}`]),
    ...Object.entries(facts).map(([fact, value]) => `${fact}=${value}`),
  ].join('  ')
