import { checkedEmail, checkedName, checkedUsername } from '../../domain/words.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { addUser } from './add-user.ts'
import { beginSession, type SessionNeeds } from './begin-session.ts'
import { checkedPassword } from './password.ts'

type Needs = SessionNeeds & Pick<Ports, 'people' | 'passwords' | 'random' | 'isCommonPassword'>

export const register =
  (needs: Needs): ChatApi['register'] =>
  async (_anonymous, { name, email, password, username, deviceName }) => {
    const wanted = {
      name: checkedName(name),
      email: checkedEmail(email),
      username: username === undefined ? undefined : checkedUsername(username),
      passwordHash: await needs.passwords.hash(checkedPassword(needs, password)),
    }
    return beginSession(needs, await addUser(needs, wanted), deviceName)
  }
