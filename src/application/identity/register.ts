import { checkedPassword } from '../../domain/password.ts'
import { checkedEmail, checkedName, checkedUsername } from '../../domain/words.ts'
import type { ChatApi } from '../chat-api.ts'
import { networkOf } from '../network.ts'
import type { Ports } from '../ports/ports.ts'
import { addUser } from './add-user.ts'
import { beginSession, type SessionNeeds } from './begin-session.ts'

type Needs = SessionNeeds & Pick<Ports, 'people' | 'passwords' | 'random' | 'isCommonPassword' | 'asciiDomain'>

export const register =
  (needs: Needs): ChatApi['register'] =>
  async ({ address }, { name, email, password, username, deviceName }) => {
    const wanted = {
      name: checkedName(name),
      email: checkedEmail(email, needs.asciiDomain),
      username: username === undefined ? undefined : checkedUsername(username),
      passwordHash: await needs.passwords.hash(
        checkedPassword(password, { ...needs, names: [name, username, ...email.split('@')] }),
        networkOf(address),
      ),
    }
    return beginSession(needs, await addUser(needs, wanted), deviceName)
  }
