import { text } from 'node:stream/consumers'
import { newSecret } from '../../adapters/system/random.ts'
import { presentAccount } from '../../adapters/wire/present/admin.ts'
import { presentPage } from '../../adapters/wire/present/pages.ts'
import { presentTime } from '../../adapters/wire/present/time.ts'
import { windowOf } from '../../adapters/wire/windows.ts'
import type { AccountState } from '../../application/ports/accounts.ts'
import { setPassword, setStaff } from '../../application/staff/operator.ts'
import type { User } from '../../domain/identity.ts'
import type { Opened } from '../container.ts'
import type { Context } from './context.ts'
import { OPERATOR, type PageOptions, pageAsked, pageText, userWith, withApplication } from './operator.ts'

interface ListOptions extends PageOptions {
  readonly query?: string
  readonly state?: AccountState
}

export const listUsers = ({ config, terminal }: Context, options: ListOptions): Promise<void> =>
  withApplication({ config, terminal }, async ({ api }) => {
    const filters = { query: options.query, state: options.state }
    const page = await api.findAccounts(OPERATOR, filters, windowOf('findAccounts', filters, pageAsked(options)))
    const answer = presentPage(page, { list: 'findAccounts', filters }, presentAccount)
    terminal.answer(answer, pageText(page.items.map(line), answer.next, 'There are no such users.'))
  })

const line = ({ id, username, name, email, kind, isAdmin, disabledAt }: User) =>
  [
    id,
    username ?? '-',
    name ?? '-',
    email ?? '-',
    ...(kind === 'person' ? [] : [kind]),
    ...(isAdmin ? ['staff'] : []),
    ...(disabledAt === undefined ? [] : [`disabled since ${presentTime(disabledAt)}`]),
  ].join('  ')

/** A command about one user. */
const aboutUser =
  <O extends object>(work: (app: Opened, user: User, context: Context & { readonly options: O }) => Promise<void>) =>
  ({ config, terminal }: Context, options: O, login: string): Promise<void> =>
    withApplication({ config, terminal }, async (app) => work(app, await userWith(app.ports, login), { config, terminal, options }))

export const recoverUser = aboutUser(async ({ api }, user, { terminal }) => {
  const { code, expiresAt } = await api.recoverAccount(OPERATOR, user.id)
  const until = presentTime(expiresAt)
  terminal.answer({ user_id: user.id, code, expires_at: until }, `${code}\n\nSets a new password once, until ${until}: POST /auth/reset.`)
})

const disabling = (disabled: boolean, said: string) =>
  aboutUser(async ({ api }, { id, username }, { terminal }) => {
    terminal.answer(presentAccount(await api.updateAccount(OPERATOR, { userId: id, disabled })), `${username ?? id} ${said}`)
  })
export const disableUser = disabling(true, 'cannot sign in any more; their devices are signed out within 5 s.')
export const enableUser = disabling(false, 'can sign in again.')

export const deleteUser = aboutUser(async ({ api }, { id, username }, { terminal }) => {
  await api.deleteAccount(OPERATOR, id)
  terminal.answer({ id, deleted: true }, `${username ?? id} is deleted, with all their texts.`)
})

interface PasswordOptions {
  readonly passwordStdin?: boolean
}

export const setUserPassword = aboutUser<PasswordOptions>(async ({ api, ports }, { id, username }, { terminal, options }) => {
  const given = options.passwordStdin ? (await text(process.stdin)).split(/\r?\n/, 1)[0]! : undefined
  const password = given ?? newSecret().slice(0, 20)
  await setPassword(ports)(OPERATOR, { userId: id, password })
  await api.endAccountSessions(OPERATOR, id)
  const shown = given === undefined ? { password } : {}
  const said = `${username ?? id} has a new password${given === undefined ? `, ${password}` : ''}, and signs in again on all devices.`
  terminal.answer({ id, ...shown }, said)
})

export const makeStaff = aboutUser<{ readonly off?: boolean }>(async ({ ports }, { id, username }, { terminal, options: { off } }) => {
  const isStaff = off !== true
  const changed = await setStaff(ports)(OPERATOR, { userId: id, isStaff })
  terminal.answer(
    { id, is_admin: isStaff, changed },
    `${username ?? id} is ${isStaff ? '' : 'not '}a member of staff${changed ? '' : ' already'}.`,
  )
})
