import { Refusal } from '../../domain/refusal.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { beginSession, type SessionNeeds } from './begin-session.ts'

export const login =
  (needs: SessionNeeds & Pick<Ports, 'people' | 'passwords'>): ChatApi['login'] =>
  async (_anonymous, { login: name, password, deviceName }) => {
    const found = await needs.people.credentials(name.trim().toLowerCase())
    const isRight = await needs.passwords.verify(found?.passwordHash, password)
    if (!found || !isRight) throw new Refusal('bad-credentials')
    return beginSession(needs, found.user, deviceName)
  }
