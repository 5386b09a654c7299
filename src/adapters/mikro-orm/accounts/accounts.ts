import type { AccountFilter, AccountState, Accounts } from '../../../application/ports/accounts.ts'
import { auditedOn } from '../database/audited.ts'
import { builtOn } from '../database/built.ts'
import { apart, type Database } from '../database/connect.ts'
import { pageOf, placed } from '../database/page.ts'
import { isDuplicate, isStorable, type Parameter, type Query, queryOn } from '../database/query.ts'
import { entities } from '../database/schema.ts'
import { USER, type UserRow, userOf } from '../people/user.ts'

const STATES: Readonly<Record<AccountState, string>> = { active: 'disabled_at is null', disabled: 'disabled_at is not null' }

/** What a filter asks for, with its parameters from number 3 on. */
function conditions(
  query: Query,
  { query: sought, state }: AccountFilter,
): { readonly text: string; readonly parameters: readonly Parameter[] } {
  const parts = [query.contains('folded_name', 3), query.contains('username', 3), query.contains('email', 3), 'external_id = $4']
  const all = ['erased_at is null', 'folded_name is not null', '(folded_name > $1 or (folded_name = $1 and id > $2))']
  if (state) all.push(STATES[state])
  if (sought !== undefined) all.push(`(${parts.join(' or ')})`)
  return { text: all.join(' and '), parameters: sought === undefined ? [] : [query.part(sought), sought] }
}

export function mikroOrmAccountsOf(database: Database): Accounts {
  const query = queryOn(apart(database))
  const { em, change } = builtOn(database)
  const audited = auditedOn(database)
  const users = () => em.createQueryBuilder(entities.users)

  /** How many users were changed; `email-taken` if another one has the address. */
  const changeEmail = async (to: object, where: object) => {
    try {
      return await change(users().update(to).where(where))
    } catch (error) {
      if (isDuplicate(error)) return 'email-taken'
      throw error
    }
  }

  return {
    async setEmailPending(id, email) {
      await change(
        users()
          .update({ email_pending: email ?? null })
          .where({ id, erased_at: null }),
      )
    },
    async verifyEmail(id, email) {
      const changed = await changeEmail({ email, email_pending: null }, { id, email_pending: email, erased_at: null })
      return changed === 'email-taken' ? changed : changed === 0 ? 'changed' : 'verified'
    },
    async setEmail(id, email) {
      return (await changeEmail({ email, email_pending: null }, { id, erased_at: null })) === 'email-taken' ? 'email-taken' : 'set'
    },
    async setDisabled(id, at, deed) {
      const isOther = at === undefined ? { disabled_at: { $ne: null } } : { disabled_at: null }
      const to = { disabled_at: at ?? null }
      return (
        (await audited(
          [
            users()
              .update(to)
              .where({ id, erased_at: null, ...isOther }),
          ],
          deed,
        )) > 0
      )
    },
    async setAdmin(id, isAdmin, deed) {
      const where = { id, erased_at: null, is_admin: !isAdmin }
      return (await audited([users().update({ is_admin: isAdmin }).where(where)], deed)) > 0
    },
    async list(filter, window) {
      if (filter.query !== undefined && !isStorable(filter.query)) return { items: [], next: undefined, prev: undefined }
      const { name = '', id = '' } = window.from ?? {}
      const { text, parameters } = conditions(query, filter)
      const from = `from {users} where ${text}`
      const rows = await query(
        `select ${USER.join(', ')}, folded_name ${from} order by folded_name, id limit ${Math.trunc(window.limit) + 1}`,
        [name.replaceAll('\0', ''), placed(id), ...parameters],
      )
      const position = (row: (typeof rows)[number]) => ({ name: row.folded_name as string, id: row.id as UserRow['id'] as never })
      const page = pageOf(rows, window, { item: (row) => userOf(row as unknown as UserRow), position })
      if (!window.count) return page
      const [all] = await query(`select count(*) as total ${from}`, ['', placed(''), ...parameters])
      return { ...page, total: all!.total as number }
    },
  }
}
