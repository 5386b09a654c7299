import { Refusal } from '../../domain/refusal.ts'
import { normalLogin } from '../../domain/words.ts'
import type { ChatApi } from '../chat-api.ts'
import { networkOf } from '../network.ts'
import type { Ports } from '../ports/ports.ts'
import { beginAnother, type SessionNeeds } from './begin-session.ts'
import { asGuess } from './guessing.ts'
import { isPassword } from './password.ts'
import { requireSecondFactor, type SecondFactorNeeds } from './second-factor.ts'

export const login =
  (needs: SessionNeeds & SecondFactorNeeds & Pick<Ports, 'people' | 'passwords' | 'asciiDomain'>): ChatApi['login'] =>
  async (anonymous, { login: name, password, secondFactor, deviceName }) => {
    const { address } = anonymous
    const form = normalLogin(name, needs.asciiDomain)
    const found = await needs.people.credentials(form)
    const check = () => isPassword(needs, found?.passwordHash, { password, owner: networkOf(address) })
    const isRight = await asGuess(needs, { userId: found?.user.id, login: form, address }, check)
    if (!found || !isRight) throw new Refusal('bad-credentials')
    if (found.user.disabledAt !== undefined) throw new Refusal('person-disabled')
    await requireSecondFactor(needs, found.user.id, { secondFactor, address })
    return beginAnother(needs, found.user, { anonymous, deviceName })
  }
