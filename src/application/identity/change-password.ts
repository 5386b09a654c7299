import { checkedPassword } from '../../domain/password.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { type EndSessions, endAll } from './end-sessions.ts'
import { callerOf } from './get-me.ts'
import { namesOf } from './names-of.ts'
import { type PasswordNeeds, requirePassword } from './password.ts'

type Needs = PasswordNeeds & Pick<Ports, 'sessions' | 'isCommonPassword'>

/** Changes the password and ends all other sessions of the user. */
export const changePassword =
  (needs: Needs, end: EndSessions): ChatApi['changePassword'] =>
  async (caller, { currentPassword, newPassword }) => {
    const { people, passwords } = needs
    const { userId, sessionId } = caller
    const names = namesOf(await callerOf(needs)(caller))
    const form = checkedPassword(newPassword, { ...needs, names, pointer: '/new_password' })
    await requirePassword(needs, caller, currentPassword)
    await people.setPasswordHash(userId, await passwords.hash(form, userId))
    await endAll({ ...needs, end }, userId, sessionId)
  }
