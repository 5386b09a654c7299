import type { NewUser, People, Taken, UserChange } from '../../../application/ports/people.ts'
import { fold } from '../../../domain/words.ts'
import { builtOn, numbered } from '../database/built.ts'
import type { Database } from '../database/connect.ts'
import { queryOn } from '../database/query.ts'
import { entities, isUuid } from '../database/schema.ts'

export function savingPeople(database: Database): Pick<People, 'save'> {
  const query = queryOn(database)
  const { em } = builtOn(database)
  const users = () => em.createQueryBuilder(entities.users)
  return {
    async save(added, changed) {
      const inserts = added.map((user) => users().insert(rowOf(user)))
      const updates = changed
        .filter(({ id }) => isUuid(id))
        .map((change) => [change.id, cellsOf(change)] as const)
        .filter(([, cells]) => Object.keys(cells).length > 0)
        .map(([id, cells]) => users().update(cells).where({ id, erased_at: null }))
      try {
        await query.together([...inserts, ...updates].map((statement) => numbered(statement.toQuery())))
        return 'saved'
      } catch (error) {
        const taken = takenOf(error)
        if (taken) return taken
        throw error
      }
    },
  }
}

/** The row of a new user. */
export const rowOf = ({
  id,
  username,
  name,
  email,
  passwordHash,
  createdAt,
  emailPending,
  kind = 'person',
  externalId,
  avatarUrl,
}: NewUser) => ({
  id,
  username,
  name,
  folded_name: fold(name),
  email: email ?? null,
  email_pending: emailPending ?? null,
  password_hash: passwordHash ?? null,
  created_at: createdAt,
  is_erasing: false,
  is_admin: false,
  kind,
  external_id: externalId ?? null,
  avatar_url: avatarUrl ?? null,
})

function cellsOf(change: UserChange) {
  const cells = {
    name: change.name,
    folded_name: change.name === undefined ? undefined : fold(change.name),
    username: change.username,
    email: change.email,
    avatar_url: change.avatarUrl,
    kind: change.kind,
    external_id: change.externalId,
    password_hash: change.passwordHash,
    disabled_at: change.disabledAt,
    tokens_after: change.tokensAfter,
  }
  return Object.fromEntries(Object.entries(cells).filter(([, value]) => value !== undefined))
}

const UNIQUE: readonly (readonly [RegExp, Taken])[] = [
  [/users[_.]external_id/, 'external-id-taken'],
  [/users[_.]email/, 'email-taken'],
  [/users[_.]username/, 'username-taken'],
]

/** What a violated constraint says is taken. */
function takenOf(error: unknown): Taken | undefined {
  const {
    code = '',
    constraint,
    message = '',
  } = error as { readonly code?: string; readonly constraint?: string; readonly message?: string }
  if (code !== '23505' && code !== 'SQLITE_CONSTRAINT_UNIQUE') return undefined
  return UNIQUE.find(([name]) => name.test(constraint ?? message))?.[1]
}
