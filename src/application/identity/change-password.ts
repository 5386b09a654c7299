import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { type EndSessions, endAll } from './end-sessions.ts'
import { checkedPassword, requirePassword } from './password.ts'

type Needs = Pick<Ports, 'people' | 'sessions' | 'passwords' | 'clock' | 'isCommonPassword'>

/** Changes the password and ends all other sessions of the user. */
export const changePassword =
  (needs: Needs, end: EndSessions): ChatApi['changePassword'] =>
  async ({ userId, sessionId }, { currentPassword, newPassword }) => {
    const { people, passwords } = needs
    checkedPassword(needs, newPassword, '/new_password')
    await requirePassword(passwords, await people.passwordHash(userId), currentPassword)
    await people.setPasswordHash(userId, await passwords.hash(newPassword))
    await endAll({ ...needs, end }, userId, sessionId)
  }
