import { erase } from '../../domain/group.ts'
import type { ChatId, SessionId, UserId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { checkedName, checkedUsername } from '../../domain/words.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Passwords } from '../ports/passwords.ts'
import type { Ports } from '../ports/ports.ts'
import { checkedPassword } from './sign-in.ts'

type Needs = Pick<Ports, 'people' | 'sessions' | 'passwords' | 'clock' | 'isCommonPassword'>

/** Ends sessions in the store and tells everybody who trusts them. */
export type EndSessions = (userId: UserId, ids: readonly SessionId[], reason?: 'ended' | 'deleted') => Promise<void>

export const getMe =
  ({ people }: Needs): ChatApi['getMe'] =>
  async ({ userId }) => {
    const user = await people.get(userId)
    if (!user) throw new Refusal('session-ended')
    return user
  }

export const updateMe =
  (needs: Needs): ChatApi['updateMe'] =>
  async (caller, { name, username }) => {
    const change = {
      name: name === undefined ? undefined : checkedName(name),
      username: username === undefined ? undefined : checkedUsername(username),
    }
    if ((await needs.people.rename(caller.userId, change)) === 'username-taken') throw new Refusal('username-taken')
    return getMe(needs)(caller)
  }

export const logout =
  (end: EndSessions): ChatApi['logout'] =>
  ({ userId, sessionId }) =>
    end(userId, [sessionId])

export const changePassword =
  (needs: Needs, end: EndSessions): ChatApi['changePassword'] =>
  async (caller, { currentPassword, newPassword }) => {
    const { people, passwords } = needs
    checkedPassword(needs, newPassword, '/new_password')
    await requirePassword(passwords, await people.passwordHash(caller.userId), currentPassword)
    await people.setPasswordHash(caller.userId, await passwords.hash(newPassword))
    const others = (await listSessions(needs)(caller)).map(({ id }) => id).filter((id) => id !== caller.sessionId)
    await end(caller.userId, others)
  }

async function requirePassword(passwords: Passwords, hash: string | undefined, password: string): Promise<void> {
  if (!(await passwords.verify(hash, password))) throw new Refusal('bad-credentials')
}

export const listSessions =
  ({ sessions, clock }: Pick<Needs, 'sessions' | 'clock'>): ChatApi['listSessions'] =>
  ({ userId }) =>
    sessions.list(userId, clock())

export const endSession =
  ({ sessions, clock }: Needs, end: EndSessions): ChatApi['endSession'] =>
  async ({ userId }, sessionId) => {
    const session = await sessions.get(sessionId)
    if (session?.userId !== userId || session.endedAt !== undefined || session.expiresAt <= clock()) throw new Refusal('session-not-found')
    await end(userId, [sessionId])
  }

/**
 * Deletes a person. Who has no password, as guests have none, gives an empty one. What they wrote goes chat by chat; a deletion that was
 * interrupted is finished at the next start.
 */
export const deleteMe =
  (needs: Needs & Pick<Ports, 'log' | 'chats'>, end: EndSessions): ChatApi['deleteMe'] =>
  async (caller, { password }) => {
    const hash = await needs.people.passwordHash(caller.userId)
    if (hash !== undefined || password !== '') await requirePassword(needs.passwords, hash, password)
    await needs.people.erase(caller.userId, needs.clock())
    const all = await listSessions(needs)(caller)
    await end(
      caller.userId,
      all.map(({ id }) => id),
      'deleted',
    )
    await finishErasure(needs, caller.userId)
  }

export async function finishErasure(
  { log, chats, people, clock }: Pick<Ports, 'log' | 'chats' | 'people' | 'clock'>,
  userId: UserId,
): Promise<void> {
  for (let left = await chats.toErase(userId); left.length > 0; left = await chats.toErase(userId)) {
    await Promise.all(left.map(({ chatId, heir }) => eraseFrom({ log, clock }, chatId, { userId, heirId: heir })))
  }
  await people.erased(userId)
}

async function eraseFrom(
  { log, clock }: Pick<Ports, 'log' | 'clock'>,
  chat: ChatId,
  who: { readonly userId: UserId; readonly heirId: UserId | undefined },
): Promise<void> {
  const erasure = { ...who, at: clock() }
  for (let taken = 1; taken > 0; ) taken = await log.eraseTexts({ chatId: chat, userId: who.userId, at: erasure.at })
  await log.change({ chat, members: who.heirId ? [who.userId, who.heirId] : [who.userId] }, (state) => erase(state, erasure))
}
