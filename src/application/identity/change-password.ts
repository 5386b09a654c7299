import { checkedPassword } from '../../domain/password.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { type EndSessions, endAll } from './end-sessions.ts'
import { callerOf } from './get-me.ts'
import { requirePassword } from './password.ts'

type Needs = Pick<Ports, 'people' | 'sessions' | 'passwords' | 'clock' | 'isCommonPassword'>

/** Changes the password and ends all other sessions of the user. */
export const changePassword =
  (needs: Needs, end: EndSessions): ChatApi['changePassword'] =>
  async (caller, { currentPassword, newPassword }) => {
    const { people, passwords } = needs
    const { userId, sessionId } = caller
    const { name, username, email } = await callerOf(needs)(caller)
    const names = [name, username, ...(email ?? '').split('@')]
    const form = checkedPassword(newPassword, { ...needs, names, pointer: '/new_password' })
    await requirePassword(needs, userId, currentPassword)
    await people.setPasswordHash(userId, await passwords.hash(form, userId))
    await endAll({ ...needs, end }, userId, sessionId)
  }
