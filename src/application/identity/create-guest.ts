import { Refusal } from '../../domain/refusal.ts'
import { checkedName } from '../../domain/words.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { addUser, digits } from './add-user.ts'
import { beginSession, type SessionNeeds } from './begin-session.ts'

export const createGuest =
  (needs: SessionNeeds & Pick<Ports, 'people' | 'random'>): ChatApi['createGuest'] =>
  async (anonymous, { name }) => {
    if (!needs.policy.guests) throw new Refusal('not-found')
    const wanted = {
      name: name === undefined ? `Guest ${digits(needs.random, 4)}` : checkedName(name),
      email: undefined,
      username: undefined,
      passwordHash: undefined,
      kind: 'guest' as const,
    }
    return beginSession(needs, await addUser(needs, wanted), { anonymous, deviceName: undefined })
  }
