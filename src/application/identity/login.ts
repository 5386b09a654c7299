import { Refusal } from '../../domain/refusal.ts'
import { normalLogin } from '../../domain/words.ts'
import type { ChatApi } from '../chat-api.ts'
import { networkOf } from '../network.ts'
import type { Ports } from '../ports/ports.ts'
import { beginSession, type SessionNeeds } from './begin-session.ts'
import { isPassword } from './password.ts'

export const login =
  (needs: SessionNeeds & Pick<Ports, 'people' | 'passwords' | 'asciiDomain'>): ChatApi['login'] =>
  async ({ address }, { login: name, password, deviceName }) => {
    const found = await needs.people.credentials(normalLogin(name, needs.asciiDomain))
    const isRight = await isPassword(needs, found?.passwordHash, { password, owner: networkOf(address) })
    if (!found || !isRight) throw new Refusal('bad-credentials')
    if (found.user.disabledAt !== undefined) throw new Refusal('person-disabled')
    return beginSession(needs, found.user, deviceName)
  }
