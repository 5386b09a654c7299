import type { NewUser, People, Taken, UserChange } from '../../application/ports/people.ts'
import type { UserId } from '../../domain/ids.ts'
import type { MemoryStore, PersonRecord } from './store.ts'

/** Adds and changes users, all or none. */
export const savingPeople = ({ people, logins, externals }: MemoryStore): Pick<People, 'save'> => ({
  async save(added, changed) {
    const isNew = new Set(added.map(({ id }) => id))
    const present = changed.filter(({ id }) => isNew.has(id) || (people.has(id) && !people.get(id)!.deletion))
    const taken = takenBy({ logins, externals }, [...added, ...present])
    if (taken) return taken
    for (const { passwordHash, kind = 'person', externalId, avatarUrl, ...user } of added) {
      const whole = {
        ...user,
        kind,
        externalId,
        avatarUrl,
        disabledAt: undefined,
        emailPending: user.emailPending,
        isAdmin: false,
        lastSeenAt: undefined,
      }
      people.set(user.id, { user: whole, passwordHash, deletion: undefined })
    }
    for (const change of present) {
      const record = people.get(change.id)!
      const { username, email, externalId } = record.user
      for (const [old, next] of [
        [username, change.username],
        [email, change.email],
      ])
        if (next !== undefined && old !== undefined) logins.delete(old)
      if (change.externalId !== undefined && externalId !== undefined) externals.delete(externalId)
      put(record, change)
    }
    for (const { id, username, email, externalId } of [...added, ...present]) {
      for (const login of [username, email]) if (login !== undefined) logins.set(login, id)
      if (externalId !== undefined) externals.set(externalId, id)
    }
    return 'saved'
  },
})

type Names = Pick<NewUser | UserChange, 'id' | 'username' | 'email' | 'externalId'>

function takenBy(
  { logins, externals }: Pick<MemoryStore, 'logins' | 'externals'>,
  all: readonly (NewUser | UserChange)[],
): Taken | undefined {
  const claims = { 'external-id-taken': new Map(externals), 'email-taken': new Map(logins), 'username-taken': new Map(logins) }
  const names = ({ externalId, email, username }: Names) =>
    [
      ['external-id-taken', externalId],
      ['email-taken', email],
      ['username-taken', username],
    ] as const
  for (const one of all)
    for (const [code, name] of names(one)) {
      if (name === undefined) continue
      const holder: UserId | undefined = claims[code].get(name)
      if (holder !== undefined && holder !== one.id) return code
      claims[code].set(name, one.id)
    }
  return undefined
}

const kept = <T>(change: T | null | undefined, old: T): T | undefined => (change === undefined ? old : (change ?? undefined))

function put(record: PersonRecord, change: UserChange): void {
  const { user } = record
  record.user = {
    ...user,
    name: change.name ?? user.name,
    username: change.username ?? user.username,
    email: change.email ?? user.email,
    avatarUrl: kept(change.avatarUrl, user.avatarUrl),
    kind: change.kind ?? user.kind,
    externalId: change.externalId ?? user.externalId,
    disabledAt: kept(change.disabledAt, user.disabledAt),
  }
  record.passwordHash = change.passwordHash ?? record.passwordHash
  record.tokensAfter = change.tokensAfter ?? record.tokensAfter
}
