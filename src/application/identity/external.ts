import { fileOfAvatar } from '../../domain/avatar.ts'
import type { User } from '../../domain/identity.ts'
import type { Duration, UserId } from '../../domain/ids.ts'
import { checkedAvatar, checkedExternalId } from '../../domain/keys.ts'
import { isRefusal } from '../../domain/refusal.ts'
import { checkedEmail, checkedUsername, cleanedName } from '../../domain/words.ts'
import { keeping } from '../kept.ts'
import type { Profile } from '../ports/issuers.ts'
import type { UserChange } from '../ports/people.ts'
import type { Ports } from '../ports/ports.ts'
import { addUser } from './add-user.ts'

type Needs = Pick<Ports, 'people' | 'clock' | 'newId' | 'random' | 'asciiDomain'>

/** How long the user of an external id is remembered: what is looked up again then is deletion. */
const REMEMBERED: Duration = 4_000
/** A profile is compared with the stored one no more often than this. */
const UPDATED_EVERY: Duration = 60_000

/** The users of other systems. */
export interface ExternalUsers {
  /** Returns the user that another system names. The first time, the user is added; later the profile is brought up to date. */
  userOf(externalId: string, profile: Profile): Promise<UserId>
  /** Looks the user up again the next time. */
  forget(externalId: string): void
}

export function externalUsers(needs: Needs): ExternalUsers {
  const { people, clock } = needs
  const known = keeping<UserId>(clock, REMEMBERED)
  const updated = keeping<true>(clock, UPDATED_EVERY)

  async function found(externalId: string, profile: Profile): Promise<User> {
    const user = (await people.external([externalId])).get(externalId)
    if (user && updated.get(externalId)) return user
    if (user) await update(needs, user, profile)
    // Not each time: then a user who comes more often than that would never be compared.
    updated.set(externalId, true)
    return user ?? added(needs, externalId, profile)
  }

  return {
    async userOf(externalId, given) {
      const id = known.get(externalId)
      if (id !== undefined && updated.get(externalId)) return id
      const user = await found(checkedExternalId(externalId), sound(needs, given))
      known.set(externalId, user.id)
      return user.id
    },
    forget(externalId) {
      known.forget(externalId)
      updated.forget(externalId)
    },
  }
}

/** However many add the same user at once, there is one; the others get that one. */
async function added(needs: Needs, externalId: string, profile: Profile): Promise<User> {
  const { name = profile.username ?? 'User', username, email, avatarUrl } = profile
  const wanted = { externalId, name, username, email, avatarUrl, passwordHash: undefined }
  try {
    return await addUser(needs, wanted)
  } catch (thrown) {
    // An address joins no two users, and a name that is taken is not worth refusing the user.
    if (isRefusal(thrown, 'email-taken')) return added(needs, externalId, { ...profile, email: undefined })
    if (isRefusal(thrown, 'username-taken') && username !== undefined)
      return added(needs, externalId, { ...profile, name, username: undefined })
    throw thrown
  }
}

async function update({ people }: Needs, user: User, { name, email, avatarUrl }: Profile): Promise<void> {
  const change: UserChange = {
    id: user.id,
    name: name === user.name ? undefined : name,
    email: email === user.email ? undefined : email,
    avatarUrl: avatarUrl === user.avatarUrl || fileOfAvatar(user.avatarUrl) ? undefined : avatarUrl,
  }
  if (Object.values(change).filter((value) => value !== undefined).length === 1) return
  if ((await people.save([], [change])) === 'email-taken') await people.save([], [{ ...change, email: undefined }])
}

/** What of a profile can be stored. The rest is left out: nobody can correct it here. */
function sound({ asciiDomain }: Pick<Ports, 'asciiDomain'>, { name, username, email, avatarUrl }: Profile): Profile {
  return {
    name: name === undefined ? undefined : cleanedName(name),
    username: perhaps(username, checkedUsername),
    email: perhaps(email, (given) => checkedEmail(given, asciiDomain)),
    avatarUrl: perhaps(avatarUrl, checkedAvatar),
  }
}

function perhaps(given: string | undefined, check: (given: string) => string): string | undefined {
  try {
    return given === undefined ? undefined : check(given)
  } catch {
    return undefined
  }
}
