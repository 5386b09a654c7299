import { presentKey } from '../../adapters/wire/present/backends.ts'
import { presentPage } from '../../adapters/wire/present/pages.ts'
import { windowOf } from '../../adapters/wire/windows.ts'
import { createKey, revokeKey as revoke } from '../../application/service/keys.ts'
import type { KeyId, UserId } from '../../domain/ids.ts'
import { KEY_SCOPES, type KeyScope } from '../../domain/scopes.ts'
import { complaint } from '../complaint.ts'
import type { Opened } from '../container.ts'
import { listed } from '../settings/setting.ts'
import type { Context } from './context.ts'
import { OPERATOR, type PageOptions, pageAsked, pageText, userWith, withApplication } from './operator.ts'

interface NewKeyOptions {
  readonly name: string
  readonly scopes?: string
  readonly bot?: string
  readonly expires?: string
}

export const addKey = ({ config, terminal }: Context, options: NewKeyOptions): Promise<void> =>
  withApplication({ config, terminal }, async ({ ports }) => {
    const botId = options.bot === undefined ? undefined : await botOf(ports, options.bot)
    const command = { name: options.name, scopes: scopesOf(options.scopes), botId, expiresAt: timeOf(options.expires) }
    const { key, text } = await createKey(ports)(OPERATOR, command)
    terminal.answer({ ...presentKey(key), key: text }, `${text}\n\nThis is shown once. Its id is ${key.id}.`)
  })

export const listKeys = ({ config, terminal }: Context, options: PageOptions): Promise<void> =>
  withApplication({ config, terminal }, async ({ ports }) => {
    const page = await ports.keys.list(windowOf('listKeys', {}, pageAsked(options)))
    const answer = presentPage(page, { list: 'listKeys', filters: {} }, presentKey)
    const lines = page.items.map(
      ({ id, name, scopes, botId }) => `${id}  ${name}  ${botId === undefined ? scopes.join(',') : `bot ${botId}`}`,
    )
    terminal.answer(answer, pageText(lines, answer.next, 'There are no keys.'))
  })

export const revokeKey = ({ config, terminal }: Context, _options: object, id: string): Promise<void> =>
  withApplication({ config, terminal }, async ({ ports }) => {
    // A running service asks for the key again within seconds.
    await revoke({ ...ports, live: { forgetKey() {} } })(OPERATOR, id as KeyId)
    terminal.answer({ id, revoked: true }, `The key ${id} is refused within 5 s.`)
  })

function scopesOf(text: string | undefined): KeyScope[] {
  const names = listed(text ?? '')
  const unknown = names.find((name) => !(KEY_SCOPES as readonly string[]).includes(name))
  if (unknown !== undefined) throw complaint(`There is no scope ${JSON.stringify(unknown)}: they are ${KEY_SCOPES.join(', ')}.`)
  return names as KeyScope[]
}

function timeOf(text: string | undefined): number | undefined {
  const time = text === undefined ? undefined : Date.parse(text)
  if (Number.isNaN(time)) throw complaint(`--expires is a time such as 2027-01-31T09:30:00Z, not ${JSON.stringify(text)}`)
  return time
}

async function botOf(ports: Opened['ports'], login: string): Promise<UserId> {
  const found = await userWith(ports, login)
  if (found.kind !== 'bot') throw complaint(`${login} is not a bot.`)
  return found.id
}
