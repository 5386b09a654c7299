import type { Accounts } from '../../../application/ports/accounts.ts'
import type { Deed } from '../../../domain/deed.ts'
import type { User } from '../../../domain/identity.ts'
import type { UserId } from '../../../domain/ids.ts'
import { fold } from '../../../domain/words.ts'
import { compareText, pageOf } from '../page.ts'
import type { AccountRecords, UserRecord } from './store.ts'

export interface AccountsNeeds {
  readonly people: ReadonlyMap<UserId, UserRecord>
  readonly logins: Map<string, UserId>
  readonly accounts: AccountRecords
}

export function memoryAccountsOf({ people, logins, accounts }: AccountsNeeds): Accounts {
  const present = (id: UserId) => {
    const record = people.get(id)
    return record && !record.deletion ? record : undefined
  }
  const isTaken = (email: string, id: UserId) => (logins.get(email) ?? id) !== id

  function setEmail(record: UserRecord, email: string): void {
    if (record.user.email !== undefined) logins.delete(record.user.email)
    logins.set(email, record.user.id)
    record.user = { ...record.user, email, emailPending: undefined }
  }

  /** Changes a user unless the change is there already. */
  function change(id: UserId, to: Partial<User>, isDone: (user: User) => boolean, deed: Deed | undefined): boolean {
    const record = present(id)
    if (!record || isDone(record.user)) return false
    record.user = { ...record.user, ...to }
    if (deed) accounts.deeds.push(deed)
    return true
  }

  return {
    async setEmailPending(id, email) {
      const record = present(id)
      if (record) record.user = { ...record.user, emailPending: email }
    },
    async verifyEmail(id, email) {
      const record = present(id)
      if (record?.user.emailPending !== email) return 'changed'
      if (isTaken(email, id)) return 'email-taken'
      setEmail(record, email)
      return 'verified'
    },
    async setEmail(id, email) {
      const record = present(id)
      if (record && isTaken(email, id)) return 'email-taken'
      if (record) setEmail(record, email)
      return 'set'
    },
    setDisabled: async (id, at, deed) =>
      change(id, { disabledAt: at }, ({ disabledAt }) => (disabledAt === undefined) === (at === undefined), deed),
    setAdmin: async (id, isAdmin, deed) => change(id, { isAdmin }, (user) => user.isAdmin === isAdmin, deed),
    async list({ query, state }, window) {
      const isFound = ({ name, username, email, externalId }: User) =>
        query === undefined || [fold(name ?? ''), username, email].some((text) => text?.includes(query)) || externalId === query
      const found = [...people.values()]
        .filter(({ deletion, user }) => !deletion && user.kind !== 'system' && isFound(user))
        .map(({ user }) => user)
        .filter(({ disabledAt }) => state === undefined || (state === 'disabled') === (disabledAt !== undefined))
      const position = ({ name, id }: User) => ({ name: fold(name ?? ''), id })
      const compare = (a: ReturnType<typeof position>, b: ReturnType<typeof position>) =>
        compareText(a.name, b.name) || compareText(a.id, b.id)
      return pageOf(
        found.sort((a, b) => compare(position(a), position(b))),
        window,
        { position, compare },
      )
    },
  }
}
