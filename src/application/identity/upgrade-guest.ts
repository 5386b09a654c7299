import { checkedPassword } from '../../domain/password.ts'
import { Refusal } from '../../domain/refusal.ts'
import { checkedEmail, checkedUsername, cleanedName } from '../../domain/words.ts'
import type { Caller, ChatApi } from '../chat-api.ts'
import type { UserChange } from '../ports/people.ts'
import type { Ports } from '../ports/ports.ts'
import { beginSession, type SessionNeeds } from './begin-session.ts'
import { callerOf } from './get-me.ts'
import type { Mailing } from './mailing.ts'

type Needs = SessionNeeds & Pick<Ports, 'people' | 'accounts' | 'passwords' | 'issuers' | 'isCommonPassword' | 'asciiDomain'>

/** Makes a guest an account: with an email and a password, or with the account of an issuer. The id and the chats stay. */
export const upgradeGuest =
  (needs: Needs, mailing: Mailing): ChatApi['upgradeGuest'] =>
  async (caller, command) => {
    const guest = await callerOf(needs)(caller)
    if (guest.kind !== 'guest') throw new Refusal('person-exists')
    const isByToken = 'token' in command
    const { email, ...change } = isByToken ? await vouched(needs, command.token) : await chosen(needs, caller, command)
    const isToVerify = mailing.isOn && email !== undefined
    if (isToVerify && (await needs.people.credentials(email))) throw new Refusal('email-taken')
    await save(needs, { ...change, email: isToVerify ? undefined : email, id: guest.id, kind: 'person' })
    if (isToVerify) {
      await needs.accounts.setEmailPending(guest.id, email)
      await mailing.post('verify-email', { userId: guest.id, address: email })
    }
    const user = await callerOf(needs)(caller)
    return isByToken ? { user } : beginSession(needs, user, { anonymous: caller, deviceName: undefined })
  }

type Chosen = Exclude<Parameters<ChatApi['upgradeGuest']>[1], { readonly token: string }>

async function chosen(needs: Needs, { userId }: Caller, { email, password, username }: Chosen): Promise<Omit<UserChange, 'id'>> {
  const form = checkedPassword(password, { ...needs, names: [username, ...email.split('@')] })
  return {
    email: checkedEmail(email, needs.asciiDomain),
    username: username === undefined ? undefined : checkedUsername(username),
    passwordHash: await needs.passwords.hash(form, userId),
  }
}

async function vouched({ issuers, people }: Needs, token: string): Promise<Omit<UserChange, 'id'>> {
  const said = await issuers.verify(token)
  if (!said) throw new Refusal('unauthenticated')
  const { externalId, profile } = said
  if ((await people.external([externalId])).has(externalId)) throw new Refusal('person-exists')
  return { externalId, name: profile.name === undefined ? undefined : cleanedName(profile.name) }
}

async function save({ people }: Needs, change: UserChange): Promise<void> {
  const outcome = await people.save([], [change])
  if (outcome === 'external-id-taken') throw new Refusal('person-exists')
  if (outcome !== 'saved') throw new Refusal(outcome)
}
