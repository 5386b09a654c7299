import { checkedPassword } from '../../domain/password.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { beginSession, type SessionNeeds } from './begin-session.ts'
import { resetCode } from './codes.ts'
import { endAll } from './end-sessions.ts'
import { namesOf } from './names-of.ts'
import { requireSecondFactor, type SecondFactorNeeds } from './second-factor.ts'

type Needs = SessionNeeds & SecondFactorNeeds & Pick<Ports, 'people' | 'passwords' | 'codes' | 'isCommonPassword'>

/** Sets a new password with a one-time code, ends all sessions and begins one. The code is used up last: what is refused can be repeated. */
export const resetPassword =
  (needs: Needs): ChatApi['resetPassword'] =>
  async (anonymous, { code, password, secondFactor, deviceName }) => {
    const { people, passwords } = needs
    const { userId, use } = await resetCode(needs, code)
    const user = await people.get(userId)
    if (!user) throw new Refusal('bad-code')
    if (user.disabledAt !== undefined) throw new Refusal('person-disabled')
    const form = checkedPassword(password, { ...needs, names: namesOf(user) })
    await requireSecondFactor(needs, user.id, { secondFactor, address: anonymous.address })
    const hash = await passwords.hash(form, userId)
    await use()
    await people.setPasswordHash(userId, hash)
    await endAll(needs, userId)
    return beginSession(needs, user, { anonymous, deviceName })
  }
