import { type User, unnamed } from '../../domain/identity.ts'
import type { UserId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { USERNAME_MAX, usernameFrom } from '../../domain/words.ts'
import type { NewUser } from '../ports/people.ts'
import type { Ports } from '../ports/ports.ts'

type Needs = Pick<Ports, 'people' | 'clock' | 'newId' | 'random'>
export type Wanted = Pick<NewUser, 'name' | 'email' | 'emailPending' | 'passwordHash' | 'kind' | 'avatarUrl' | 'externalId'> & {
  /** Made from the name where it is undefined. */
  readonly username: string | undefined
  readonly id?: UserId | undefined
}

/** Usernames tried per number of digits: 20 collisions in a row mean that most numbers of this length are taken. */
const TRIES = 20
const DIGITS = [4, 6, 8, 10, 12] as const

/**
 * Adds a user; under an id that is in use, returns its user. A username that the user did not choose is the name's letters, with a random number after it if they are taken; the number
 * becomes longer as tries fail. Refuses with `username-taken` after a bounded number of tries.
 */
export async function addUser(needs: Needs, wanted: Wanted): Promise<User> {
  const base = usernameFrom(wanted.name)
  const { id = needs.newId() as UserId, ...rest } = wanted
  for (const username of wanted.username === undefined ? candidates(needs, base) : [wanted.username]) {
    const user = { ...rest, username, id, createdAt: needs.clock() }
    const outcome = await needs.people.add(user)
    if (outcome === 'added') return addedOf(user)
    if (outcome === 'id-taken') return existing(needs, id)
    if (outcome === 'external-id-taken') return sameExternal(needs, rest.externalId!)
    if (outcome === 'email-taken' || wanted.username !== undefined) throw new Refusal(outcome)
  }
  throw new Refusal('username-taken')
}

const addedOf = ({ passwordHash: _hash, ...user }: NewUser): User => ({
  ...unnamed(user.id),
  ...user,
  kind: user.kind ?? 'person',
  externalId: user.externalId,
  avatarUrl: user.avatarUrl,
  emailPending: user.emailPending,
  disabledAt: undefined,
  isAdmin: false,
})

/** The user whom another call has just added. */
async function sameExternal({ people }: Pick<Ports, 'people'>, externalId: string): Promise<User> {
  const user = (await people.external([externalId])).get(externalId)
  if (!user) throw new Refusal('overloaded')
  return user
}

/** The user of an id that is in use; refuses with `user-not-found` if that user was deleted. */
async function existing({ people }: Pick<Ports, 'people'>, id: UserId): Promise<User> {
  const user = await people.get(id)
  if (!user) throw new Refusal('user-not-found', { userIds: [id] })
  return user
}

function* candidates({ random }: Pick<Ports, 'random'>, base: string): Generator<string> {
  yield base
  for (const count of DIGITS) for (let tries = 0; tries < TRIES; tries++) yield numbered(base, random, count)
}

/** A username with a random number of so many digits. */
export const numbered = (base: string, random: () => number, count: number): string =>
  `${base.slice(0, USERNAME_MAX - 1 - count)}-${digits(random, count)}`

export const digits = (random: () => number, count: number): string => String(Math.floor(random() * 10 ** count)).padStart(count, '0')
