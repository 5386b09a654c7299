import { checkedPassword } from '../../domain/password.ts'
import { Refusal } from '../../domain/refusal.ts'
import { checkedEmail, checkedName, checkedUsername } from '../../domain/words.ts'
import type { ChatApi } from '../chat-api.ts'
import { networkOf } from '../network.ts'
import type { Ports } from '../ports/ports.ts'
import { addUser } from './add-user.ts'
import { beginSession, type SessionNeeds } from './begin-session.ts'
import type { Mailing } from './mailing.ts'

type Needs = SessionNeeds & Pick<Ports, 'people' | 'passwords' | 'random' | 'isCommonPassword' | 'asciiDomain'>

export const register =
  (needs: Needs, mailing: Mailing): ChatApi['register'] =>
  async (anonymous, { name, email, password, username, deviceName }) => {
    const address = checkedEmail(email, needs.asciiDomain)
    const wanted = {
      name: checkedName(name),
      ...(mailing.isOn ? { email: undefined, emailPending: address } : { email: address }),
      username: username === undefined ? undefined : checkedUsername(username),
      passwordHash: await needs.passwords.hash(
        checkedPassword(password, { ...needs, names: [name, username, ...email.split('@')] }),
        networkOf(anonymous.address),
      ),
    }
    if (mailing.isOn && (await needs.people.credentials(address))) throw new Refusal('email-taken')
    const user = await addUser(needs, wanted)
    if (mailing.isOn) await mailing.post('verify-email', { userId: user.id, address })
    return beginSession(needs, user, { anonymous, deviceName })
  }
