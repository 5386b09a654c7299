import type { User } from '../../domain/identity.ts'
import type { UserId } from '../../domain/ids.ts'
import { checkedAvatar, checkedExternalId } from '../../domain/keys.ts'
import { invalid, Refusal } from '../../domain/refusal.ts'
import { checkedEmail, checkedName, checkedUsername, usernameFrom } from '../../domain/words.ts'
import type { ChatApi } from '../chat-api.ts'
import { numbered } from '../identity/add-user.ts'
import type { NewUser, UserChange } from '../ports/people.ts'
import type { Ports } from '../ports/ports.ts'
import type { ProvisionedUser, UserWanted } from '../provisioned.ts'

type Needs = Pick<Ports, 'people' | 'clock' | 'newId' | 'random' | 'asciiDomain'>

const TRIES = 40
/** From this try on, generated usernames have random digits; their number grows with the tries. */
const digitsFor = (attempt: number): number => Math.min(12, 4 + 2 * Math.floor(attempt / 8))

/** Adds and updates users by their external ids, all or none. */
export const provisionUsers =
  (needs: Needs): ChatApi['provisionUsers'] =>
  async (_caller, { users: given }) => {
    const users = given.map((user, i) => checked(needs, user, `/users/${i}`))
    const ids = users.map(({ externalId }) => externalId)
    const twice = ids.findIndex((id, i) => ids.indexOf(id) !== i)
    if (twice >= 0) throw invalid(`/users/${twice}/external_id`, 'is not the same as that of another')
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const known = await needs.people.external(ids)
      const added = users.filter(({ externalId }) => !known.has(externalId)).map((user) => newUser(needs, user, attempt))
      const changed = users.flatMap((user) => {
        const now = known.get(user.externalId)
        return now ? [change(needs, now, user)] : []
      })
      const disabled = added.flatMap(({ id, externalId }) =>
        users.some((user) => user.externalId === externalId && user.disabled) ? [{ id, disabledAt: needs.clock() }] : [],
      )
      const updates = [...changed, ...disabled].filter(says)
      const outcome = added.length + updates.length === 0 ? 'saved' : await needs.people.save(added, updates)
      if (outcome === 'saved') return results(needs, ids, { known, changed: new Set(changed.filter(says).map(({ id }) => id)) })
      const isGenerated = outcome === 'username-taken' && users.some((user) => user.username === undefined && !known.has(user.externalId))
      if (outcome !== 'external-id-taken' && !isGenerated) throw new Refusal(outcome)
    }
    throw new Refusal('username-taken')
  }

function checked({ asciiDomain }: Needs, user: UserWanted, pointer: string): UserWanted {
  try {
    return {
      ...user,
      externalId: checkedExternalId(user.externalId),
      name: checkedName(user.name),
      username: user.username === undefined ? undefined : checkedUsername(user.username),
      email: user.email === undefined ? undefined : checkedEmail(user.email, asciiDomain),
      avatarUrl: user.avatarUrl === undefined || user.avatarUrl === null ? user.avatarUrl : checkedAvatar(user.avatarUrl),
    }
  } catch (thrown) {
    if (!(thrown instanceof Refusal) || thrown.code !== 'invalid') throw thrown
    const { errors } = (thrown as Refusal<'invalid'>).facts
    throw new Refusal('invalid', { errors: errors.map((fault) => ({ ...fault, pointer: pointer + fault.pointer })) })
  }
}

function newUser({ newId, clock, random }: Needs, user: UserWanted, attempt: number): NewUser & { readonly externalId: string } {
  const base = usernameFrom(user.name)
  return {
    id: newId() as UserId,
    username: user.username ?? (attempt === 0 ? base : numbered(base, random, digitsFor(attempt))),
    name: user.name,
    email: user.email,
    passwordHash: undefined,
    createdAt: clock(),
    kind: user.kind ?? 'person',
    externalId: user.externalId,
    avatarUrl: user.avatarUrl ?? undefined,
  }
}

const differs = <T>(wanted: T | undefined, now: T | undefined): T | undefined => (wanted === now ? undefined : wanted)

function change({ clock }: Needs, now: User, wanted: UserWanted): UserChange {
  const isDisabled = now.disabledAt !== undefined
  return {
    id: now.id,
    name: differs(wanted.name, now.name),
    username: differs(wanted.username, now.username),
    email: differs(wanted.email, now.email),
    avatarUrl: wanted.avatarUrl === null ? (now.avatarUrl === undefined ? undefined : null) : differs(wanted.avatarUrl, now.avatarUrl),
    kind: differs(wanted.kind, now.kind === 'bot' ? 'bot' : 'person'),
    disabledAt: wanted.disabled === undefined || wanted.disabled === isDisabled ? undefined : wanted.disabled ? clock() : null,
  }
}

/** Whether a change changes anything. */
const says = (change: UserChange): boolean => Object.entries(change).some(([name, value]) => name !== 'id' && value !== undefined)

interface Before {
  readonly known: ReadonlyMap<string, User>
  readonly changed: ReadonlySet<UserId>
}

async function results({ people }: Needs, ids: readonly string[], { known, changed }: Before): Promise<readonly ProvisionedUser[]> {
  const now = await people.external(ids)
  return ids.flatMap((externalId) => {
    const user = now.get(externalId)
    const before = known.get(externalId)
    const result = before ? (changed.has(before.id) ? ('updated' as const) : ('same' as const)) : ('created' as const)
    return user ? [{ externalId, user, result }] : []
  })
}
